// Logins and registrations in a process of its own: node latchkey-logins.ts sqlite:…
import { createAuth } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { hash } from '@node-rs/argon2'
import { benchOptions, PASSWORD } from '../accounts.ts'
import { obey } from './login-program.ts'

const ACCOUNTS = 100

const store = sqlStore({ url: process.argv[2] ?? '' })
await store.migrate()
const { passwords: _weak, ...options } = benchOptions({ store })
// As many wait as there are clients, and nobody reads what is sent.
const auth = createAuth({ ...options, mailer: () => {} })
const emails = Array.from({ length: ACCOUNTS }, (_, n) => `user-${n}@example.com`)
for (const email of emails) await auth.createUser({ email, password: PASSWORD })

let calls = 0
obey({
  hash: () => hash(PASSWORD),
  login() {
    calls += 1
    return auth.login({ identifier: emails[calls % ACCOUNTS] ?? '', password: PASSWORD })
  },
  register() {
    calls += 1
    return auth.register({ email: `new-${calls}@example.com`, password: PASSWORD })
  },
})

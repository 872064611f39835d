// Logins and registrations in a process of its own: node better-auth-logins.mjs sqlite:…
import { hashPassword } from 'better-auth/crypto'
import { obey } from '../src/logins/login-program.ts'
import { createBetterAuth, PASSWORD } from './better-auth-setup.mjs'

const ACCOUNTS = 100

const { auth } = await createBetterAuth({ database: process.argv[2] })
const emails = Array.from({ length: ACCOUNTS }, (_, n) => `user-${n}@example.com`)
for (const email of emails) {
  await auth.api.signUpEmail({ body: { name: 'Ada', email, password: PASSWORD } })
}

let calls = 0
obey({
  hash: () => hashPassword(PASSWORD),
  login() {
    calls += 1
    const email = emails[calls % ACCOUNTS]
    return auth.api.signInEmail({ body: { email, password: PASSWORD } })
  },
  register() {
    calls += 1
    const email = `new-${calls}@example.com`
    return auth.api.signUpEmail({ body: { name: 'Ada', email, password: PASSWORD } })
  },
})

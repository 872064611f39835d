import { registerHooks } from 'node:module'
import { AuthError, createAuth } from '@latchkey/core'
import { weakPasswords } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'

// An application that has not installed the optional package, in which a user with a hash of bcrypt logs in.
registerHooks({
  resolve(specifier, context, next) {
    const absent = specifier === '@node-rs/bcrypt'
    return next(absent ? '@node-rs/a-package-that-nobody-installed' : specifier, context)
  },
})

const { PASSWORD = '', HASH = '' } = process.env
const store = memoryStore()
const auth = createAuth({
  secret: 'a-secret-for-tests-0123456789-abcdefghijk',
  store,
  origin: 'https://app.example',
  mailer: () => {},
  passwords: weakPasswords,
  maintenance: false,
})
auth.on('*', ({ type }) => void process.stdout.write(`event: ${type}\n`))
const { id } = await auth.createUser({ email: 'ada@example.com', password: PASSWORD })
const user = await store.users.find(id)
if (user === null) throw new Error('the user is not there')
process.stdout.write(`login with argon2id: ${await login()}\n`)
await store.users.update(id, user.version, { passwordHash: HASH })
process.stdout.write(`login: ${await login()}\n`)
await auth.close()

async function login(): Promise<string> {
  try {
    await auth.login({ identifier: 'ada@example.com', password: PASSWORD })
    return 'ok'
  } catch (error) {
    if (error instanceof AuthError) return error.code
    throw error
  }
}

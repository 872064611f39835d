import { registerHooks } from 'node:module'
import { ConfigurationError, createAuth } from '@latchkey/core'
import { weakPasswords } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'

// An application that has not installed the optional package: first with accounts that need none, then with phones.
registerHooks({
  resolve(specifier, context, next) {
    const absent = specifier.startsWith('libphonenumber-js')
    return next(absent ? 'a-package-that-nobody-installed' : specifier, context)
  },
})

const options = {
  secret: 'a-secret-for-tests-0123456789-abcdefghijk',
  store: memoryStore(),
  origin: 'https://app.example',
  mailer: () => {},
  sms: () => {},
  passwords: weakPasswords,
  maintenance: false,
}

const auth = createAuth({ ...options, identifiers: ['email', 'username'] })
const user = { email: 'ada@example.org', username: 'ada', password: 'correct horse battery' }
await auth.createUser(user)
const login = await auth
  .login({ identifier: '+12025550100', password: user.password })
  .catch(String)
process.stdout.write(`login: ${login}\n`)
await auth.close()

try {
  createAuth({ ...options, identifiers: ['email', 'phone'] })
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error
  process.stdout.write(`${error.option}: ${error.message}\n`)
}

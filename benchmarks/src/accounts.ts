import { type Auth, type AuthOptions, createAuth, type ShownTokens } from '@latchkey/core'
import { createOutbox, weakPasswords } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'

export const PASSWORD = 'correct horse battery'

/** An auth on a memory store, with passwords that cost next to nothing. */
export function createBenchAuth(options: Partial<AuthOptions> = {}): Auth {
  return createAuth(benchOptions(options))
}

/** The options of {@link createBenchAuth}, for whoever needs more of core than its functions. */
export function benchOptions(options: Partial<AuthOptions> = {}): AuthOptions {
  return {
    secret: 'a-secret-for-benchmarks-0123456789-abcdefghijk',
    store: memoryStore(),
    origin: 'https://app.example',
    mailer: createOutbox().send,
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    ...options,
  }
}

/** Makes so many accounts and logs each in. */
export async function logInMany(auth: Auth, howMany: number): Promise<ShownTokens[]> {
  const logins: ShownTokens[] = []
  for (let number = 0; number < howMany; number += 1) {
    const email = `user-${number}@example.com`
    await auth.createUser({ email, password: PASSWORD })
    logins.push(await auth.login({ identifier: email, password: PASSWORD }))
  }
  return logins
}

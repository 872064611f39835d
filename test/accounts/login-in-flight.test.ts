import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { NEW_PASSWORD, requestReset } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'

type Account = Awaited<ReturnType<typeof accountOf>>

const changes: Readonly<Record<string, (setup: Setup, account: Account) => Promise<unknown>>> = {
  'a change of the password': async ({ auth }, { session }) => {
    const principal = await auth.authenticate(session.accessToken)
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    return auth.changePassword(principal, input)
  },
  'a reset of the password': async (setup, { email }) => {
    const { token } = await requestReset(setup, email)
    return setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
  },
}

describe('a login whose password was checked before', () => {
  for (const [name, change] of Object.entries(changes)) {
    it(`S080 ${name} gets a session that never works`, async () => {
      const store = memoryStore()
      const { insert } = store.sessions
      const reached = Promise.withResolvers<void>()
      const changed = Promise.withResolvers<void>()
      let holdsNext = false
      store.sessions.insert = async (session) => {
        if (holdsNext) {
          holdsNext = false
          reached.resolve()
          await changed.promise
        }
        await insert.call(store.sessions, session)
      }
      const setup = setUp({ store })
      const account = await accountOf(setup)
      holdsNext = true
      const login = setup.auth.login({ identifier: account.email, password: PASSWORD })
      await reached.promise
      await change(setup, account)
      changed.resolve()
      const { accessToken, refreshToken } = await login
      await expect(setup.auth.authenticate(accessToken)).rejects.toThrow('invalid_token')
      await expect(setup.auth.refresh({ refreshToken })).rejects.toThrow('invalid_token')
    })
  }
})

import { describe, expect, it } from 'vitest'
import { PASSWORD, type Setup, tokenIn } from '../support/setup.ts'
import {
  ADA,
  answerOf,
  type CrashCase,
  crashEverywhere,
  expectLogin,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  newestActivation,
  recordOf,
} from './crash.ts'

/** The application makes Ada's account; a stranger may have registered her address. */
function creation(registered: boolean): CrashCase<string> {
  const create = ({ auth }: Setup) => auth.createUser({ email: ADA, password: PASSWORD })
  return {
    async prepare(setup) {
      if (!registered) return ''
      await setup.auth.register({ email: ADA, password: INTRUDERS_PASSWORD })
      return tokenIn((await newestActivation(setup))?.link)
    },
    flow: create,
    async goOn(setup) {
      const answer = await answerOf(create(setup))
      await expectLogin(setup, PASSWORD)
      return answer
    },
    async intrude(setup, token) {
      const user = await recordOf(setup)
      if (user?.status === 'active') {
        expect(await answerOf(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
      }
      await expectNoLogin(setup, INTRUDERS_PASSWORD)
    },
  }
}

describe('S103 a store that fails while the application makes an account', () => {
  it.each(['before', 'after'] as const)('of a new address, %s the verb', async (moment) => {
    expect(await crashEverywhere(moment, creation(false))).toEqual([
      `users.insert: unavailable, then ${moment === 'before' ? 'done' : 'email_taken'}`,
      'events.append: done, then email_taken',
    ])
  })

  it.each(['before', 'after'] as const)('of one that waits, %s the verb', async (moment) => {
    expect(await crashEverywhere(moment, creation(true))).toEqual([
      'users.insert: unavailable, then done',
      'users.findByIdentifier: unavailable, then done',
      'users.find: unavailable, then done',
      `users.update: unavailable, then ${moment === 'before' ? 'done' : 'email_taken'}`,
      'events.append: done, then email_taken',
    ])
  })
})

import type { ShownTokens } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { accountOf, PASSWORD, type Setup } from '../support/setup.ts'
import {
  answerOf,
  type CrashCase,
  crashEverywhere,
  expectLogin,
  expectNoLogin,
  INTRUDERS_PASSWORD,
} from './crash.ts'

/** The tokens of one session, the oldest first. */
type World = readonly ShownTokens[]

const moments = ['before', 'after'] as const
const HOUR = 3600

async function intrude(setup: Setup): Promise<void> {
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
}

/** Logs in and refreshes so many times, without a client that shows an access token. */
function refreshed(times: number) {
  return async (setup: Setup): Promise<World> => {
    const tokens: ShownTokens[] = [(await accountOf(setup)).session]
    for (let done = 0; done < times; done += 1) {
      const { refreshToken } = tokens.at(-1) ?? { refreshToken: '' }
      tokens.push(await setup.auth.refresh({ refreshToken }))
    }
    return tokens
  }
}

/** Shows the oldest token. */
function refreshOldest({ auth }: Setup, tokens: World): Promise<ShownTokens> {
  return auth.refresh({ refreshToken: tokens[0]?.refreshToken ?? '' })
}

/** Shows the same token again, at once or an hour later, and uses what comes. */
function trying(later: number): Pick<CrashCase<World>, 'flow' | 'goOn' | 'intrude'> {
  return {
    flow: refreshOldest,
    async goOn(setup, tokens) {
      setup.clock.advance(later)
      const next = await refreshOldest(setup, tokens)
      await setup.auth.authenticate(next.accessToken)
      await setup.auth.refresh({ refreshToken: next.refreshToken })
      return 'the same token'
    },
    intrude,
  }
}

describe('S057 S103 a store that fails while a session is refreshed', () => {
  it.each(moments.flatMap((moment) => [0, HOUR].map((later) => [moment, later] as const)))(
    'rotation, %s the verb: the same token goes on %i s later',
    async (moment, later) => {
      const lines = await crashEverywhere(moment, { prepare: refreshed(0), ...trying(later) })
      expect(lines).toEqual([
        'sessions.find: unavailable, then the same token',
        'sessions.rotate: unavailable, then the same token',
      ])
    },
  )

  it.each(moments)('replay, %s the verb: the same token goes on', async (moment) => {
    const lines = await crashEverywhere(moment, { prepare: refreshed(1), ...trying(0) })
    expect(lines).toEqual(['sessions.find: unavailable, then the same token'])
  })

  it.each(moments.flatMap((moment) => [0, HOUR].map((later) => [moment, later] as const)))(
    'recovery, %s the verb: the same token goes on %i s later',
    async (moment, later) => {
      const lines = await crashEverywhere(moment, {
        ...trying(later),
        async prepare(setup) {
          const tokens = await refreshed(1)(setup)
          setup.clock.advance(HOUR)
          return tokens
        },
      })
      expect(lines).toEqual([
        'sessions.find: unavailable, then the same token',
        'sessions.rotate: unavailable, then the same token',
        'events.append: done, then the same token',
      ])
    },
  )

  it.each(moments)(
    'S058 reuse, %s the verb: showing it again ends the session, and it never gives a token',
    async (moment) => {
      const lines = await crashEverywhere(moment, {
        async prepare(setup) {
          const tokens = await refreshed(2)(setup)
          setup.clock.advance(HOUR)
          return tokens
        },
        flow: async (setup, tokens) => {
          const answer = await refreshOldest(setup, tokens).catch((error) => {
            if (error.code !== 'invalid_token') throw error
          })
          expect(answer).toBeUndefined()
        },
        async goOn(setup, tokens) {
          expect(await answerOf(refreshOldest(setup, tokens))).toBe('invalid_token')
          for (const { refreshToken } of tokens) {
            expect(await answerOf(setup.auth.refresh({ refreshToken }))).toBe('invalid_token')
          }
          await expectLogin(setup, PASSWORD)
          return 'the owner logs in'
        },
        intrude,
      })
      expect(lines).toEqual([
        'sessions.find: unavailable, then the owner logs in',
        'sessions.revoke: unavailable, then the owner logs in',
        'events.append: done, then the owner logs in',
      ])
    },
  )
})

import type { ShownTokens } from '../../shown.ts'
import { expectEqual } from '../assertions.ts'
import {
  answerOf,
  expectAnswer,
  expectLogin,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  loginOf,
  PASSWORD,
  registered,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import type { Setup } from './set-up.ts'
import { testGroup } from './test-case.ts'

/** The tokens of one session, the oldest first. */
type World = readonly ShownTokens[]

const HOUR = 3600
const LATER = [0, HOUR]

async function intrude(setup: Setup): Promise<void> {
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
}

/** Logs in and refreshes so many times, without a client that shows an access token. Then so many seconds pass. */
function refreshed(times: number, idle = 0) {
  return async (setup: Setup): Promise<World> => {
    const { token } = await registered(setup)
    await setup.auth.activate({ token })
    const tokens: ShownTokens[] = [await loginOf(setup)]
    for (let done = 0; done < times; done += 1) {
      const { refreshToken } = tokens.at(-1) ?? { refreshToken: '' }
      tokens.push(await setup.auth.refresh({ refreshToken }))
    }
    setup.clock.advance(idle)
    return tokens
  }
}

/** Shows the oldest token. */
function refreshOldest({ auth }: Setup, tokens: World): Promise<ShownTokens> {
  return auth.refresh({ refreshToken: tokens[0]?.refreshToken ?? '' })
}

/** Shows the same token again, at once or later, and uses what comes. */
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

const reuse: CrashCase<World> = {
  prepare: refreshed(2, HOUR),
  async flow(setup, tokens) {
    const answer = await refreshOldest(setup, tokens).catch((error) => {
      if (error.code !== 'invalid_token') throw error
    })
    expectEqual(answer, undefined, 'what a token gets that was spent two generations ago')
  },
  async goOn(setup, tokens) {
    await expectAnswer(refreshOldest(setup, tokens), 'invalid_token', 'the oldest token')
    for (const { refreshToken } of tokens) {
      expectEqual(await answerOf(setup.auth.refresh({ refreshToken })), 'invalid_token', 'each')
    }
    await expectLogin(setup, PASSWORD)
    return 'the owner logs in'
  },
  intrude,
}

export const refreshCrashes = [
  testGroup('S057 S103 a store that fails while a session is refreshed', [
    ...LATER.flatMap((later) =>
      MOMENTS.map((moment) =>
        crashTest(
          `rotation, ${moment} the verb: the same token goes on ${later} s later`,
          moment,
          { prepare: refreshed(0), ...trying(later) },
          [
            'sessions.find: unavailable, then the same token',
            'sessions.rotate: unavailable, then the same token',
          ],
        ),
      ),
    ),

    ...MOMENTS.map((moment) =>
      crashTest(
        `replay, ${moment} the verb: the same token goes on`,
        moment,
        { prepare: refreshed(1), ...trying(0) },
        ['sessions.find: unavailable, then the same token'],
      ),
    ),

    ...LATER.flatMap((later) =>
      MOMENTS.map((moment) =>
        crashTest(
          `recovery, ${moment} the verb: the same token goes on ${later} s later`,
          moment,
          { prepare: refreshed(1, HOUR), ...trying(later) },
          [
            'sessions.find: unavailable, then the same token',
            'sessions.rotate: unavailable, then the same token',
            'events.append: done, then the same token',
          ],
        ),
      ),
    ),

    ...MOMENTS.map((moment) =>
      crashTest(
        `S058 reuse, ${moment} the verb: showing it again ends the session, and it never gives a token`,
        moment,
        reuse,
        [
          'sessions.find: unavailable, then the owner logs in',
          'sessions.revoke: unavailable, then the owner logs in',
          'events.append: done, then the owner logs in',
        ],
      ),
    ),
  ]),
]

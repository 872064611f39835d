import type { Auth } from '../../auth.ts'
import type { Principal } from '../../principal.ts'
import type { StartedSession } from '../../shown.ts'
import { expectEqual } from '../assertions.ts'
import {
  accountOf,
  answerOf,
  expectAlive,
  expectLogin,
  expectNoLogin,
  expectOver,
  INTRUDERS_PASSWORD,
  loginOf,
  PASSWORD,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import type { Setup } from './set-up.ts'
import { testGroup } from './test-case.ts'

/** Ada's account with two sessions. */
interface World {
  readonly principal: Principal
  readonly first: StartedSession
  readonly second: StartedSession
}

async function prepare(setup: Setup): Promise<World> {
  const { session: first, principal } = await accountOf(setup)
  return { first, principal, second: await loginOf(setup) }
}

async function intrude(setup: Setup): Promise<void> {
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
}

/** A flow that is done again until it is done, and can be seen to be. */
function repeated(
  flow: (auth: Auth, world: World) => Promise<unknown>,
  check: (setup: Setup, world: World) => Promise<void>,
): CrashCase<World> {
  return {
    prepare,
    intrude,
    flow: ({ auth }, world) => flow(auth, world),
    async goOn(setup, world) {
      const answer = await answerOf(flow(setup.auth, world))
      await check(setup, world)
      return answer
    },
  }
}

/** Asserts which of the two sessions is over, and that the other is not. */
function over(which: 'first' | 'second') {
  return async (setup: Setup, world: World): Promise<void> => {
    const other = which === 'first' ? 'second' : 'first'
    await expectOver(setup, world[which], `the ${which} session`)
    await expectAlive(setup, world[other], `the ${other} session`)
  }
}

const login: CrashCase<void> = {
  prepare: async (setup) => void (await accountOf(setup)),
  flow: (setup) => loginOf(setup),
  async goOn(setup) {
    await expectLogin(setup, PASSWORD)
    return 'logging in'
  },
  intrude,
}

const wrongLogin: CrashCase<void> = {
  ...login,
  flow: (setup) =>
    loginOf(setup, INTRUDERS_PASSWORD).catch((error) => {
      if (error.code !== 'invalid_credentials') throw error
    }),
  async goOn(setup) {
    await expectLogin(setup, PASSWORD)
    return 'the owner logs in'
  },
}

const logout = repeated((auth, { first }) => auth.logout(first.refreshToken), over('first'))
const revoke = repeated(
  (auth, { first }) => auth.revoke({ token: first.accessToken }),
  over('first'),
)
const endOne = repeated(
  (auth, { principal, second }) => auth.endSession(principal, second.sessionId),
  over('second'),
)
const endOthers = repeated(
  (auth, { principal }) => auth.endOtherSessions(principal),
  over('second'),
)

const authenticate = repeated(
  (auth, { second }) => auth.authenticate(second.accessToken),
  (setup, { second }) => expectAlive(setup, second, 'the session'),
)
const load = repeated(
  (auth, { principal }) => auth.loadUser(principal),
  async ({ auth, ada }, { principal }) => {
    expectEqual((await auth.loadUser(principal)).email, ada.email, 'the address')
  },
)
const list = repeated(
  (auth, { principal }) => auth.listSessions(principal),
  async ({ auth }, { principal }) => {
    expectEqual((await auth.listSessions(principal)).length, 2, 'the number of sessions')
  },
)

const loggingIn = testGroup('S103 a store that fails while somebody logs in', [
  ...MOMENTS.map((moment) =>
    crashTest(`${moment} the verb: logging in again goes on`, moment, login, [
      'users.countFailedLogin: unavailable, then logging in',
      'users.clearFailedLogins: unavailable, then logging in',
      'sessions.insert: unavailable, then logging in',
      'sessions.evictBeyond: done, then logging in',
      'events.append: done, then logging in',
    ]),
  ),

  ...MOMENTS.map((moment) =>
    crashTest(`${moment} the verb: a wrong password stays wrong`, moment, wrongLogin, [
      'users.countFailedLogin: unavailable, then the owner logs in',
      'oneTimeTokens.list: unavailable, then the owner logs in',
      'events.append: done, then the owner logs in',
    ]),
  ),
])

const ended = [
  'sessions.find: unavailable, then done',
  'sessions.revoke: unavailable, then done',
  'events.append: done, then done',
]

const ending = testGroup('S103 a store that fails while a session ends', [
  ...MOMENTS.map((moment) => crashTest(`logout, ${moment} the verb`, moment, logout, ended)),

  ...MOMENTS.map((moment) => crashTest(`revoke, ${moment} the verb`, moment, revoke, ended)),

  ...MOMENTS.map((moment) =>
    crashTest(`one of the own, ${moment} the verb`, moment, endOne, [
      'sessions.find: unavailable, then done',
      `sessions.revoke: unavailable, then ${moment === 'before' ? 'done' : 'not_found'}`,
      'events.append: done, then not_found',
    ]),
  ),

  ...MOMENTS.map((moment) =>
    crashTest(`all others, ${moment} the verb`, moment, endOthers, [
      'sessions.revokeAll: unavailable, then done',
      'events.append: done, then done',
    ]),
  ),
])

const asking = testGroup('S103 a store that fails while somebody asks who they are', [
  ...MOMENTS.map((moment) =>
    crashTest(`authenticate, ${moment} the verb`, moment, authenticate, [
      'sessions.confirm: unavailable, then done',
    ]),
  ),

  ...MOMENTS.map((moment) =>
    crashTest(`the own record, ${moment} the verb`, moment, load, [
      'users.find: unavailable, then done',
    ]),
  ),

  ...MOMENTS.map((moment) =>
    crashTest(`the own sessions, ${moment} the verb`, moment, list, [
      'sessions.listByUser: unavailable, then done',
    ]),
  ),
])

export const sessionCrashes = [loggingIn, ending, asking]

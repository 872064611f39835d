import type { Auth, Principal, StartedSession } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { accountOf, PASSWORD, type Setup } from '../support/setup.ts'
import {
  ADA,
  answerOf,
  type CrashCase,
  crashEverywhere,
  expectLogin,
  expectNoLogin,
  INTRUDERS_PASSWORD,
} from './crash.ts'

/** Ada's account with two sessions. The refresh token of the first was used once. */
interface World {
  readonly principal: Principal
  readonly first: StartedSession
  readonly second: StartedSession
}

const moments = ['before', 'after'] as const

async function prepare(setup: Setup): Promise<World> {
  const { session: first } = await accountOf(setup)
  const second = await setup.auth.login({ identifier: ADA, password: PASSWORD })
  return { first, second, principal: await setup.auth.authenticate(first.accessToken) }
}

async function intrude(setup: Setup): Promise<void> {
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
}

/** A flow that is done again until it is done, and can be seen to be. */
function repeated(
  flow: (auth: Auth, world: World) => Promise<unknown>,
  check: (auth: Auth, world: World) => Promise<void>,
): CrashCase<World> {
  return {
    prepare,
    intrude,
    flow: ({ auth }, world) => flow(auth, world),
    async goOn({ auth }, world) {
      const answer = await answerOf(flow(auth, world))
      await check(auth, world)
      return answer
    },
  }
}

async function expectOver(auth: Auth, session: StartedSession): Promise<void> {
  expect(await answerOf(auth.authenticate(session.accessToken))).toBe('invalid_token')
  const { refreshToken } = session
  expect(await answerOf(auth.refresh({ refreshToken }))).toBe('invalid_token')
}

async function expectAlive(auth: Auth, { accessToken }: StartedSession): Promise<void> {
  expect(await answerOf(auth.authenticate(accessToken))).toBe('done')
}

describe('S103 a store that fails while somebody logs in', () => {
  it.each(moments)('%s the verb: logging in again goes on', async (moment) => {
    const lines = await crashEverywhere(moment, {
      prepare: async (setup) => void (await accountOf(setup)),
      flow: ({ auth }) => auth.login({ identifier: ADA, password: PASSWORD }),
      async goOn(setup) {
        await expectLogin(setup, PASSWORD)
        return 'logging in'
      },
      intrude,
    })
    expect([...lines].sort()).toEqual([
      'events.append: done, then logging in',
      'sessions.evictBeyond: done, then logging in',
      'sessions.insert: unavailable, then logging in',
      'users.clearFailedLogins: unavailable, then logging in',
      'users.countFailedLogin: unavailable, then logging in',
    ])
  })

  it.each(moments)('%s the verb: a wrong password stays wrong', async (moment) => {
    const lines = await crashEverywhere(moment, {
      prepare: async (setup) => void (await accountOf(setup)),
      flow: ({ auth }) =>
        auth.login({ identifier: ADA, password: INTRUDERS_PASSWORD }).catch((error) => {
          if (error.code !== 'invalid_credentials') throw error
        }),
      async goOn(setup) {
        await expectLogin(setup, PASSWORD)
        return 'the owner logs in'
      },
      intrude,
    })
    expect(lines).toEqual([
      'users.countFailedLogin: unavailable, then the owner logs in',
      'oneTimeTokens.list: unavailable, then the owner logs in',
      'events.append: done, then the owner logs in',
    ])
  })
})

describe('S103 a store that fails while a session ends', () => {
  it.each(moments)('logout, %s the verb', async (moment) => {
    const logout = repeated(
      (auth, { first }) => auth.logout(first.refreshToken),
      async (auth, { first, second }) => {
        await expectOver(auth, first)
        await expectAlive(auth, second)
      },
    )
    expect(await crashEverywhere(moment, logout)).toEqual([
      'sessions.find: unavailable, then done',
      'sessions.revoke: unavailable, then done',
      'events.append: done, then done',
    ])
  })

  it.each(moments)('revoke, %s the verb', async (moment) => {
    const revoke = repeated(
      (auth, { first }) => auth.revoke({ token: first.accessToken }),
      async (auth, { first, second }) => {
        await expectOver(auth, first)
        await expectAlive(auth, second)
      },
    )
    expect(await crashEverywhere(moment, revoke)).toEqual([
      'sessions.find: unavailable, then done',
      'sessions.revoke: unavailable, then done',
      'events.append: done, then done',
    ])
  })

  it.each(moments)('one of the own, %s the verb', async (moment) => {
    const end = repeated(
      (auth, { principal, second }) => auth.endSession(principal, second.sessionId),
      async (auth, { first, second }) => {
        await expectOver(auth, second)
        await expectAlive(auth, first)
      },
    )
    expect(await crashEverywhere(moment, end)).toEqual([
      'sessions.find: unavailable, then done',
      `sessions.revoke: unavailable, then ${moment === 'before' ? 'done' : 'not_found'}`,
      'events.append: done, then not_found',
    ])
  })

  it.each(moments)('all others, %s the verb', async (moment) => {
    const endOthers = repeated(
      (auth, { principal }) => auth.endOtherSessions(principal),
      async (auth, { first, second }) => {
        await expectOver(auth, second)
        await expectAlive(auth, first)
      },
    )
    expect(await crashEverywhere(moment, endOthers)).toEqual([
      'sessions.revokeAll: unavailable, then done',
      'events.append: done, then done',
    ])
  })
})

describe('S103 a store that fails while somebody asks who they are', () => {
  it.each(moments)('authenticate, %s the verb', async (moment) => {
    const authenticate = repeated(
      (auth, { second }) => auth.authenticate(second.accessToken),
      (auth, { second }) => expectAlive(auth, second),
    )
    expect(await crashEverywhere(moment, authenticate)).toEqual([
      'sessions.confirm: unavailable, then done',
    ])
  })

  it.each(moments)('the own record, %s the verb', async (moment) => {
    const me = repeated(
      (auth, { principal }) => auth.loadUser(principal),
      async (auth, { principal }) => expect((await auth.loadUser(principal)).email).toBe(ADA),
    )
    expect(await crashEverywhere(moment, me)).toEqual(['users.find: unavailable, then done'])
  })

  it.each(moments)('the own sessions, %s the verb', async (moment) => {
    const list = repeated(
      (auth, { principal }) => auth.listSessions(principal),
      async (auth, { principal }) => expect(await auth.listSessions(principal)).toHaveLength(2),
    )
    expect(await crashEverywhere(moment, list)).toEqual([
      'sessions.listByUser: unavailable, then done',
    ])
  })
})

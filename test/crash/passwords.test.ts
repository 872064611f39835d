import type { Principal, User } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { accountOf, PASSWORD, type Setup, tokenIn } from '../support/setup.ts'
import {
  ADA,
  answerOf,
  type CrashCase,
  crashEverywhere,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  NEW_PASSWORD,
  newest,
  newestToken,
  recordOf,
} from './crash.ts'

/** An account, and the tokens of a session that somebody else may hold. */
interface World {
  readonly before: User | null
  readonly principal: Principal
  readonly accessToken: string
  readonly refreshToken: string
  readonly proof: { readonly token?: string; readonly identifier?: string; readonly code?: string }
}

async function prepare(setup: Setup): Promise<World> {
  const { session } = await accountOf(setup)
  const principal = await setup.auth.authenticate(session.accessToken)
  return { ...session, principal, before: await recordOf(setup), proof: {} }
}

/** The tokens from before belong to the unchanged account, or to nothing (S080). */
async function intrude(setup: Setup, world: World): Promise<void> {
  const { auth } = setup
  const after = await recordOf(setup)
  const unchanged = after?.passwordHash === world.before?.passwordHash
  expect(after?.credentialEpoch === world.before?.credentialEpoch).toBe(unchanged)
  const expected = unchanged ? 'done' : 'invalid_token'
  expect(await answerOf(auth.authenticate(world.accessToken))).toBe(expected)
  expect(await answerOf(auth.refresh({ refreshToken: world.refreshToken }))).toBe(expected)
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
  await expectNoLogin(setup, unchanged ? NEW_PASSWORD : PASSWORD)
  await expectNoHalfOpenAccount(setup)
}

/** Asserts that the password opens the account, and that no session from before is shown as alive. */
async function expectFreshLogin(setup: Setup, { principal }: World): Promise<void> {
  await expectLogin(setup, NEW_PASSWORD)
  const { accessToken } = await setup.auth.login({ identifier: ADA, password: NEW_PASSWORD })
  const sessions = await setup.auth.listSessions(await setup.auth.authenticate(accessToken))
  expect(sessions.map(({ id }) => id)).not.toContain(principal.session.id)
}

const change: CrashCase<World> = {
  prepare,
  flow: ({ auth }, { principal }) =>
    auth.changePassword(principal, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }),
  async goOn(setup, world) {
    if ((await answerOf(setup.auth.login({ identifier: ADA, password: PASSWORD }))) === 'done') {
      const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
      await setup.auth.changePassword(world.principal, input)
      await expectFreshLogin(setup, world)
      return 'changing it again'
    }
    await expectFreshLogin(setup, world)
    return 'logging in with the new one'
  },
  intrude,
}

const forgot: CrashCase<World> = {
  prepare,
  flow: ({ auth }) => auth.forgotPassword({ identifier: ADA }),
  async goOn(setup) {
    const arrived = (await newest(setup, 'reset_password')) !== undefined
    if (!arrived) await setup.auth.forgotPassword({ identifier: ADA })
    const token = await newestToken(setup, 'reset_password')
    await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
    await expectLogin(setup, NEW_PASSWORD)
    return arrived ? 'the message' : 'asking again'
  },
  intrude,
}

function reset(by: 'link' | 'code'): CrashCase<World> {
  return {
    async prepare(setup) {
      const world = await prepare(setup)
      await setup.auth.forgotPassword({ identifier: ADA })
      const message = await newest(setup, 'reset_password')
      const byCode = { identifier: ADA, code: message?.code ?? '' }
      return { ...world, proof: by === 'link' ? { token: tokenIn(message?.link) } : byCode }
    },
    flow: ({ auth }, { proof }) => auth.resetPassword({ ...proof, newPassword: NEW_PASSWORD }),
    async goOn(setup, world) {
      const { auth } = setup
      const { proof } = world
      const done = await answerOf(auth.login({ identifier: ADA, password: NEW_PASSWORD }))
      if (done === 'done') {
        await expectFreshLogin(setup, world)
        return 'logging in with the new one'
      }
      const again = await answerOf(auth.resetPassword({ ...proof, newPassword: NEW_PASSWORD }))
      if (again !== 'done') {
        await auth.forgotPassword({ identifier: ADA })
        const token = await newestToken(setup, 'reset_password')
        await auth.resetPassword({ token, newPassword: NEW_PASSWORD })
      }
      await expectFreshLogin(setup, world)
      return again === 'done' ? 'the same proof' : 'another message'
    },
    intrude,
  }
}

describe('S080 S103 a store that fails while a password is changed', () => {
  it('before the verb', async () => {
    expect(await crashEverywhere('before', change)).toEqual([
      'sessions.find: unavailable, then changing it again',
      'users.find: unavailable, then changing it again',
      'users.update: unavailable, then changing it again',
      'sessions.insert: unavailable, then logging in with the new one',
      'sessions.revokeAll: done, then logging in with the new one',
      'events.append: done, then logging in with the new one',
      'sessions.evictBeyond: done, then logging in with the new one',
    ])
  })

  it('after the verb', async () => {
    expect(await crashEverywhere('after', change)).toEqual([
      'sessions.find: unavailable, then changing it again',
      'users.find: unavailable, then changing it again',
      'users.update: unavailable, then logging in with the new one',
      'sessions.insert: unavailable, then logging in with the new one',
      'sessions.revokeAll: done, then logging in with the new one',
      'events.append: done, then logging in with the new one',
      'sessions.evictBeyond: done, then logging in with the new one',
    ])
  })
})

describe('S075 S103 a store that fails while a reset is asked for', () => {
  it.each(['before', 'after'] as const)('%s the verb: asking again goes on', async (moment) => {
    expect(await crashEverywhere(moment, forgot)).toEqual([
      'users.findByIdentifier: unavailable, then asking again',
      'oneTimeTokens.put: done, then asking again',
      'events.append: done, then the message',
    ])
  })
})

describe('S080 S103 S112 a store that fails while a password is reset', () => {
  const rest = [
    'oneTimeTokens.take: done, then logging in with the new one',
    'users.clearFailedLogins: done, then logging in with the new one',
    'sessions.revokeAll: done, then logging in with the new one',
    'events.append: done, then logging in with the new one',
  ]
  const finding = {
    link: ['oneTimeTokens.find: unavailable, then the same proof'],
    code: [
      'users.findByIdentifier: unavailable, then the same proof',
      'oneTimeTokens.tryCode: unavailable, then the same proof',
    ],
  }

  it.each(['link', 'code'] as const)('by %s, before the verb', async (by) => {
    expect(await crashEverywhere('before', reset(by))).toEqual([
      ...finding[by],
      'users.find: unavailable, then the same proof',
      'users.find: unavailable, then the same proof',
      'users.update: unavailable, then the same proof',
      ...rest,
    ])
  })

  it.each(['link', 'code'] as const)('by %s, after the verb', async (by) => {
    expect(await crashEverywhere('after', reset(by))).toEqual([
      ...finding[by],
      'users.find: unavailable, then the same proof',
      'users.find: unavailable, then the same proof',
      'users.update: unavailable, then logging in with the new one',
      ...rest,
    ])
  })
})

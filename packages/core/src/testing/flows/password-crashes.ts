import type { ActivateInput } from '../../flows/activate.ts'
import type { Principal } from '../../principal.ts'
import type { User } from '../../records.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import {
  accountOf,
  answerOf,
  expectAnswer,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  loginOf,
  NEW_PASSWORD,
  newest,
  PASSWORD,
  recordOf,
  resetRequested,
  secretsOf,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import type { Setup } from './set-up.ts'
import { testGroup } from './test-case.ts'

/** An account, the tokens of a session that somebody else may hold, and perhaps the proof of a reset. */
interface World {
  readonly before: User | null
  readonly principal: Principal
  readonly accessToken: string
  readonly refreshToken: string
  readonly proof: ActivateInput
}

async function prepare(setup: Setup): Promise<World> {
  const { session, principal } = await accountOf(setup)
  return { ...session, principal, before: await recordOf(setup, setup.ada), proof: {} }
}

/** The tokens from before belong to the unchanged account, or to nothing (S080). */
async function intrude(setup: Setup, world: World): Promise<void> {
  const { auth, ada } = setup
  const after = await recordOf(setup, ada)
  const unchanged = after?.passwordHash === world.before?.passwordHash
  const sameEpoch = after?.credentialEpoch === world.before?.credentialEpoch
  expectEqual(sameEpoch, unchanged, 'the credential epoch stays if and only if the password does')
  const expected = unchanged ? 'done' : 'invalid_token'
  const { accessToken, refreshToken } = world
  await expectAnswer(auth.authenticate(accessToken), expected, 'the access token from before')
  await expectAnswer(auth.refresh({ refreshToken }), expected, 'the refresh token from before')
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
  await expectNoLogin(setup, unchanged ? NEW_PASSWORD : PASSWORD)
  await expectNoHalfOpenAccount(setup)
}

/** The new password opens the account, and no session from before is shown as alive. */
async function expectFreshLogin(setup: Setup, { principal }: World): Promise<void> {
  await expectLogin(setup, NEW_PASSWORD)
  const { accessToken } = await loginOf(setup, NEW_PASSWORD)
  const sessions = await setup.auth.listSessions(await setup.auth.authenticate(accessToken))
  const isShown = sessions.some(({ id }) => id === principal.session.id)
  expectTrue(!isShown, 'the session from before must not be listed')
}

const changeInput = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }

const change: CrashCase<World> = {
  prepare,
  flow: ({ auth }, { principal }) => auth.changePassword(principal, changeInput),
  async goOn(setup, world) {
    if ((await answerOf(loginOf(setup))) === 'done') {
      await setup.auth.changePassword(world.principal, changeInput)
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
  flow: ({ auth, ada }) => auth.forgotPassword({ identifier: ada.email }),
  async goOn(setup) {
    const { auth, ada } = setup
    const arrived = (await newest(setup, 'reset_password')) !== undefined
    if (!arrived) await auth.forgotPassword({ identifier: ada.email })
    const { token } = await secretsOf(setup, 'reset_password')
    await auth.resetPassword({ token, newPassword: NEW_PASSWORD })
    await expectLogin(setup, NEW_PASSWORD)
    return arrived ? 'the message' : 'asking again'
  },
  intrude,
}

type Means = 'link' | 'code'

function reset(by: Means): CrashCase<World> {
  return {
    async prepare(setup) {
      const world = await prepare(setup)
      await answerOf(loginOf(setup, INTRUDERS_PASSWORD))
      const { token, code } = await resetRequested(setup)
      const proof = by === 'link' ? { token } : { identifier: setup.ada.email, code }
      return { ...world, proof }
    },
    flow: ({ auth }, { proof }) => auth.resetPassword({ ...proof, newPassword: NEW_PASSWORD }),
    async goOn(setup, world) {
      if ((await answerOf(loginOf(setup, NEW_PASSWORD))) === 'done') {
        await expectFreshLogin(setup, world)
        return 'logging in with the new one'
      }
      const input = { ...world.proof, newPassword: NEW_PASSWORD }
      const again = await answerOf(setup.auth.resetPassword(input))
      if (again !== 'done') {
        const { token } = await resetRequested(setup)
        await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
      }
      await expectFreshLogin(setup, world)
      return again === 'done' ? 'the same proof' : 'another message'
    },
    intrude,
  }
}

const finding: Readonly<Record<Means, readonly string[]>> = {
  link: ['oneTimeTokens.find: unavailable, then the same proof'],
  code: [
    'users.findByIdentifier: unavailable, then the same proof',
    'oneTimeTokens.tryCode: unavailable, then the same proof',
  ],
}

const changing = testGroup('S080 S103 a store that fails while a password is changed', [
  ...MOMENTS.map((moment) =>
    crashTest(`${moment} the verb`, moment, change, [
      'sessions.find: unavailable, then changing it again',
      'users.find: unavailable, then changing it again',
      `users.update: unavailable, then ${moment === 'before' ? 'changing it again' : 'logging in with the new one'}`,
      'sessions.insert: unavailable, then logging in with the new one',
      'sessions.revokeAll: done, then logging in with the new one',
      'events.append: done, then logging in with the new one',
      'sessions.evictBeyond: done, then logging in with the new one',
    ]),
  ),
])

const forgetting = testGroup('S075 S103 a store that fails while a reset is asked for', [
  ...MOMENTS.map((moment) =>
    crashTest(`${moment} the verb: asking again goes on`, moment, forgot, [
      'users.findByIdentifier: unavailable, then asking again',
      'users.findByIdentifier: done, then asking again',
      'oneTimeTokens.put: done, then asking again',
      'events.append: done, then the message',
    ]),
  ),
])

const resetting = testGroup('S080 S103 S112 a store that fails while a password is reset', [
  ...(['link', 'code'] as const).flatMap((by) =>
    MOMENTS.map((moment) =>
      crashTest(`by ${by}, ${moment} the verb`, moment, reset(by), [
        ...finding[by],
        'users.find: unavailable, then the same proof',
        'users.clearFailedLogins: unavailable, then the same proof',
        'users.find: unavailable, then the same proof',
        `users.update: unavailable, then ${moment === 'before' ? 'the same proof' : 'logging in with the new one'}`,
        'oneTimeTokens.take: done, then logging in with the new one',
        'sessions.revokeAll: done, then logging in with the new one',
        'events.append: done, then logging in with the new one',
      ]),
    ),
  ),
])

export const passwordCrashes = [changing, forgetting, resetting]

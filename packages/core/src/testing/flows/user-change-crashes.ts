import { expectEqual, expectMembers } from '../assertions.ts'
import {
  type Account,
  accountOf,
  answerOf,
  expectAlive,
  expectLogin,
  expectNoLogin,
  expectOver,
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
import { type Setup, settle } from './set-up.ts'
import { testGroup } from './test-case.ts'

/** Somebody whom the change would be of use to. */
const intrude = async (setup: Setup) => expectNoLogin(setup, INTRUDERS_PASSWORD)

interface World extends Account {
  /** Of a link that was sent to the address before. */
  readonly token: string
}

/** Another address: the sessions and the links of the one before are over with the same write, or not at all. */
const readdressing: CrashCase<World> = {
  async prepare(setup) {
    const account = await accountOf(setup)
    return { ...account, token: (await resetRequested(setup)).token }
  },
  flow: ({ auth, mallory }, { user }) =>
    auth.updateUser('system', user.id, { email: mallory.email }),
  async goOn(setup, { user, session, token }) {
    const { auth, ada, mallory } = setup
    const answer = await answerOf(auth.updateUser('system', user.id, { email: mallory.email }))
    await settle(setup)
    await expectOver(setup, session, 'the session from before')
    const reset = auth.resetPassword({ token, newPassword: INTRUDERS_PASSWORD })
    expectEqual(await answerOf(reset), 'invalid_one_time_token', 'the link from before')
    expectMembers(await recordOf(setup, mallory), { id: user.id, emailVerifiedAt: null })
    expectEqual(await recordOf(setup, ada), null, 'who has the address from before')
    return answer
  },
  async intrude(setup, { user, session }) {
    const stays = (await recordOf(setup, setup.ada))?.id === user.id
    const alive = (await answerOf(setup.auth.authenticate(session.accessToken))) === 'done'
    expectEqual(alive, stays, 'whether the session lives on with the address')
  },
}

/** An account that was disabled is as it was, or open; no session of it comes back. */
const reopening: CrashCase<Account> = {
  async prepare(setup) {
    const account = await accountOf(setup)
    await setup.auth.disableUser('system', account.user.id)
    return account
  },
  flow: ({ auth }, { user }) => auth.enableUser('system', user.id),
  async goOn(setup, { user }) {
    const answer = await answerOf(setup.auth.enableUser('system', user.id))
    await expectLogin(setup, PASSWORD)
    return answer
  },
  async intrude(setup, { session }) {
    await expectOver(setup, session, 'the session from before')
    await intrude(setup)
  },
}

const logout: CrashCase<Account> = {
  prepare: accountOf,
  flow: ({ auth }, { user }) => auth.endUserSessions('system', user.id),
  async goOn(setup, { user, session }) {
    const answer = await answerOf(setup.auth.endUserSessions('system', user.id))
    await expectOver(setup, session, 'the session from before')
    await expectLogin(setup, PASSWORD)
    return answer
  },
  intrude,
}

/** The password stays until its owner chooses another, whatever was sent. */
const reset: CrashCase<Account> = {
  prepare: accountOf,
  flow: ({ auth }, { user }) => auth.sendPasswordReset('system', user.id),
  async goOn(setup, { user, session }) {
    const arrived = await newest(setup, 'reset_password')
    await expectAlive(setup, session, 'the session, as long as nobody uses the link')
    if (arrived === undefined) await setup.auth.sendPasswordReset('system', user.id)
    const { token } = await secretsOf(setup, 'reset_password')
    await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
    await expectLogin(setup, NEW_PASSWORD)
    return arrived === undefined ? 'asking again' : 'the message'
  },
  intrude,
}

interface Acting extends Account {
  readonly root: Account['principal']
}

const impersonation: CrashCase<Acting> = {
  options: { impersonation: true },
  async prepare(setup) {
    const { auth, mallory } = setup
    await auth.createUser({ email: mallory.email, password: PASSWORD, roles: ['admin'] })
    const { accessToken } = await loginOf(setup, PASSWORD, mallory)
    return { ...(await accountOf(setup)), root: await auth.authenticate(accessToken) }
  },
  flow: ({ auth }, { root, user }) => auth.impersonate(root, user.id),
  async goOn(setup, { root, user }) {
    const { accessToken } = await setup.auth.impersonate(root, user.id)
    const { actor } = await setup.auth.authenticate(accessToken)
    expectEqual(actor, { id: root.user.id }, 'who acts')
    return 'asking again'
  },
  async intrude(setup, { principal, session }) {
    await expectAlive(setup, session, "the user's own session")
    const shown = await setup.auth.listSessions(principal)
    const own = shown.filter(({ impersonated }) => !impersonated)
    expectEqual(own.length, 1, 'the sessions that pass for those of the user')
  },
}

// Whoever moves an account removes the tokens of each purpose.
const PURPOSES = 6

export const userChangeCrashes = testGroup(
  'S103 a store that fails while an administrator changes an account',
  MOMENTS.flatMap((moment) => [
    crashTest(`by another address, ${moment} the verb`, moment, readdressing, [
      'users.find: unavailable, then done',
      'users.update: unavailable, then done',
      'sessions.revokeAll: done, then done',
      ...Array.from({ length: PURPOSES }, () => 'oneTimeTokens.list: done, then done'),
      'oneTimeTokens.take: done, then done',
      'events.append: done, then done',
    ]),
    crashTest(`by enabling, ${moment} the verb`, moment, reopening, [
      'users.find: unavailable, then done',
      'users.find: unavailable, then done',
      'users.update: unavailable, then done',
      'events.append: done, then done',
    ]),
    crashTest(`by ending the sessions, ${moment} the verb`, moment, logout, [
      'users.find: unavailable, then done',
      'sessions.revokeAll: unavailable, then done',
      'events.append: done, then done',
    ]),
    crashTest(`by a reset, ${moment} the verb`, moment, reset, [
      'users.find: unavailable, then asking again',
      'oneTimeTokens.put: unavailable, then asking again',
      'events.append: done, then the message',
    ]),
    crashTest(`by acting as the user, ${moment} the verb`, moment, impersonation, [
      'sessions.find: unavailable, then asking again',
      'users.find: unavailable, then asking again',
      'sessions.insert: unavailable, then asking again',
      'events.append: done, then asking again',
    ]),
  ]),
)

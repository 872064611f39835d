import * as z from 'zod'
import { DAY, MINUTE } from '../../time.ts'
import { expectEqual, expectMembers } from '../assertions.ts'
import {
  accountOf,
  expectAnswer,
  expectNoLogin,
  expectOver,
  loginOf,
  newest,
  PASSWORD,
  recordOf,
} from './account.ts'
import { testCase, testGroup } from './test-case.ts'

const proof = { currentPassword: PASSWORD }

/** Accounts with names and a profile of any texts. */
export const WITH_PROFILES = {
  identifiers: ['email', 'username'],
  optionalIdentifiers: ['username'],
  profile: z.record(z.string(), z.string()),
} as const

const changing = testGroup('the own account', [
  testCase('has its profile changed member by member', async ({ setUp }) => {
    const { auth, ...setup } = setUp(WITH_PROFILES)
    const { principal } = await accountOf({ auth, ...setup })
    await auth.updateAccount(principal, { profile: { name: 'Ada', city: 'Ειρήνη 💡' } })
    const user = await auth.updateAccount(principal, { profile: { name: null, colour: 'red' } })
    expectEqual(user.profile, { city: 'Ειρήνη 💡', colour: 'red' }, 'the profile')
    expectEqual(await auth.loadUser(principal), user, 'the user')
  }),

  testCase('S016 has its username changed, unless somebody has it', async ({ setUp }) => {
    const setup = setUp(WITH_PROFILES)
    const { auth, ada, mallory } = setup
    await auth.createUser({ ...mallory, password: PASSWORD })
    const { principal } = await accountOf(setup)
    const taken = auth.updateAccount(principal, { ...proof, username: mallory.username })
    await expectAnswer(taken, 'username_taken', "somebody else's name")
    const user = await auth.updateAccount(principal, { ...proof, username: ada.username })
    expectMembers(user, { username: ada.username })
    const login = await auth.login({ identifier: ada.username, password: PASSWORD })
    expectEqual(login.user, user, 'who logs in by the name')
  }),
])

const deleting = testGroup('an account that its owner deletes', [
  testCase('S092 is gone at once, and its address is free', async ({ setUp }) => {
    const setup = setUp()
    const { session, principal, user } = await accountOf(setup)
    await setup.auth.deleteAccount(principal, proof)
    await expectOver(setup, session, 'the session')
    await expectNoLogin(setup, PASSWORD)
    expectEqual((await newest(setup, 'account_deleted'))?.to, setup.ada.email, 'who is told')
    const found = await setup.store.users.find(user.id)
    expectMembers(found, { status: 'deleted', email: null, passwordHash: null })
    const next = await accountOf(setup)
    await expectOver(setup, session, 'the session of who had the address before')
    expectEqual(next.user.id === user.id, false, 'whether it is the same account')
  }),

  testCase(
    'S082 goes by a recent login where the application says that it will do',
    async ({ setUp }) => {
      const setup = setUp()
      const { principal, user } = await accountOf(setup)
      setup.clock.advance(15 * MINUTE + 1)
      const byLogin = { recentLogin: true }
      await expectAnswer(
        setup.auth.deleteAccount(principal, byLogin),
        'reauth_required',
        'an old login',
      )
      const { accessToken } = await loginOf(setup)
      const again = await setup.auth.authenticate(accessToken)
      await setup.auth.deleteAccount(again, byLogin)
      expectMembers(await setup.store.users.find(user.id), { status: 'deleted' })
    },
  ),

  testCase('S092 is kept by a login in time, and goes without one', async ({ setUp }) => {
    const setup = setUp({ deletionGrace: DAY })
    const { auth, clock } = setup
    const { session, principal, user } = await accountOf(setup)
    await auth.deleteAccount(principal, proof)
    await expectOver(setup, session, 'the session')
    clock.advance(DAY - 1)
    const { accessToken } = await loginOf(setup)
    clock.advance(DAY)
    await auth.prune()
    await loginOf(setup)
    const again = await auth.authenticate(
      (await auth.login({ identifier: setup.ada.email, password: PASSWORD })).accessToken,
    )
    await expectAnswer(auth.authenticate(accessToken), 'invalid_token', 'a token of yesterday')
    await auth.deleteAccount(again, proof)
    clock.advance(DAY)
    await expectNoLogin(setup, PASSWORD)
    await auth.prune()
    expectMembers(await setup.store.users.find(user.id), { status: 'deleted' })
    expectEqual(await recordOf(setup, setup.ada), null, 'who has the address')
  }),
])

export const ownAccount = [changing, deleting]

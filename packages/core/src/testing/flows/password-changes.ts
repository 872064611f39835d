import { expectEqual, expectTrue } from '../assertions.ts'
import {
  accountOf,
  expectAlive,
  expectAnswer,
  expectLogin,
  expectNoLogin,
  expectOver,
  INTRUDERS_PASSWORD,
  loginOf,
  NEW_PASSWORD,
  newest,
  PASSWORD,
  resetRequested,
} from './account.ts'
import { testCase, testGroup } from './test-case.ts'

const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }

export const passwordChanges = testGroup('a change of the password', [
  testCase('S080 ends every session, and answers with a new one', async ({ setUp }) => {
    const setup = setUp()
    const { auth } = setup
    const { session, principal } = await accountOf(setup)
    const other = await loginOf(setup)
    const fresh = await auth.changePassword(principal, input)
    for (const old of [session, other]) await expectOver(setup, old, 'each older session')
    await expectAlive(setup, fresh, 'the new session')
    const shown = await auth.listSessions(await auth.authenticate(fresh.accessToken))
    expectEqual(
      shown.map(({ id }) => id),
      [fresh.sessionId],
      'the sessions that are shown',
    )
    await expectNoLogin(setup, PASSWORD)
    await expectLogin(setup, NEW_PASSWORD)
    expectTrue((await newest(setup, 'password_changed')) !== undefined, 'the owner is told')
  }),

  testCase('S080 marks the older sessions as ended', async ({ setUp }) => {
    const setup = setUp()
    const { session, principal } = await accountOf(setup)
    await setup.auth.changePassword(principal, input)
    await setup.auth.close()
    const found = await setup.store.sessions.find(session.sessionId)
    expectEqual(found?.session.revokedReason, 'password_changed', 'why the session ended')
  }),

  testCase('S082 is for nobody who does not know the current one', async ({ setUp }) => {
    const setup = setUp()
    const { session, principal } = await accountOf(setup)
    const wrong = { currentPassword: INTRUDERS_PASSWORD, newPassword: NEW_PASSWORD }
    const change = setup.auth.changePassword(principal, wrong)
    await expectAnswer(change, 'wrong_password', 'the change with a wrong password')
    await expectAlive(setup, session, 'the session')
    await expectNoLogin(setup, NEW_PASSWORD)
    await expectLogin(setup, PASSWORD)
  }),

  testCase('S077 makes the link of a reset void', async ({ setUp }) => {
    const setup = setUp()
    const { principal } = await accountOf(setup)
    const { token } = await resetRequested(setup)
    await setup.auth.changePassword(principal, input)
    const reset = setup.auth.resetPassword({ token, newPassword: INTRUDERS_PASSWORD })
    await expectAnswer(reset, 'invalid_one_time_token', 'the link from before')
    await expectNoLogin(setup, INTRUDERS_PASSWORD)
    await expectLogin(setup, NEW_PASSWORD)
  }),
])

import { expectEqual, expectMembers } from '../assertions.ts'
import {
  expectAnswer,
  expectLogin,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  loginOf,
  PASSWORD,
  recordOf,
  registered,
} from './account.ts'
import { testCase, testGroup } from './test-case.ts'

export const createdUsers = testGroup('an account that the application makes', [
  testCase('is open at once, with its roles in its tokens', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada, outbox } = setup
    const roles = ['admin', 'user']
    const user = await auth.createUser({ email: ada.email, password: PASSWORD, roles })
    expectMembers(user, { email: ada.email, emailVerified: false, roles })
    const { accessToken } = await loginOf(setup)
    expectEqual((await auth.authenticate(accessToken)).user, { id: user.id, roles }, 'who it is')
    expectEqual(outbox.messages, [], 'the messages that are sent')
  }),

  testCase('S113 is refused where the address or the name has an owner', async ({ setUp }) => {
    const setup = setUp({ identifiers: ['email', 'username'] })
    const { auth, ada, mallory } = setup
    await auth.createUser({ ...ada, password: PASSWORD })
    const before = await recordOf(setup, ada)
    const sameAddress = { email: ada.email, username: mallory.username, password: PASSWORD }
    await expectAnswer(auth.createUser(sameAddress), 'email_taken', 'the same address')
    const sameName = { email: mallory.email, username: ada.username, password: PASSWORD }
    await expectAnswer(auth.createUser(sameName), 'username_taken', 'the same name')
    expectEqual(await recordOf(setup, ada), before, 'the record of the owner')
    expectEqual(await recordOf(setup, mallory), null, 'the record of the refused address')
  }),

  testCase('S021 takes over one that waits, and what was sent to it is void', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada } = setup
    const { token, code } = await registered(setup, ada, INTRUDERS_PASSWORD)
    await auth.createUser({ email: ada.email, password: PASSWORD })
    await expectAnswer(auth.activate({ token }), 'invalid_one_time_token', "the stranger's link")
    const byCode = auth.activate({ identifier: ada.email, code })
    await expectAnswer(byCode, 'invalid_one_time_token', "the stranger's code")
    await expectNoLogin(setup, INTRUDERS_PASSWORD)
    await expectLogin(setup, PASSWORD)
  }),
])

import { expectEqual, expectMembers } from '../assertions.ts'
import {
  accountOf,
  expectAlive,
  expectAnswer,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  loginOf,
  newest,
  PASSWORD,
  recordOf,
  registered,
  secretsOf,
} from './account.ts'
import { settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

const DAY = 86_400

export const registrations = testGroup('a registration', [
  testCase(
    'S018 waits until the address is proved, and says so to who knows the password',
    async ({ setUp }) => {
      const setup = setUp()
      await registered(setup)
      await expectAnswer(loginOf(setup), 'account_not_activated', 'the login with the password')
      const wrong = loginOf(setup, INTRUDERS_PASSWORD)
      await expectAnswer(wrong, 'invalid_credentials', 'the login with another password')
      expectMembers(await recordOf(setup, setup.ada), { status: 'pending', passwordHash: null })
      await expectNoHalfOpenAccount(setup)
      expectEqual(setup.errors, [], 'what failed behind the answers')
    },
  ),

  testCase(
    'S012 of an address that has an owner is answered alike, and changes nothing',
    async ({ setUp }) => {
      const setup = setUp()
      const { session } = await accountOf(setup)
      const before = await recordOf(setup, setup.ada)
      const { auth, ada, events } = setup
      await settle(setup)
      await auth.register({ email: ada.email.toUpperCase(), password: INTRUDERS_PASSWORD })
      expectEqual((await newest(setup, 'already_registered'))?.to, ada.email, 'who is told')
      expectEqual(await recordOf(setup, ada), before, 'the record of the owner')
      await expectAlive(setup, session, "the owner's session")
      await expectNoLogin(setup, INTRUDERS_PASSWORD)
      const repeated = events.filter(({ type }) => type === 'user.registration_repeated')
      expectEqual(repeated.length, 1, 'the number of registrations that are told as repeated')
    },
  ),

  testCase(
    'S021 that comes second opens by its own link, and the first is void',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada } = setup
      const first = await registered(setup, ada, INTRUDERS_PASSWORD)
      await auth.register({ email: ada.email, password: PASSWORD })
      const second = await secretsOf(setup, 'activate_again')
      await auth.activate({ token: second.token })
      await expectLogin(setup, PASSWORD)
      await expectNoLogin(setup, INTRUDERS_PASSWORD)
      const late = auth.activate({ token: first.token })
      await expectAnswer(late, 'invalid_one_time_token', 'the link of the first registration')
      const byCode = auth.activate({ identifier: ada.email, code: first.code })
      await expectAnswer(byCode, 'invalid_one_time_token', 'the code of the first registration')
    },
  ),

  testCase(
    'S021 that came first opens by its own link, and the second is void',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada } = setup
      const first = await registered(setup)
      await auth.register({ email: ada.email, password: INTRUDERS_PASSWORD })
      const second = await secretsOf(setup, 'activate_again')
      await auth.activate({ token: first.token })
      await expectLogin(setup, PASSWORD)
      await expectNoLogin(setup, INTRUDERS_PASSWORD)
      const late = auth.activate({ token: second.token })
      await expectAnswer(late, 'invalid_one_time_token', 'the link of the second registration')
    },
  ),

  testCase(
    'S019 that nobody activates is forgotten after seven days, and the address is free',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada, clock } = setup
      await registered(setup, ada, INTRUDERS_PASSWORD)
      clock.advance(7 * DAY)
      await auth.prune()
      expectMembers(await recordOf(setup, ada), { status: 'pending' }, 'to the last second')
      clock.advance(1)
      await auth.prune()
      expectEqual(await recordOf(setup, ada), null, 'the record afterwards')
      await accountOf(setup)
      await expectLogin(setup, PASSWORD)
    },
  ),

  testCase('opens at once where nothing is to be proved', async ({ setUp }) => {
    const { auth, ada } = setUp({ identifiers: ['username'], activation: 'none' })
    await auth.register({ username: ada.username, password: PASSWORD })
    const { accessToken, user } = await auth.login({ identifier: ada.username, password: PASSWORD })
    expectMembers(user, { username: ada.username, email: null })
    expectEqual((await auth.authenticate(accessToken)).user.id, user.id, 'who is logged in')
    const again = auth.register({ username: ada.username, password: INTRUDERS_PASSWORD })
    await expectAnswer(again, 'username_taken', 'the same name again')
  }),
])

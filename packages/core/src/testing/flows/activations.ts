import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import {
  expectAnswer,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  NEW_PASSWORD,
  newest,
  PASSWORD,
  recordOf,
  registered,
  secretsOf,
} from './account.ts'
import { wrongCode } from './codes.ts'
import { testCase, testGroup } from './test-case.ts'

const MINUTE = 60
const DAY = 86_400

export const activations = testGroup('an activation', [
  testCase('S019 by link opens the account once', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada, events } = setup
    const { token } = await registered(setup)
    const user = await auth.activate({ token })
    expectMembers(user, { email: ada.email, emailVerified: true, username: null, roles: ['user'] })
    await expectLogin(setup, PASSWORD)
    await expectAnswer(auth.activate({ token }), 'invalid_one_time_token', 'the link, used again')
    await expectNoHalfOpenAccount(setup)
    await auth.close()
    const left = await setup.store.oneTimeTokens.list(user.id, 'activate', setup.clock.now(), 9)
    expectEqual(left, [], 'the tokens that are left')
    const told = events.filter(({ type }) => type === 'user.activated')
    expectEqual(told.length, 1, 'the number of activations that are told')
  }),

  testCase(
    'S019 by code opens the account once, however the address is written',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada } = setup
      const { token, code } = await registered(setup)
      const proof = { identifier: ada.email.toUpperCase(), code }
      expectMembers(await auth.activate(proof), { email: ada.email, emailVerified: true })
      await expectLogin(setup, PASSWORD)
      await expectAnswer(auth.activate(proof), 'invalid_one_time_token', 'the code, used again')
      await expectAnswer(auth.activate({ token }), 'invalid_one_time_token', 'the link, afterwards')
    },
  ),

  testCase('S019 works to the last second of its link and of its code', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada, clock } = setup
    const { token, code } = await registered(setup)
    const byCode = () => auth.activate({ identifier: ada.email, code })
    clock.advance(10 * MINUTE)
    await expectAnswer(byCode(), 'invalid_one_time_token', 'the code at its end')
    clock.advance(DAY - 10 * MINUTE)
    const late = auth.activate({ token })
    await expectAnswer(late, 'invalid_one_time_token', 'the link at its end')
    clock.advance(-1)
    await expectAnswer(auth.activate({ token }), 'done', 'the link a second before')
  }),

  testCase(
    'S079 takes five guesses at a code, then not even the right one, but still the link',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada } = setup
      const { token, code } = await registered(setup)
      for (let step = 1; step <= 5; step += 1) {
        const guess = auth.activate({ identifier: ada.email, code: wrongCode(code, step) })
        await expectAnswer(guess, 'invalid_one_time_token', `guess ${step}`)
      }
      const right = auth.activate({ identifier: ada.email, code })
      await expectAnswer(right, 'invalid_one_time_token', 'the right code, after five guesses')
      await expectAnswer(auth.activate({ token }), 'done', 'the link')
    },
  ),

  testCase(
    'S020 that is asked for again has a new link and code in place of the old',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada } = setup
      const old = await registered(setup)
      await auth.resendActivation({ identifier: ada.email })
      const { token } = await secretsOf(setup, 'activate')
      expectTrue(token !== old.token, 'the new link is another')
      const late = auth.activate({ token: old.token })
      await expectAnswer(late, 'invalid_one_time_token', 'the old link')
      await expectAnswer(auth.activate({ token }), 'done', 'the new link')
      await expectLogin(setup, PASSWORD)
    },
  ),

  testCase(
    'S021 of one of several registrations, asked for again, is a choice of password',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada } = setup
      await registered(setup, ada, INTRUDERS_PASSWORD)
      await auth.register({ email: ada.email, password: PASSWORD })
      await secretsOf(setup, 'activate_again')
      await auth.resendActivation({ identifier: ada.email })
      const { token } = await secretsOf(setup, 'reset_password')
      await auth.resetPassword({ token, newPassword: NEW_PASSWORD })
      expectMembers(await recordOf(setup, ada), { status: 'active' })
      await expectNoHalfOpenAccount(setup)
      await expectLogin(setup, NEW_PASSWORD)
      for (const password of [PASSWORD, INTRUDERS_PASSWORD]) await expectNoLogin(setup, password)
    },
  ),

  testCase('S075 is asked for without a word about who has an account', async ({ setUp }) => {
    const setup = setUp()
    await setup.auth.resendActivation({ identifier: setup.ada.email })
    expectEqual(await newest(setup, 'activate'), undefined, 'the message to an unknown address')
    expectEqual(setup.errors, [], 'what failed behind the answer')
  }),
])

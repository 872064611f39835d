import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import {
  accountOf,
  expectAlive,
  expectAnswer,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  expectOver,
  INTRUDERS_PASSWORD,
  NEW_PASSWORD,
  newest,
  PASSWORD,
  recordOf,
  registered,
  resetRequested,
  type Secrets,
} from './account.ts'
import { wrongCode } from './codes.ts'
import type { Setup } from './set-up.ts'
import { type TestCase, testCase, testGroup } from './test-case.ts'

const MINUTE = 60

type Means = 'link' | 'code'

function resetBy(by: Means, { auth, ada }: Setup, { token, code }: Secrets): Promise<void> {
  const proof = by === 'link' ? { token } : { identifier: ada.email, code }
  return auth.resetPassword({ ...proof, newPassword: NEW_PASSWORD })
}

function resetOnce(by: Means): TestCase {
  return testCase(`S077 S080 by ${by} is done once, and ends every session`, async ({ setUp }) => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    await expectNoLogin(setup, INTRUDERS_PASSWORD)
    const secrets = await resetRequested(setup)
    await expectAlive(setup, session, 'the session, before the link or code is used')
    await resetBy(by, setup, secrets)
    await expectOver(setup, session, 'the session from before')
    await expectNoLogin(setup, PASSWORD)
    await expectLogin(setup, NEW_PASSWORD)
    for (const means of ['link', 'code'] as const) {
      const again = resetBy(means, setup, secrets)
      await expectAnswer(again, 'invalid_one_time_token', `the ${means}, afterwards`)
    }
    expectTrue((await newest(setup, 'password_changed')) !== undefined, 'the owner is told')
    const found = await setup.store.sessions.find(session.sessionId)
    expectEqual(found?.session.revokedReason, 'password_reset', 'why the session ended')
  })
}

export const passwordResets = testGroup('a reset of the password', [
  resetOnce('link'),
  resetOnce('code'),

  testCase('S075 is asked for without a word about who has an account', async ({ setUp }) => {
    const setup = setUp()
    await setup.auth.forgotPassword({ identifier: setup.ada.email })
    expectEqual(await newest(setup, 'reset_password'), undefined, 'a message to an unknown address')
    expectEqual(setup.errors, [], 'what failed behind the answer')
  }),

  testCase('S077 works with the newest link only', async ({ setUp }) => {
    const setup = setUp()
    await accountOf(setup)
    const old = await resetRequested(setup)
    const secrets = await resetRequested(setup)
    const late = resetBy('link', setup, old)
    await expectAnswer(late, 'invalid_one_time_token', 'the older link')
    await expectAnswer(resetBy('link', setup, secrets), 'done', 'the newer link')
  }),

  testCase('S077 works to the last second of its link and of its code', async ({ setUp }) => {
    const setup = setUp()
    await accountOf(setup)
    const secrets = await resetRequested(setup)
    setup.clock.advance(10 * MINUTE)
    const byCode = resetBy('code', setup, secrets)
    await expectAnswer(byCode, 'invalid_one_time_token', 'the code at its end')
    setup.clock.advance(20 * MINUTE)
    const byLink = resetBy('link', setup, secrets)
    await expectAnswer(byLink, 'invalid_one_time_token', 'the link at its end')
    setup.clock.advance(-1)
    await expectAnswer(resetBy('link', setup, secrets), 'done', 'the link a second before')
  }),

  testCase(
    'S020 S079 takes five guesses at a code, and no more with a new one',
    async ({ setUp }) => {
      const setup = setUp()
      await accountOf(setup)
      const guess = async (secrets: Secrets, step: number) => {
        const wrong = { ...secrets, code: wrongCode(secrets.code, step) }
        const answer = resetBy('code', setup, wrong)
        await expectAnswer(answer, 'invalid_one_time_token', `guess ${step}`)
      }
      const first = await resetRequested(setup)
      for (const step of [1, 2, 3]) await guess(first, step)
      const second = await resetRequested(setup)
      for (const step of [4, 5]) await guess(second, step)
      const right = resetBy('code', setup, second)
      await expectAnswer(right, 'invalid_one_time_token', 'the right code, after five guesses')
      expectEqual(
        (await resetRequested(setup)).code,
        '',
        'the code of a message that can have none',
      )
      const { token } = await resetRequested(setup)
      await expectAnswer(resetBy('link', setup, { token, code: '' }), 'done', 'the link')
    },
  ),

  testCase(
    'S021 of an account that waits opens it, and every registration is void',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada } = setup
      const { token } = await registered(setup, ada, INTRUDERS_PASSWORD)
      await resetBy('link', setup, await resetRequested(setup))
      expectMembers(await recordOf(setup, ada), { status: 'active' })
      await expectNoHalfOpenAccount(setup)
      await expectAnswer(auth.activate({ token }), 'invalid_one_time_token', "the stranger's link")
      await expectNoLogin(setup, INTRUDERS_PASSWORD)
      await expectLogin(setup, NEW_PASSWORD)
    },
  ),

  testCase('S026 forgets the failed logins before it', async ({ setUp }) => {
    const setup = setUp()
    await accountOf(setup)
    for (const password of [INTRUDERS_PASSWORD, NEW_PASSWORD]) await expectNoLogin(setup, password)
    expectMembers(await recordOf(setup, setup.ada), { failedLogins: 2 }, 'before')
    await resetBy('link', setup, await resetRequested(setup))
    await setup.auth.close()
    expectMembers(await recordOf(setup, setup.ada), { failedLogins: 0 }, 'afterwards')
  }),
])

import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import { interceptedStore } from '../intercepted-store.ts'
import { MANY } from '../store/race.ts'
import {
  type Account,
  accountOf,
  answerOf,
  expectLogin,
  expectNoLogin,
  expectOver,
  INTRUDERS_PASSWORD,
  loginOf,
  NEW_PASSWORD,
  PASSWORD,
  recordOf,
  resetRequested,
} from './account.ts'
import { wrongCode } from './codes.ts'
import { raceTests, tally } from './race-test.ts'
import type { Setup } from './set-up.ts'
import { type TestCase, testCase, testGroup } from './test-case.ts'

const ONE_IS_DONE = { done: 1, invalid_one_time_token: MANY - 1 }

function passwordOf(index: number): string {
  return `${NEW_PASSWORD} of number ${index}`
}

const resetting = testGroup('S112 fifty resets at once', [
  ...raceTests(
    'by one link: exactly one sets its password',
    { meetAt: 'users.update' },
    async ({ first, atOnce, settled }) => {
      const { session } = await accountOf(first)
      const { token } = await resetRequested(first)
      const answers = await atOnce(({ auth }, index) =>
        answerOf(auth.resetPassword({ token, newPassword: passwordOf(index) })),
      )
      expectEqual(tally(answers), ONE_IS_DONE, 'the answers')
      await settled()
      await expectLogin(first, passwordOf(answers.indexOf('done')))
      await expectNoLogin(first, PASSWORD)
      await expectOver(first, session, 'the session from before')
    },
  ),

  ...raceTests(
    'by one code: exactly one sets its password',
    { meetAt: 'users.update' },
    async ({ first, atOnce }) => {
      await accountOf(first)
      const proof = { identifier: first.ada.email, code: (await resetRequested(first)).code }
      const answers = await atOnce(({ auth }, index) =>
        answerOf(auth.resetPassword({ ...proof, newPassword: passwordOf(index) })),
      )
      expectEqual(tally(answers), ONE_IS_DONE, 'the answers')
      await expectLogin(first, passwordOf(answers.indexOf('done')))
    },
  ),

  testCase('S028 S079 by guessed codes: exactly five are judged', async ({ setUp, store }) => {
    let judged = 0
    const counting = interceptedStore(store, async (verb, run) => {
      const result = await run()
      if (verb === 'oneTimeTokens.tryCode' && result !== null) judged += 1
      return result
    })
    const setup = setUp({ store: counting })
    await accountOf(setup)
    const { code, token } = await resetRequested(setup)
    const guess = (given: string) => {
      const proof = { identifier: setup.ada.email, code: given }
      return answerOf(setup.auth.resetPassword({ ...proof, newPassword: INTRUDERS_PASSWORD }))
    }
    const guesses = Array.from({ length: MANY }, (_, index) => guess(wrongCode(code, index + 1)))
    expectEqual(tally(await Promise.all(guesses)), { invalid_one_time_token: MANY }, 'the answers')
    expectEqual(judged, 5, 'the number of codes that are compared')
    expectEqual(await guess(code), 'invalid_one_time_token', 'the right code, afterwards')
    await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
    await expectLogin(setup, NEW_PASSWORD)
  }),
])

/** Whoever logged in with the old password while it changed holds nothing, and the owner goes on. */
async function expectOnlyNew(setup: Setup, account: Account): Promise<void> {
  await expectOver(setup, account.session, 'the session from before')
  await expectNoLogin(setup, PASSWORD)
  await expectLogin(setup, NEW_PASSWORD)
}

const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }

const changes: Readonly<Record<string, (setup: Setup, account: Account) => Promise<unknown>>> = {
  'a change': ({ auth }, { principal }) => auth.changePassword(principal, input),
  'a reset': async (setup) => {
    const { token } = await resetRequested(setup)
    return setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
  },
}

/** The login has checked the old password, and its session is written when the new one is in force. */
function loginInFlight(name: string, change: (typeof changes)[string]): TestCase {
  return testCase(`S080 ${name} kills a login that is in flight`, async ({ setUp, store }) => {
    const reached = Promise.withResolvers<void>()
    const changed = Promise.withResolvers<void>()
    let holds = false
    const held = interceptedStore(store, async (verb, run) => {
      if (verb === 'sessions.insert' && holds) {
        holds = false
        reached.resolve()
        await changed.promise
      }
      return run()
    })
    const setup = setUp({ store: held })
    const account = await accountOf(setup)
    holds = true
    const login = loginOf(setup)
    // A login that fails must not leave the case waiting.
    await Promise.race([reached.promise, login])
    await change(setup, account)
    changed.resolve()
    await expectOver(setup, await login, 'the session of the login in flight')
    await expectOnlyNew(setup, account)
  })
}

const changing = testGroup('a password that changes', [
  ...Object.entries(changes).map(([name, change]) => loginInFlight(name, change)),

  ...raceTests(
    'S080 amid fifty logins leaves no session of the old one',
    { meetAt: 'sessions.insert' },
    async ({ first, atOnce, settled }) => {
      const account = await accountOf(first)
      const opened = await atOnce(async (node, index) => {
        if (index !== MANY / 2) return loginOf(node).catch(() => null)
        await node.auth.changePassword(account.principal, input)
        return null
      })
      await settled()
      const sessions = opened.filter((session) => session !== null)
      for (const session of sessions) await expectOver(first, session, 'a login with the old one')
      // Of one moment any may count as the oldest, and these are more than the cap.
      first.clock.advance(1)
      await expectOnlyNew(first, account)
    },
  ),

  ...raceTests(
    'S112 fifty times at once changes once',
    { meetAt: 'users.update' },
    async ({ first, atOnce }) => {
      const { principal } = await accountOf(first)
      const answers = await atOnce(({ auth }, index) =>
        answerOf(auth.changePassword(principal, { ...input, newPassword: passwordOf(index) })),
      )
      expectEqual(answers.filter((answer) => answer === 'done').length, 1, 'how many are done')
      const others = answers.filter((answer) => answer !== 'done')
      const known = others.every((answer) => ['invalid_token', 'wrong_password'].includes(answer))
      expectTrue(known, `the others are refused: ${JSON.stringify(tally(others))}`)
      await expectLogin(first, passwordOf(answers.indexOf('done')))
    },
  ),

  ...raceTests(
    'S028 is guessed fifty times at once, and each time counts',
    { meetAt: 'users.countFailedLogin' },
    async ({ first, atOnce }) => {
      await accountOf(first)
      const answers = await atOnce((node) => answerOf(loginOf(node, INTRUDERS_PASSWORD)))
      expectEqual(tally(answers), { invalid_credentials: MANY }, 'the answers')
      expectMembers(await recordOf(first, first.ada), { failedLogins: MANY })
    },
  ),
])

export const credentialRaces = [resetting, changing]

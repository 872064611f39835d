import * as z from 'zod'
import type { AuthOptions } from '../../options.ts'
import { expectEqual, expectMembers } from '../assertions.ts'
import {
  expectAnswer,
  expectLogin,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  loginOf,
  newest,
  PASSWORD,
  recordOf,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import { type Setup, settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

const OPTIONS: Partial<AuthOptions> = { activation: 'admin' }
const PROFILE = {
  name: '𝔸𝖉𝒂 💡',
  'key ключ': [1, 1.5, null, { deep: ['de\u0301compose\u0301', ''] }],
}

async function registered({ auth, ada, ...setup }: Setup, password = PASSWORD): Promise<void> {
  await auth.register({ email: ada.email, password })
  await settle({ auth, ada, ...setup })
}

async function approve(setup: Setup): Promise<void> {
  await approveById(setup, await idOf(setup))
}

async function idOf(setup: Setup): Promise<string> {
  return (await recordOf(setup, setup.ada))?.id ?? ''
}

async function approveById({ auth }: Setup, id: string): Promise<void> {
  await auth.enableUser('system', id)
}

const approvals = testGroup('an account that an administrator opens', [
  testCase('S018 waits for that, and has what it was registered with', async ({ setUp }) => {
    const profile = z.record(z.string(), z.json())
    const setup = setUp({ ...OPTIONS, profile })
    const { auth, ada } = setup
    await auth.register({ email: ada.email, password: PASSWORD, profile: PROFILE })
    await expectAnswer(loginOf(setup), 'account_not_activated', 'the login before')
    await auth.resendActivation({ identifier: ada.email })
    await auth.forgotPassword({ identifier: ada.email })
    await settle(setup)
    expectEqual(setup.outbox.messages, [], 'what is sent before')
    await approve(setup)
    const { user } = await loginOf(setup)
    expectMembers(user, { email: ada.email, emailVerified: false, profile: PROFILE })
    expectEqual((await newest(setup, 'account_approved'))?.to, ada.email, 'who is told')
  }),

  testCase(
    'S021 whose address was registered twice has none of the passwords',
    async ({ setUp }) => {
      const setup = setUp(OPTIONS)
      await registered(setup, INTRUDERS_PASSWORD)
      setup.clock.advance(1)
      await registered(setup)
      await approve(setup)
      for (const password of [PASSWORD, INTRUDERS_PASSWORD]) await expectNoLogin(setup, password)
      expectMembers(await recordOf(setup, setup.ada), { status: 'active', passwordHash: null })
      expectEqual((await newest(setup, 'invitation'))?.to, setup.ada.email, 'who is invited')
    },
  ),
])

const approval: CrashCase<string> = {
  options: OPTIONS,
  async prepare(setup) {
    await registered(setup)
    return idOf(setup)
  },
  flow: approveById,
  async goOn(setup, id) {
    const waits = (await recordOf(setup, setup.ada))?.status === 'pending'
    if (waits) await approveById(setup, id)
    await expectLogin(setup, PASSWORD)
    return waits ? 'approving again' : 'logging in'
  },
  async intrude(setup) {
    const user = await recordOf(setup, setup.ada)
    if (user?.status === 'pending') await expectNoLogin(setup, PASSWORD)
    await expectNoLogin(setup, INTRUDERS_PASSWORD)
  },
}

const crashes = testGroup('S103 S112 a store that fails while an account is approved', [
  ...MOMENTS.map((moment) =>
    crashTest(`${moment} the verb: approving again or logging in goes on`, moment, approval, [
      'users.find: unavailable, then approving again',
      'oneTimeTokens.list: unavailable, then approving again',
      'users.find: unavailable, then approving again',
      `users.update: unavailable, then ${moment === 'before' ? 'approving again' : 'logging in'}`,
      'oneTimeTokens.take: done, then logging in',
      'events.append: done, then logging in',
    ]),
  ),
])

export const approvalGroups = [approvals, crashes]

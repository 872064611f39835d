import { expectEqual, expectMembers } from '../assertions.ts'
import {
  answerOf,
  expectAnswer,
  INTRUDERS_PASSWORD,
  NEW_PASSWORD,
  PASSWORD,
  recordOf,
} from './account.ts'
import { wrongCode } from './codes.ts'
import { phoneOf, type Setup, settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

/** The code of the newest text message to the number, once nothing is left to do. */
export async function codeTo({ outbox, ...setup }: Setup, phone: string): Promise<string> {
  await settle({ outbox, ...setup })
  return outbox.messages.findLast(({ to }) => to === phone)?.code ?? ''
}

/** The number as people write it. */
function spelled(phone: string): string {
  return `+1 (${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`
}

export const phones = testGroup('a phone number', [
  testCase('S013 S019 opens an account by its code, however it is written', async ({ setUp }) => {
    const setup = setUp({ identifiers: ['phone'] })
    const { auth, store, ada } = setup
    const phone = phoneOf(ada)
    await auth.register({ phone: spelled(phone), password: PASSWORD })
    const early = auth.login({ identifier: phone, password: PASSWORD })
    await expectAnswer(early, 'account_not_activated', 'the login before')
    const code = await codeTo(setup, phone)
    const wrong = auth.activate({ identifier: phone, code: wrongCode(code, 1) })
    await expectAnswer(wrong, 'invalid_one_time_token', 'another code')
    const user = await auth.activate({ identifier: spelled(phone), code })
    expectMembers(user, { phone, phoneVerified: true, email: null, emailVerified: false })
    const again = auth.activate({ identifier: phone, code })
    await expectAnswer(again, 'invalid_one_time_token', 'the code, used again')
    for (const identifier of [phone, spelled(phone)]) {
      const { user: same } = await auth.login({ identifier, password: PASSWORD })
      expectEqual(same.id, user.id, `who logs in as ${identifier}`)
    }
    const found = await store.users.findByIdentifier({ kind: 'phone', value: phone })
    expectEqual(found?.id, user.id, 'who is found by the number')
  }),

  testCase('S080 sets a new password by its code', async ({ setUp }) => {
    const setup = setUp({ identifiers: ['phone'] })
    const { auth, ada } = setup
    const phone = phoneOf(ada)
    await auth.createUser({ phone, password: PASSWORD })
    await auth.forgotPassword({ identifier: phone })
    const code = await codeTo(setup, phone)
    await auth.resetPassword({ identifier: phone, code, newPassword: NEW_PASSWORD })
    const { user } = await auth.login({ identifier: phone, password: NEW_PASSWORD })
    expectMembers(user, { phone, phoneVerified: true })
    const old = auth.login({ identifier: phone, password: PASSWORD })
    await expectAnswer(old, 'invalid_credentials', 'the login with the password before')
  }),

  testCase('S113 belongs to one', async ({ setUp }) => {
    const setup = setUp({ identifiers: ['email', 'phone'], activation: 'none' })
    const { auth, ada, mallory } = setup
    const phone = phoneOf(ada)
    await auth.createUser({ email: ada.email, phone, password: PASSWORD })
    const other = { email: mallory.email, phone, password: INTRUDERS_PASSWORD }
    await expectAnswer(auth.createUser(other), 'phone_taken', 'the same number')
    await expectAnswer(auth.register(other), 'done', 'a registration of the same number')
    expectEqual(await recordOf(setup, mallory), null, 'the record of the other address')
    const answer = await answerOf(auth.login({ identifier: phone, password: INTRUDERS_PASSWORD }))
    expectEqual(answer, 'invalid_credentials', "the intruder's login")
  }),

  testCase('S021 is given to an account when it is proved, and not before', async ({ setUp }) => {
    const setup = setUp({ identifiers: ['email', 'phone'] })
    const { auth, store, ada } = setup
    const phone = phoneOf(ada)
    await auth.register({ email: ada.email, phone: spelled(phone), password: PASSWORD })
    const code = await codeTo(setup, ada.email)
    await auth.activate({ identifier: ada.email, code })
    const proof = await codeTo(setup, phone)
    const before = await store.users.findByIdentifier({ kind: 'phone', value: phone })
    expectEqual(before, null, 'who has the number before')
    const { accessToken } = await auth.login({ identifier: ada.email, password: PASSWORD })
    await auth.confirmPhone(await auth.authenticate(accessToken), { code: proof })
    const { user } = await auth.login({ identifier: phone, password: PASSWORD })
    expectMembers(user, { email: ada.email, phone, emailVerified: true, phoneVerified: true })
  }),
])

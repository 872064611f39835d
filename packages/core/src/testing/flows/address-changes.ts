import { expectEqual, expectMembers } from '../assertions.ts'
import {
  accountOf,
  answerOf,
  expectAlive,
  expectAnswer,
  expectNoLogin,
  expectOver,
  INTRUDERS_PASSWORD,
  loginOf,
  NEW_PASSWORD,
  newest,
  PASSWORD,
  recordOf,
  registered,
  secretsOf,
  tokenIn,
} from './account.ts'
import { expectRestored, move, moved, movedAccount, moveRequested } from './moves.ts'
import { type Setup, settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

export const addressChanges = testGroup('another e-mail address', [
  ...(['token', 'code'] as const).map((means) =>
    testCase(`S083 is there once its ${means} came back`, async ({ setUp }) => {
      const setup = setUp()
      const account = await accountOf(setup)
      const proof = await moveRequested(setup, account)
      await loginOf(setup)
      const user = await setup.auth.confirmEmail(account.principal, { [means]: proof[means] })
      expectMembers(user, { ...account.user, email: moved(setup).email })
      await loginOf(setup, PASSWORD, moved(setup))
      await expectNoLogin(setup, PASSWORD)
      await expectAlive(setup, account.session, 'the session')
      const again = setup.auth.confirmEmail(account.principal, { [means]: proof[means] })
      await expectAnswer(again, 'invalid_one_time_token', `the ${means}, used`)
    }),
  ),

  testCase('S083 is not taken from who has it', async ({ setUp }) => {
    const setup = setUp()
    const account = await accountOf(setup)
    const { user } = await accountOf(setup, setup.mallory)
    const { token } = await moveRequested(setup, account, setup.mallory)
    const confirm = setup.auth.confirmEmail(account.principal, { token })
    await expectAnswer(confirm, 'email_taken', 'the confirmation of an address with an owner')
    expectEqual((await recordOf(setup, setup.mallory))?.id, user.id, 'whose the address is')
    expectEqual((await recordOf(setup, setup.ada))?.id, account.user.id, 'whose the old one is')
  }),

  testCase('S021 S083 is taken from who registered it and never proved it', async ({ setUp }) => {
    const setup = setUp()
    const account = await accountOf(setup)
    const theirs = await registered(setup, setup.mallory, INTRUDERS_PASSWORD)
    await move(setup, account, setup.mallory)
    expectEqual((await recordOf(setup, setup.mallory))?.id, account.user.id, 'whose it is')
    const activation = setup.auth.activate({ token: theirs.token })
    await expectAnswer(activation, 'invalid_one_time_token', 'the link of the registration')
    const intruder = answerOf(loginOf(setup, INTRUDERS_PASSWORD, setup.mallory))
    expectEqual(await intruder, 'invalid_credentials', 'who registered it, and logs in')
    await loginOf(setup, PASSWORD, setup.mallory)
  }),

  testCase('S083 is undone from the old one, whatever became of the password', async (bench) => {
    const setup = bench.setUp()
    const { user, session, undo } = await movedAccount(setup)
    await setup.auth.undoEmailChange({ token: undo })
    await expectOver(setup, session, 'a session from before')
    await expectRestored(setup, user.id)
    const again = setup.auth.undoEmailChange({ token: undo })
    await expectAnswer(again, 'invalid_one_time_token', 'the link, used')
  }),

  testCase('S083 is undone to the first of several', async ({ setUp }) => {
    const setup = setUp()
    const account = await movedAccount(setup)
    await move(setup, account, moved(setup, 'again'))
    const notice = await newest(setup, 'email_changed', moved(setup))
    expectEqual(tokenIn(notice), '', 'the link to the second address')
    await setup.auth.undoEmailChange({ token: account.undo })
    await expectRestored(setup, account.user.id)
    expectEqual(await recordOf(setup, moved(setup, 'again')), null, 'who has the last address')
  }),
])

export const addressVerifications = testGroup('the address of an open account', [
  testCase('S019 is proved by its link, without a session', async ({ setUp }) => {
    const setup = setUp({ activation: 'none' })
    const { principal, user } = await unverified(setup)
    await setup.auth.sendEmailVerification(principal)
    const { token } = await secretsOf(setup, 'change_email')
    const verified = await setup.auth.verifyEmail({ token })
    expectMembers(verified, { ...user, emailVerified: true })
    await setup.auth.authenticate((await loginOf(setup)).accessToken)
    const again = setup.auth.verifyEmail({ token })
    await expectAnswer(again, 'invalid_one_time_token', 'the link, used')
    await setup.auth.sendEmailVerification(principal)
    await settle(setup)
    const sent = setup.outbox.messages.filter(({ kind }) => kind === 'change_email')
    expectEqual(sent.length, 1, 'how many messages went out')
  }),

  testCase('S083 is not replaced without a session', async ({ setUp }) => {
    const setup = setUp()
    const account = await accountOf(setup)
    const { token } = await moveRequested(setup, account)
    const foreign = setup.auth.verifyEmail({ token })
    await expectAnswer(foreign, 'invalid_one_time_token', 'a link to another address')
    await setup.auth.confirmEmail(account.principal, { token })
    const used = setup.auth.verifyEmail({ token })
    await expectAnswer(used, 'invalid_one_time_token', 'the same link, used')
  }),

  testCase('S083 is not proved once it is another, nor for who is disabled', async ({ setUp }) => {
    const setup = setUp({ activation: 'none' })
    const { principal, user } = await unverified(setup)
    await setup.auth.sendEmailVerification(principal)
    const { token } = await secretsOf(setup, 'change_email')
    await setup.auth.disableUser('system', user.id)
    const shutOut = setup.auth.verifyEmail({ token })
    await expectAnswer(shutOut, 'invalid_one_time_token', 'the link of an account that is disabled')
    await setup.auth.enableUser('system', user.id)
    await setup.auth.updateUser('system', user.id, { email: moved(setup).email })
    const late = setup.auth.verifyEmail({ token })
    await expectAnswer(late, 'invalid_one_time_token', 'the link to an address that was replaced')
    expectEqual((await recordOf(setup, moved(setup)))?.emailVerifiedAt, null, 'the new address')
  }),

  testCase('S021 is not proved once the password is another', async ({ setUp }) => {
    const setup = setUp({ activation: 'none' })
    const { principal } = await unverified(setup)
    await setup.auth.sendEmailVerification(principal)
    const { token } = await secretsOf(setup, 'change_email')
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    await setup.auth.changePassword(principal, input)
    const late = setup.auth.verifyEmail({ token })
    await expectAnswer(late, 'invalid_one_time_token', 'a link from before')
  }),
])

/** An account that is open though nobody proved its address, logged in. */
async function unverified(setup: Setup) {
  await setup.auth.register({ email: setup.ada.email, password: PASSWORD })
  const { accessToken, user } = await loginOf(setup)
  expectEqual(user.emailVerified, false, 'whether the address is proved')
  return { user, principal: await setup.auth.authenticate(accessToken) }
}

import type { Store } from '../../store.ts'
import { HOUR } from '../../time.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { interceptedStore } from '../intercepted-store.ts'
import { MANY } from '../store/race.ts'
import { accountOf, answerOf, loginOf, newest, PASSWORD, recordOf, tokenIn } from './account.ts'
import { expectRestored, move, moved, movedAccount, moveRequested } from './moves.ts'
import { raceTests, tally } from './race-test.ts'
import type { Setup } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

const ONE_IS_DONE = { done: 1, invalid_one_time_token: MANY - 1 }

/** How many messages of that kind were sent. */
function sentOf({ outbox }: Setup, wanted: string): number {
  return outbox.messages.filter(({ kind }) => kind === wanted).length
}

const confirming = testGroup('S083 fifty confirmations of an e-mail address at once', [
  ...raceTests(
    'by one link: exactly one is done, and the old address can undo it',
    { meetAt: 'users.update' },
    async ({ first, atOnce, settled }) => {
      const account = await accountOf(first)
      const { token } = await moveRequested(first, account)
      const answers = await atOnce(({ auth }) =>
        answerOf(auth.confirmEmail(account.principal, { token })),
      )
      expectEqual(tally(answers), ONE_IS_DONE, 'the answers')
      await settled()
      expectEqual(sentOf(first, 'email_changed'), 1, 'how many notices go to the old address')
      expectEqual((await recordOf(first, moved(first)))?.id, account.user.id, 'whose it is')
      await first.auth.undoEmailChange({ token: tokenIn(await newest(first, 'email_changed')) })
      await expectRestored(first, account.user.id)
    },
  ),

  ...raceTests(
    'by one code: exactly one is done',
    { meetAt: 'users.update' },
    async ({ first, atOnce }) => {
      const account = await accountOf(first)
      const { code } = await moveRequested(first, account)
      const answers = await atOnce(({ auth }) =>
        answerOf(auth.confirmEmail(account.principal, { code })),
      )
      expectEqual(tally(answers), ONE_IS_DONE, 'the answers')
      expectEqual((await recordOf(first, moved(first)))?.id, account.user.id, 'whose it is')
    },
  ),

  ...raceTests(
    'by the owners of two accounts: the address goes to one of them',
    { meetAt: 'users.update' },
    async ({ first, atOnce }) => {
      const accounts = [await accountOf(first), await accountOf(first, first.mallory)] as const
      const tokens = [
        (await moveRequested(first, accounts[0])).token,
        (await moveRequested(first, accounts[1])).token,
      ] as const
      const answers = await atOnce(({ auth }, index) => {
        const which = index % 4 < 2 ? 0 : 1
        return answerOf(auth.confirmEmail(accounts[which].principal, { token: tokens[which] }))
      })
      const { done, email_taken: taken = 0, invalid_one_time_token: void_ = 0 } = tally(answers)
      expectEqual([done, taken > 0, taken + void_], [1, true, MANY - 1], 'the answers')
      const winner = answers.indexOf('done') % 4 < 2 ? 0 : 1
      const holder = await recordOf(first, moved(first))
      expectEqual(holder?.id, accounts[winner].user.id, 'whose the address is')
    },
  ),
])

const requesting = testGroup('S083 fifty changes of an e-mail address at once', [
  ...raceTests(
    'to two addresses: what confirms one was sent to it',
    { meetAt: 'oneTimeTokens.put' },
    async ({ first, atOnce, settled }) => {
      const { principal } = await accountOf(first)
      const emails = [moved(first, 'attacker').email, moved(first, 'victim').email] as const
      await atOnce(({ auth }, index) => {
        const email = emails[index % 2 === 0 ? 0 : 1]
        return auth.changeEmail(principal, { email, currentPassword: PASSWORD })
      })
      await settled()
      const sent = first.outbox.messages.filter(({ kind }) => kind === 'change_email')
      expectEqual(sent.length, MANY, 'how many links are sent')
      let confirmed = 0
      for (const message of sent) {
        const call = first.auth.confirmEmail(principal, { token: tokenIn(message) })
        const user = await call.catch(() => null)
        if (user === null) continue
        confirmed += 1
        expectEqual(user.email, message.to, 'the address that was confirmed')
      }
      expectEqual(confirmed, 1, 'how many of the links confirm')
    },
  ),

  ...raceTests(
    'while another is confirmed: what is not proved is not there',
    { meetAt: 'oneTimeTokens.take' },
    async ({ first, atOnce, settled }) => {
      const account = await accountOf(first)
      const { principal } = account
      const attacker = moved(first, 'attacker')
      const victim = moved(first, 'victim')
      const { token } = await moveRequested(first, account, attacker)
      await atOnce(({ auth }, index) =>
        index % 4 < 2
          ? answerOf(auth.confirmEmail(principal, { token }))
          : answerOf(
              auth.changeEmail(principal, { email: victim.email, currentPassword: PASSWORD }),
            ),
      )
      await settled()
      expectEqual(await recordOf(first, victim), null, 'who has the address that nobody proved')
      const { email } = await first.auth.loadUser(principal)
      expectTrue([first.ada.email, attacker.email].includes(email ?? ''), 'an address that is')
    },
  ),
])

const undoing = testGroup('S083 fifty who undo a change of an e-mail address at once', [
  ...raceTests(
    'exactly one does, and the owner can choose a password',
    { meetAt: 'users.update' },
    async ({ first, atOnce, settled }) => {
      const { user, undo } = await movedAccount(first)
      const answers = await atOnce(({ auth }) => answerOf(auth.undoEmailChange({ token: undo })))
      expectEqual(tally(answers), ONE_IS_DONE, 'the answers')
      await settled()
      expectEqual(sentOf(first, 'reset_password'), 1, 'how many links are sent')
      await expectRestored(first, user.id)
    },
  ),

  ...raceTests(
    'while the thief moves on: the owner has it again',
    { meetAt: 'users.update' },
    async ({ first, atOnce, settled }) => {
      const account = await movedAccount(first)
      const { token } = await moveRequested(first, account, moved(first, 'again'))
      const answers = await atOnce(({ auth }, index) =>
        index % 4 < 2
          ? answerOf(auth.undoEmailChange({ token: account.undo }))
          : answerOf(auth.confirmEmail(account.principal, { token })),
      )
      await settled()
      const undone = answers.filter((answer, index) => index % 4 < 2 && answer === 'done')
      expectEqual(undone.length, 1, 'how many undo it')
      const notice = await newest(first, 'email_changed', moved(first))
      expectEqual(tokenIn(notice), '', 'the link to the address of the thief')
      await expectRestored(first, account.user.id)
      const thief = loginOf(first, PASSWORD, moved(first, 'again'))
      expectEqual(await answerOf(thief), 'invalid_credentials', 'the thief, who logs in')
    },
  ),
])

/** A store that keeps back from its caller that the next write to a user is done. */
function slowStore(store: Store) {
  const written = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  let isArmed = false
  return {
    store: interceptedStore(store, async (verb, run) => {
      const result = await run()
      if (isArmed && verb === 'users.update') {
        isArmed = false
        written.resolve()
        await held.promise
      }
      return result
    }),
    /** Resolves when the write of the call is done, with how to let the call go on to its end. */
    async hold<T>(call: () => Promise<T>): Promise<() => Promise<T>> {
      isArmed = true
      const under = call()
      await written.promise
      return () => {
        held.resolve()
        return under
      }
    },
  }
}

const overtaking = testGroup('S083 a change of an e-mail address that another one overtakes', [
  testCase('is told to the first address, which can undo both', async (bench) => {
    const { store, hold } = slowStore(bench.store)
    const setup = bench.setUp({ store })
    const account = await accountOf(setup)
    const { token } = await moveRequested(setup, account)
    const finish = await hold(() => setup.auth.confirmEmail(account.principal, { token }))
    await move(setup, account, moved(setup, 'again'))
    await finish()
    const second = await newest(setup, 'email_changed', moved(setup))
    expectEqual([second?.kind, tokenIn(second)], ['email_changed', ''], 'what the second is told')
    const undo = tokenIn(await newest(setup, 'email_changed'))
    await setup.auth.undoEmailChange({ token: undo })
    await expectRestored(setup, account.user.id)
    expectEqual(await recordOf(setup, moved(setup, 'again')), null, 'who has the last address')
  }),

  testCase('is told to the first address, though the link expires meanwhile', async (bench) => {
    const { store, hold } = slowStore(bench.store)
    const setup = bench.setUp({ store })
    const account = await accountOf(setup)
    const { token } = await moveRequested(setup, account)
    const finish = await hold(() => setup.auth.confirmEmail(account.principal, { token }))
    setup.clock.advance(HOUR)
    await finish()
    await setup.auth.undoEmailChange({ token: tokenIn(await newest(setup, 'email_changed')) })
    await expectRestored(setup, account.user.id)
  }),
])

export const addressRaces = [overtaking, confirming, requesting, undoing]

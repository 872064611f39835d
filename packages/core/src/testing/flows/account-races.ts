import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import { MANY } from '../store/race.ts'
import {
  answerOf,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  loginOf,
  PASSWORD,
  recordOf,
  registered,
  secretsOf,
  tokenIn,
} from './account.ts'
import { wrongCode } from './codes.ts'
import { type Nodes, raceTests, tally } from './race-test.ts'
import { testGroup } from './test-case.ts'

const ONE_IS_DONE = { done: 1, invalid_one_time_token: MANY - 1 }

/** How many events of that type were told, on all nodes. */
function toldOf({ first }: Nodes, wanted: string): number {
  return first.events.filter(({ type }) => type === wanted).length
}

function passwordOf(index: number): string {
  return `${PASSWORD} of number ${index}`
}

const registering = testGroup('S113 fifty registrations at once', [
  ...raceTests(
    'of one address make one account, and all are answered alike',
    { meetAt: 'users.insert' },
    async (nodes) => {
      const { first, atOnce, settled } = nodes
      const { ada } = first
      const answers = await atOnce(({ auth }, index) => {
        const email = index % 3 === 0 ? ada.email.toUpperCase() : ada.email
        return answerOf(auth.register({ email, password: passwordOf(index) }))
      })
      expectEqual(tally(answers), { done: MANY }, 'the answers')
      await settled()
      expectEqual(toldOf(nodes, 'user.registered'), 1, 'how many accounts are told of')
      const sent = first.outbox.messages.filter(({ kind }) => kind.startsWith('activate'))
      const kinds = { activate: 1, activate_again: MANY - 1 }
      expectEqual(tally(sent.map(({ kind }) => kind)), kinds, 'the activation messages')
      expectMembers(await recordOf(first, ada), { status: 'pending', passwordHash: null })
    },
  ),

  ...raceTests(
    'of one address, with one of them activated, open with its password only',
    { meetAt: 'users.insert' },
    async (nodes) => {
      const { first, atOnce, settled } = nodes
      const { auth, ada, outbox } = first
      await atOnce((node, index) =>
        node.auth.register({ email: ada.email, password: passwordOf(index) }),
      )
      await settled()
      const [message] = outbox.messages
      expectTrue(message !== undefined, 'a message goes to the address')
      await auth.activate({ token: tokenIn(message) })
      const answers = await atOnce((node, index) => answerOf(loginOf(node, passwordOf(index))))
      // The newest registration is shown for a day as one that waits, whoever the address belongs to (S012).
      const {
        done,
        account_not_activated: shown = 0,
        invalid_credentials: refused,
      } = tally(answers)
      expectEqual([done, shown <= 1, shown + (refused ?? 0)], [1, true, MANY - 1], 'the logins')
      await expectNoHalfOpenAccount(first)
    },
  ),

  ...raceTests(
    'of one username go to one of them',
    { meetAt: 'users.insert', options: { identifiers: ['email', 'username'] } },
    async ({ first, atOnce }) => {
      const { ada } = first
      const answers = await atOnce(({ auth }, index) => {
        const email = `number-${index}@example.com`
        return answerOf(auth.register({ email, username: ada.username, password: PASSWORD }))
      })
      expectEqual(tally(answers), { done: 1, username_taken: MANY - 1 }, 'the answers')
    },
  ),
])

const activating = testGroup('S112 fifty activations at once', [
  ...raceTests(
    'by one link: exactly one opens the account',
    { meetAt: 'users.update' },
    async (nodes) => {
      const { first, atOnce, settled } = nodes
      const { token } = await registered(first)
      const answers = await atOnce(({ auth }) => answerOf(auth.activate({ token })))
      expectEqual(tally(answers), ONE_IS_DONE, 'the answers')
      await settled()
      expectEqual(toldOf(nodes, 'user.activated'), 1, 'how many activations are told of')
      await expectLogin(first, PASSWORD)
    },
  ),

  ...raceTests(
    'by one code: exactly one opens the account',
    { meetAt: 'users.update' },
    async (nodes) => {
      const { first, atOnce, settled } = nodes
      const { code } = await registered(first)
      const proof = { identifier: first.ada.email, code }
      const answers = await atOnce(({ auth }) => answerOf(auth.activate(proof)))
      expectEqual(tally(answers), ONE_IS_DONE, 'the answers')
      await settled()
      expectEqual(toldOf(nodes, 'user.activated'), 1, 'how many activations are told of')
      await expectLogin(first, PASSWORD)
    },
  ),

  ...raceTests(
    'S021 by the links of two registrations: the password is that of the winner',
    { meetAt: 'users.update' },
    async ({ first, atOnce }) => {
      const { auth, ada } = first
      const mine = await registered(first)
      await auth.register({ email: ada.email, password: INTRUDERS_PASSWORD })
      const theirs = await secretsOf(first, 'activate_again')
      const answers = await atOnce(async (node, index) => {
        const isMine = index % 4 < 2
        const { token } = isMine ? mine : theirs
        return `${await answerOf(node.auth.activate({ token }))} ${isMine ? 'mine' : 'theirs'}`
      })
      const winners = answers.filter((answer) => answer.startsWith('done'))
      expectEqual(winners.length, 1, 'the number of activations')
      const isMine = winners[0] === 'done mine'
      await expectLogin(first, isMine ? PASSWORD : INTRUDERS_PASSWORD)
      await expectNoLogin(first, isMine ? INTRUDERS_PASSWORD : PASSWORD)
    },
  ),

  ...raceTests(
    'S028 by guessed codes: no more than five are judged',
    { meetAt: 'oneTimeTokens.tryCode' },
    async (nodes) => {
      const { first, atOnce, settled } = nodes
      const { token, code } = await registered(first)
      const identifier = first.ada.email
      const answers = await atOnce(({ auth }, index) =>
        answerOf(auth.activate({ identifier, code: wrongCode(code, index + 1) })),
      )
      expectEqual(tally(answers), { invalid_one_time_token: MANY }, 'the answers')
      await settled()
      const right = await answerOf(first.auth.activate({ identifier, code }))
      expectEqual(right, 'invalid_one_time_token', 'the right code, after all guesses')
      expectEqual(await answerOf(first.auth.activate({ token })), 'done', 'the link')
    },
  ),
])

const creating = testGroup('S113 fifty accounts made at once by the application', [
  ...raceTests('of one address: exactly one is made', { meetAt: 'users.insert' }, async (nodes) => {
    const { first, atOnce, settled } = nodes
    const { email } = first.ada
    const answers = await atOnce(({ auth }, index) =>
      answerOf(auth.createUser({ email, password: passwordOf(index) })),
    )
    expectEqual(tally(answers), { done: 1, email_taken: MANY - 1 }, 'the answers')
    await settled()
    expectEqual(toldOf(nodes, 'user.created'), 1, 'how many accounts are told of')
    await expectLogin(first, passwordOf(answers.indexOf('done')))
  }),

  ...raceTests(
    'of an address that waits: exactly one takes it over',
    { meetAt: 'users.update' },
    async ({ first, atOnce }) => {
      const { token } = await registered(first, first.ada, INTRUDERS_PASSWORD)
      const { email } = first.ada
      const answers = await atOnce(({ auth }, index) =>
        answerOf(auth.createUser({ email, password: passwordOf(index) })),
      )
      expectEqual(tally(answers), { done: 1, email_taken: MANY - 1 }, 'the answers')
      const late = await answerOf(first.auth.activate({ token }))
      expectEqual(late, 'invalid_one_time_token', "the stranger's link")
      await expectLogin(first, passwordOf(answers.indexOf('done')))
    },
  ),
])

export const accountRaces = [registering, activating, creating]

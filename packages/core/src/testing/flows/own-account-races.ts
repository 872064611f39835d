import type { StartedSession } from '../../shown.ts'
import { DAY } from '../../time.ts'
import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import { MANY } from '../store/race.ts'
import {
  accountOf,
  answerOf,
  expectNoLogin,
  expectOver,
  loginOf,
  NEW_PASSWORD,
  PASSWORD,
  recordOf,
} from './account.ts'
import { WITH_PROFILES } from './own-account.ts'
import { raceTests, tally } from './race-test.ts'
import { nodeBeside, settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

const proof = { currentPassword: PASSWORD }

const changing = testGroup('an own account that is changed fifty times at once', [
  ...raceTests(
    'has every member of its profile that somebody was told is there',
    { meetAt: 'users.update', options: WITH_PROFILES },
    async ({ first, atOnce }) => {
      const { principal } = await accountOf(first)
      const answers = await atOnce(({ auth }, index) =>
        answerOf(auth.updateAccount(principal, { profile: { [`number-${index}`]: 'here' } })),
      )
      const known = answers.every((answer) => ['done', 'unavailable'].includes(answer))
      expectTrue(known, `each is done or may try again: ${JSON.stringify(tally(answers))}`)
      const done = answers.flatMap((answer, index) =>
        answer === 'done' ? [`number-${index}`] : [],
      )
      const { profile } = await first.auth.loadUser(principal)
      expectEqual(Object.keys(profile).sort(), done.sort(), 'the members of the profile')
      expectTrue(done.length > 1, 'more than one is done')
    },
  ),

  ...raceTests(
    'S016 to the name that another wants: one of them has it',
    { meetAt: 'users.update', options: WITH_PROFILES },
    async ({ first, atOnce }) => {
      const { username } = first.ada
      const accounts = [await accountOf(first), await accountOf(first, first.mallory)] as const
      const answers = await atOnce(async ({ auth }, index) => {
        const { principal } = accounts[index % 4 < 2 ? 0 : 1]
        if (index >= 4) return 'idle'
        return answerOf(auth.updateAccount(principal, { ...proof, username }))
      })
      const { done = 0, username_taken: taken } = tally(answers)
      expectEqual([done >= 1, taken], [true, 2], 'the answers')
      const winner = answers.indexOf('done') < 2 ? 0 : 1
      const holder = await first.store.users.findByIdentifier({ kind: 'username', value: username })
      expectEqual(holder?.id, accounts[winner].user.id, 'whose the name is')
    },
  ),
])

const deleting = testGroup('an account that its owner deletes, amid others', [
  ...raceTests(
    'S092 fifty times at once: exactly one does',
    { meetAt: 'users.update' },
    async ({ first, atOnce, settled }) => {
      const { principal } = await accountOf(first)
      const answers = await atOnce(({ auth }) => answerOf(auth.deleteAccount(principal, proof)))
      const { done, ...others } = tally(answers)
      expectEqual([done, others], [1, { invalid_token: MANY - 1 }], 'the answers')
      await settled()
      const told = first.outbox.messages.filter(({ kind }) => kind === 'account_deleted')
      expectEqual(told.length, 1, 'how often the owner is told')
    },
  ),

  ...raceTests(
    'S092 amid fifty logins: no session of it is left',
    { meetAt: 'sessions.insert' },
    async ({ first, atOnce, settled }) => {
      const { principal, user } = await accountOf(first)
      const opened = await atOnce(async (node, index) => {
        if (index !== MANY / 2) return loginOf(node).catch(() => null)
        await node.auth.deleteAccount(principal, proof)
        return null
      })
      await settled()
      const sessions = opened.filter((session) => session !== null)
      for (const session of sessions) await expectOver(first, session, 'a login while it went')
      await expectNoLogin(first, PASSWORD)
      expectMembers(await first.store.users.find(user.id), { status: 'deleted', email: null })
    },
  ),

  ...raceTests(
    'S080 while its password changes: one of both is done',
    { meetAt: 'users.update' },
    async ({ first, atOnce, settled }) => {
      const { auth } = first
      const { principal, user } = await accountOf(first)
      const other = await auth.authenticate((await loginOf(first)).accessToken)
      const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
      const answers = await atOnce((node, index) =>
        answerOf(
          index % 4 < 2
            ? node.auth.deleteAccount(principal, proof)
            : node.auth.changePassword(other, change),
        ),
      )
      await settled()
      expectEqual(answers.filter((answer) => answer === 'done').length, 1, 'how many are done')
      const isDeleted = answers.indexOf('done') % 4 < 2
      const found = await first.store.users.find(user.id)
      expectMembers(found, { status: isDeleted ? 'deleted' : 'active' })
      await expectNoLogin(first, PASSWORD)
    },
  ),

  testCase('S092 when its time comes: a login keeps it, or comes too late', async (bench) => {
    const first = bench.setUp({ deletionGrace: DAY })
    const ahead = nodeBeside(bench, first, {
      deletionGrace: DAY,
      now: () => new Date(first.clock.now().getTime() + 1000),
    })
    const { principal, user } = await accountOf(first)
    await first.auth.deleteAccount(principal, proof)
    first.clock.advance(DAY - 1)
    const [login] = await Promise.all([
      loginOf(first).catch((): StartedSession | null => null),
      ahead.auth.prune(),
    ])
    await settle(first, ahead)
    const found = await first.store.users.find(user.id)
    if (found?.status === 'active') {
      expectEqual([found.deleteAfter, login !== null], [null, true], 'an account that is kept')
    } else {
      expectMembers(found, { status: 'deleted', email: null })
      if (login !== null) await expectOver(first, login, 'a login that came too late')
      expectEqual(await recordOf(first, first.ada), null, 'who has the address')
    }
  }),
])

export const ownAccountRaces = [changing, deleting]

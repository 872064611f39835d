import { expectEqual, expectTrue } from '../assertions.ts'
import { MANY } from '../store/race.ts'
import { answerOf, expectLogin, PASSWORD, secretsOf } from './account.ts'
import { raceTests, tally } from './race-test.ts'
import type { Setup } from './set-up.ts'
import { testGroup } from './test-case.ts'

const roles = ['user', 'admin']

/** How many administrators there are, and how many of them bear a mark. */
async function administratorsOf({ store }: Setup, ids: readonly string[]) {
  const users = await Promise.all(ids.map((id) => store.users.find(id)))
  const active = users.filter((user) => user?.status === 'active' && user.roles.includes('admin'))
  return { active: active.length, marked: active.filter((user) => user?.leavingAdmin).length }
}

const leaving = testGroup('S090 fifty attempts at once to take the administrators away', [
  ...raceTests('leave one of two', { meetAt: 'users.countAdmins' }, async (nodes) => {
    const { first, atOnce } = nodes
    const { auth, ada, mallory } = first
    const one = await auth.createUser({ email: ada.email, password: PASSWORD, roles })
    const other = await auth.createUser({ email: mallory.email, password: PASSWORD, roles })
    const answers = await atOnce((node, index) => {
      const { id } = index % 2 === 0 ? one : other
      return answerOf(
        index % 4 < 2
          ? node.auth.setRoles('system', id, { roles: ['user'] })
          : node.auth.disableUser('system', id),
      )
    })
    const { done = 0, last_administrator: refused = 0, unavailable = 0 } = tally(answers)
    expectEqual(done + refused + unavailable, MANY, 'the answers that are as they should be')
    const { active, marked } = await administratorsOf(first, [one.id, other.id])
    expectTrue(active >= 1, 'an administrator remains')
    expectTrue(marked <= active, 'no more marks than administrators')
  }),

  ...raceTests('leave one of fifty', { meetAt: 'users.countAdmins' }, async (nodes) => {
    const { first, atOnce } = nodes
    const ids: string[] = []
    for (let index = 0; index < MANY; index += 1) {
      const email = `admin-${index}@example.com`
      ids.push((await first.auth.createUser({ email, password: PASSWORD, roles })).id)
    }
    await atOnce((node, index) => answerOf(node.auth.deleteUser('system', ids[index] ?? '')))
    const { active, marked } = await administratorsOf(first, ids)
    expectTrue(active >= 1, 'an administrator remains')
    expectEqual(marked, 0, 'marks that are left')
  }),
])

const accepting = testGroup('S112 fifty who accept one invitation at once', [
  ...raceTests('open the account once', { meetAt: 'users.update' }, async (nodes) => {
    const { first, atOnce } = nodes
    await first.auth.inviteUser('system', { email: first.ada.email })
    const { token } = await secretsOf(first, 'invitation')
    const passwordOf = (index: number) => `${PASSWORD} of number ${index}`
    const answers = await atOnce((node, index) =>
      answerOf(node.auth.acceptInvitation({ token, password: passwordOf(index) })),
    )
    expectEqual(tally(answers), { done: 1, invalid_one_time_token: MANY - 1 }, 'the answers')
    await expectLogin(first, passwordOf(answers.indexOf('done')))
  }),
])

export const administrationRaces = [leaving, accepting]

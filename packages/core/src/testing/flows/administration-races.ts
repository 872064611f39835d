import type { Principal } from '../../principal.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { interceptedStore } from '../intercepted-store.ts'
import { MANY } from '../store/race.ts'
import { answerOf, expectLogin, loginOf, PASSWORD, secretsOf } from './account.ts'
import { raceTests, tally } from './race-test.ts'
import { type Bench, nodeBeside, type Setup } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

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

/**
 * Somebody acts on themselves by this call, and is authorized; then the other call is made by somebody else, and comes
 * first. Resolves the answer to their own.
 */
async function overtaken(
  bench: Bench,
  own: (setup: Setup, mallory: Member) => Promise<unknown>,
  others: (setup: Setup, mallory: Member) => Promise<unknown>,
) {
  const [begun, overtakes] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const store = interceptedStore(bench.store, async (verb, run) => {
    if (verb !== 'users.find') return run()
    begun.resolve()
    await overtakes.promise
    return run()
  })
  const first = bench.setUp()
  const { auth, ada, mallory } = first
  await auth.createUser({ email: ada.email, password: PASSWORD, roles })
  const { id } = await auth.createUser({ email: mallory.email, password: PASSWORD, roles })
  const { accessToken } = await loginOf(first, PASSWORD, mallory)
  const member = { id, principal: await auth.authenticate(accessToken) }
  const answer = answerOf(own(nodeBeside(bench, { ...first, store }), member))
  await begun.promise
  await others(first, member)
  overtakes.resolve()
  return { answer: await answer, user: await bench.store.users.find(id) }
}

interface Member {
  readonly id: string
  readonly principal: Principal
}

const fightingBack = testGroup(
  'S090 what is done to somebody while a call of theirs is under way',
  [
    testCase('takes the role that they give themselves', async (bench) => {
      const { answer, user } = await overtaken(
        bench,
        ({ auth }, { id, principal }) => auth.setRoles(principal, id, { roles }),
        ({ auth }, { id }) => auth.setRoles('system', id, { roles: ['user'] }),
      )
      expectEqual([answer, user?.roles], ['token_stale', ['user']], 'the answer, and the roles')
    }),

    testCase('closes the account that they open', async (bench) => {
      const { answer, user } = await overtaken(
        bench,
        ({ auth }, { id, principal }) => auth.enableUser(principal, id),
        ({ auth }, { id }) => auth.disableUser('system', id),
      )
      expectEqual(
        [answer, user?.status],
        ['invalid_token', 'disabled'],
        'the answer, and the status',
      )
    }),
  ],
)

export const administrationRaces = [leaving, accepting, fightingBack]

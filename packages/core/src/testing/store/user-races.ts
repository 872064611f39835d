import type { User } from '../../records.ts'
import type { Store } from '../../store.ts'
import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import { KINDS } from './closed-unions.ts'
import { fifty, MANY, race, raceToReject } from './race.ts'
import { at, aUser } from './records.ts'
import { rule, section } from './rule.ts'
import { insertAll, storedUser } from './stored-records.ts'

const ADA = { kind: 'username', value: 'ada' } as const

const unique = section(`users, ${MANY} calls at once, one identifier`, [
  ...KINDS.map((kind) =>
    rule(`S112 S113 lets exactly one of the inserts of one ${kind} in`, async (store) => {
      const users = fifty(() => aUser({ email: null, [kind]: 'wanted' }))
      const { resolved, reasons } = await raceToReject(store, users, async (user) => {
        await store.users.insert(user)
        return user
      })
      expectEqual(resolved.length, 1)
      expectAllTaken(reasons, kind)
      expectEqual(await store.users.findByIdentifier({ kind, value: 'wanted' }), resolved[0])
      expectEqual(await stored(store, users), resolved)
    }),
  ),

  rule('S112 lets exactly one of the inserts of one id in', async (store) => {
    const { id } = aUser()
    const users = fifty((index) => aUser({ id, email: `${index}@example.com` }))
    const { resolved, reasons } = await raceToReject(store, users, async (user) => {
      await store.users.insert(user)
      return user
    })
    expectEqual(resolved.length, 1)
    expectAllTaken(reasons, 'id')
    expectEqual(await store.users.find(id), resolved[0])
  }),

  ...KINDS.map((kind) =>
    rule(`S112 gives one ${kind} that many updates want to exactly one`, async (store) => {
      const users = fifty(() => aUser())
      await insertAll(users, (user) => store.users.insert(user))
      const { resolved, reasons } = await raceToReject(store, users, ({ id }) =>
        store.users.update(id, 1, { [kind]: 'wanted' }),
      )
      expectEqual(resolved.length, 1)
      expectAllTaken(reasons, kind)
      expectEqual(await store.users.findByIdentifier({ kind, value: 'wanted' }), resolved[0])
      const untouched = (await stored(store, users)).filter(({ version }) => version === 1)
      expectEqual(untouched.length, MANY - 1)
    }),
  ),

  rule('S112 gives an identifier to an insert or to an update, never to both', async (store) => {
    const users = fifty(() => aUser())
    await insertAll(users, (user) => store.users.insert(user))
    const { resolved, reasons } = await raceToReject(store, users, async ({ id }, index) => {
      if (index % 2 === 0) return store.users.update(id, 1, { username: 'wanted' })
      return store.users.insert(aUser({ username: 'wanted' }))
    })
    expectEqual(resolved.length, 1)
    expectAllTaken(reasons, 'username')
  }),
])

const versions = section(`users, ${MANY} calls at once, one record`, [
  rule('S112 lets exactly one of the updates from one version win', async (store) => {
    const { id } = await storedUser(store)
    const writers = fifty((writer) => ({ profile: { writer } }))
    const results = await race(store, writers, (patch) => store.users.update(id, 1, patch))
    const winners = results.filter((result) => result !== null)
    expectEqual(winners.length, 1)
    expectMembers(winners[0], { version: 2, profile: { writer: results.findIndex(Boolean) } })
    expectEqual(await store.users.find(id), winners[0])
  }),

  rule('loses no update of those that try again', async (store) => {
    const { id } = await storedUser(store)
    // A store that tells nobody of a win would have this go on for ever.
    const rounds = fifty((round) => round)
    await race(store, rounds, async () => {
      for (const _ of rounds) {
        const now = await storedNow(store, id)
        const patch = { credentialEpoch: now.credentialEpoch + 1 }
        if ((await store.users.update(id, now.version, patch)) !== null) return
      }
    })
    const { credentialEpoch, version } = await storedNow(store, id)
    expectEqual({ credentialEpoch, version }, { credentialEpoch: MANY, version: MANY + 1 })
  }),

  rule('counts every failed login, and answers each count once', async (store) => {
    const user = await storedUser(store, { username: 'ada' })
    const calls = fifty(() => store.users)
    const results = await race(store, calls, (users) => users.countFailedLogin(ADA))
    const counts = results.map((result) => result?.failedLogins ?? 0).sort((a, b) => a - b)
    expectEqual(
      counts,
      fifty((index) => index + 1),
    )
    expectEqual(await store.users.find(user.id), { ...user, failedLogins: MANY })
  }),

  rule('loses no count to an update, and no update to a count', async (store) => {
    const { id } = await storedUser(store, { username: 'ada' })
    const updates = await race(store, fifty(Number), async (index) => {
      if (index % 2 === 0) return store.users.update(id, 1, { status: 'disabled' })
      await store.users.countFailedLogin(ADA)
      return null
    })
    expectEqual(updates.filter((updated) => updated !== null).length, 1)
    const expected = { status: 'disabled', version: 2, failedLogins: MANY / 2 } as const
    expectMembers(await store.users.find(id), expected)
  }),

  rule('loses no update to the clearing of a count', async (store) => {
    const { id } = await storedUser(store, { failedLogins: 9, lockedUntil: at(1) })
    const updates = await race(store, fifty(Number), async (index) => {
      if (index % 2 === 0) return store.users.update(id, 1, { status: 'disabled' })
      await store.users.clearFailedLogins(id)
      return null
    })
    expectEqual(updates.filter((updated) => updated !== null).length, 1)
    const cleared = { failedLogins: 0, lockedUntil: null } as const
    expectMembers(await store.users.find(id), { status: 'disabled', version: 2, ...cleared })
  }),

  rule(
    'S090 shows the last administrators who leave at once that nobody is left',
    async (store) => {
      const admins = fifty(() => aUser({ roles: ['admin'] }))
      await insertAll(admins, (user) => store.users.insert(user))
      const others = await race(store, admins, async ({ id }) => {
        await store.users.update(id, 1, { leavingAdmin: true })
        return store.users.countAdmins({ role: 'admin', except: id })
      })
      expectTrue(others.includes(0), `each of ${MANY} still counted somebody: ${others.join()}`)
    },
  ),
])

export const userRaceSections = [unique, versions]

function expectAllTaken(reasons: readonly unknown[], field: string): void {
  const violations = reasons.map((reason) => {
    const { name, field } = Object(reason) as { name?: unknown; field?: unknown }
    return { name, field }
  })
  expectEqual(
    violations,
    Array.from({ length: MANY - 1 }, () => ({ name: 'UniqueViolation', field })),
    String(reasons[0]),
  )
}

async function stored(store: Store, users: readonly User[]): Promise<User[]> {
  const found = await Promise.all(users.map(({ id }) => store.users.find(id)))
  return found.filter((user) => user !== null)
}

async function storedNow(store: Store, id: string): Promise<User> {
  const user = await store.users.find(id)
  expectTrue(user !== null, 'the user is gone')
  return user
}

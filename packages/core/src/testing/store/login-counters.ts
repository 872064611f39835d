import { expectEqual } from '../assertions.ts'
import { KINDS } from './closed-unions.ts'
import { at, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { storedUser, storedUsers } from './stored-records.ts'

const ADA = { kind: 'username', value: 'ada' } as const

const counting = section('users.countFailedLogin', [
  ...KINDS.map((kind) =>
    rule(`finds by ${kind}, adds one, and moves neither version nor updatedAt`, async (store) => {
      const patch = { [kind]: 'known', failedLogins: 2, lockedUntil: at(9), version: 7 }
      const user = await storedUser(store, { ...patch, updatedAt: at(3) })
      const counted = await store.users.countFailedLogin({ kind, value: 'known' })
      expectEqual(counted, { ...user, failedLogins: 3 })
      expectEqual(await store.users.find(user.id), counted)
    }),
  ),

  rule('answers null for an identifier that nobody has, and counts for nobody', async (store) => {
    const user = await storedUser(store, { username: 'ada' })
    for (const value of ['Ada', 'ada ', '']) {
      expectEqual(await store.users.countFailedLogin({ kind: 'username', value }), null, value)
    }
    expectEqual(await store.users.countFailedLogin({ kind: 'email', value: 'ada' }), null)
    expectEqual(await store.users.find(user.id), user)
  }),

  rule('counts for one user only', async (store) => {
    const [, other] = await storedUsers(store, [{ username: 'ada' }, { username: 'bob' }])
    await store.users.countFailedLogin(ADA)
    expectEqual(await store.users.find(other.id), other)
  }),

  rule('counts for a user in any status: it judges nobody', async (store) => {
    const user = await storedUser(store, { username: 'ada', status: 'disabled' })
    expectEqual(await store.users.countFailedLogin(ADA), { ...user, failedLogins: 1 })
  }),

  rule('does not make a compare-and-set fail', async (store) => {
    const user = await storedUser(store, { username: 'ada' })
    await store.users.countFailedLogin(ADA)
    const updated = await store.users.update(user.id, 1, { passwordHash: 'rehashed' })
    expectEqual(updated, { ...user, passwordHash: 'rehashed', version: 2, failedLogins: 1 })
  }),
])

const clearing = section('users.clearFailedLogins', [
  rule('clears the count and the lock, and nothing else', async (store) => {
    const [user, other] = await storedUsers(store, [
      { failedLogins: 9, lockedUntil: at(1), version: 7, updatedAt: at(3) },
      { failedLogins: 1, lockedUntil: at(1) },
    ])
    await store.users.clearFailedLogins(user.id)
    const cleared = { ...user, failedLogins: 0, lockedUntil: null }
    expectEqual(await store.users.find(user.id), cleared)
    expectEqual(await store.users.find(other.id), other)
  }),

  rule('lets counting begin anew', async (store) => {
    const user = await storedUser(store, { username: 'ada', failedLogins: 9 })
    await store.users.clearFailedLogins(user.id)
    expectEqual(await store.users.countFailedLogin(ADA), { ...user, failedLogins: 1 })
  }),

  rule('ignores an id that nobody has', async (store) => {
    await store.users.clearFailedLogins(idNumber(1))
    expectEqual(await store.users.find(idNumber(1)), null)
  }),
])

export const loginCounterSections = [counting, clearing]

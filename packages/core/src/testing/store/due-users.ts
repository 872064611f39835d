import type { Store } from '../../store.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { at, aUser, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { insertAll, storedUser, storedUsers } from './stored-records.ts'

const NOW = at(HOUR)
const DUE = { deleteAfter: at(0) }

const due = section('users.listDueForDeletion', [
  rule('gives whose time is reached, to the millisecond', async (store) => {
    const [late, just] = await storedUsers(store, [
      { id: idNumber(1), deleteAfter: at(HOUR - 1) },
      { id: idNumber(2), deleteAfter: at(HOUR) },
      { id: idNumber(3), deleteAfter: at(HOUR + 1) },
    ])
    expectEqual(await dueAt(store, NOW), [late, just])
  }),

  rule('gives nobody who has no time', async (store) => {
    await storedUsers(store, [{}, { status: 'disabled' }, { status: 'pending' }])
    expectEqual(await dueAt(store, new Date('9999-12-31T23:59:59.999Z')), [])
  }),

  ...(['pending', 'active', 'disabled'] as const).map((status) =>
    rule(`gives who is ${status}, every member as it was`, async (store) => {
      const user = await storedUser(store, {
        ...DUE,
        status,
        username: 'ada',
        phone: '+15550100',
        roles: ['user', 'admin'],
        leavingAdmin: true,
        failedLogins: 3,
        lockedUntil: at(2 * HOUR),
        profile: { name: 'Åda' },
      })
      expectEqual(await dueAt(store, NOW), [user])
    }),
  ),

  rule('never gives a tombstone', async (store) => {
    await storedUser(store, { ...DUE, status: 'deleted' })
    const { id } = await storedUser(store, DUE)
    expectEqual((await dueAt(store, NOW)).length, 1)
    await store.users.update(id, 1, { status: 'deleted' })
    expectEqual(await dueAt(store, NOW), [])
  }),

  rule('gives nobody whose time was taken away or moved', async (store) => {
    const [kept, moved, due] = await storedUsers(store, [DUE, DUE, { deleteAfter: null }])
    await store.users.update(kept.id, 1, { deleteAfter: null })
    await store.users.update(moved.id, 1, { deleteAfter: at(HOUR + 1) })
    const updated = await store.users.update(due.id, 1, DUE)
    expectEqual(await dueAt(store, NOW), [updated])
  }),

  rule('gives as many as it is asked for, where there are more', async (store) => {
    await insertAll(
      Array.from({ length: 1100 }, (_, n) => aUser({ id: idNumber(n), deleteAfter: at(n) })),
      (user) => store.users.insert(user),
    )
    for (const limit of [1, 7, 1000, 1001, 1099]) {
      const ids = (await store.users.listDueForDeletion(NOW, limit)).map(({ id }) => id)
      expectEqual(new Set(ids).size, limit, `of ${limit} users`)
      expectEqual(ids.length, limit, `of ${limit}`)
    }
    expectEqual((await store.users.listDueForDeletion(NOW, 5000)).length, 1100)
  }),

  rule('comes to an end when those whom it gives are deleted', async (store) => {
    const users = Array.from({ length: 20 }, (_, n) => aUser({ id: idNumber(n), ...DUE }))
    await insertAll([...users, aUser()], (user) => store.users.insert(user))
    const gone: string[] = []
    for (;;) {
      const batch = await store.users.listDueForDeletion(NOW, 3)
      for (const { id } of batch) await store.users.update(id, 1, { status: 'deleted' })
      gone.push(...batch.map(({ id }) => id))
      expectTrue(gone.length <= users.length, 'somebody is given twice')
      if (batch.length < 3) break
    }
    expectEqual(
      gone.sort(),
      users.map(({ id }) => id),
    )
  }),
])

export const dueUserSections = [due]

/** In the order of their ids. */
async function dueAt(store: Store, now: Date) {
  const users = await store.users.listDueForDeletion(now, 100)
  return users.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

import type { UserQuery, UserSort } from '../../queries.ts'
import type { User } from '../../records.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { userPages, usersWhere } from '../queries.ts'
import { KINDS, STATUSES } from './closed-unions.ts'
import { at, aUser, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { insertAll, storedUser, storedUsers } from './stored-records.ts'

type Order = UserQuery['order']

export const SORTS: readonly UserSort[] = ['createdAt', ...KINDS]
export const ORDERS: readonly Order[] = ['ascending', 'descending']

/** In the order of their bytes, which is neither that of a dictionary nor that of UTF-16. */
const BYTES = [
  ...' |"|+1|+15550100|+2|-a|0|10|9|Z|_|a|a |a b|a-b|a.b|aZ|a_b|aa|ab|z|zz'.split('|'),
  ...'\u00df|\u00e5|\u0131|\u0430|\u3042|\ud7ff|\ufb01|\uff21|\uffee'.split('|'),
  ...'\u{10000}|\u{1d538}|\u{1f4a1}|\u{10fffd}'.split('|'),
]

const ordering = section('users.list, order', [
  ...SORTS.flatMap((sort) =>
    ORDERS.map((order) =>
      rule(
        `S094 gives each user once, ${order} by ${sort}, in pages of any size`,
        async (store) => {
          const users = shuffledUsers()
          await insertAll(users, (user) => store.users.insert(user))
          const expected = inOrder(users, sort, order)
          for (const limit of [1, 2, 3, 7, 19, 20, 21]) {
            const pages = await userPages(store, usersWhere({ limit, sort, order }))
            expectEqual(pages.flat(), expected, `in pages of ${limit}`)
            const full = pages.slice(0, -1).every(({ length }) => length === limit)
            expectTrue(full, `a page of ${limit} before the last has room`)
          }
        },
      ),
    ),
  ),

  ...ORDERS.map((order) =>
    rule(`gives users of one moment by their ids, ${order}, and then the next`, async (store) => {
      const moment = Array.from({ length: 40 }, (_, n) =>
        aUser({ id: idNumber(1 + ((n * 17) % 40)) }),
      )
      const [earlier, later] = [
        aUser({ id: idNumber(99), createdAt: at(-1) }),
        aUser({ id: idNumber(0), createdAt: at(1) }),
      ]
      const users = [later, ...moment, earlier]
      await insertAll(users, (user) => store.users.insert(user))
      const pages = await userPages(store, usersWhere({ limit: 7, order }))
      expectEqual(pages.flat(), inOrder(users, 'createdAt', order))
    }),
  ),

  ...KINDS.map((kind) =>
    rule(`compares text byte for byte, in UTF-8, sorted by ${kind}`, async (store) => {
      const shuffled = BYTES.map((_, n) => BYTES[(n * 11) % BYTES.length] ?? '')
      await storedUsers(
        store,
        shuffled.map((value) => ({ email: null, [kind]: value })),
      )
      const valuesIn = async (order: Order, limit: number) => {
        const pages = await userPages(store, usersWhere({ sort: kind, order, limit }))
        return pages.flat().map((user) => user[kind])
      }
      for (const limit of [100, 1]) {
        expectEqual(await valuesIn('ascending', limit), BYTES)
        expectEqual(await valuesIn('descending', limit), BYTES.toReversed())
      }
    }),
  ),

  ...KINDS.map((kind) =>
    rule(`leaves out who has no ${kind}, sorted by it`, async (store) => {
      const [holder] = await storedUsers(store, [
        { email: null, [kind]: 'one' },
        { email: null, username: null, phone: null },
        { email: 'two', username: 'two', phone: 'two', [kind]: null },
      ])
      for (const order of ORDERS) {
        expectEqual(await store.users.list(usersWhere({ sort: kind, order })), [holder])
      }
    }),
  ),

  rule('leaves out nobody for want of an identifier, sorted by creation', async (store) => {
    const users = await storedUsers(store, [
      { id: idNumber(1), email: null },
      { id: idNumber(2) },
      { id: idNumber(3), email: null, phone: '+15550100' },
    ])
    expectEqual(await store.users.list(usersWhere({})), users)
  }),

  rule('goes by the record as it is now', async (store) => {
    const [one, two] = await storedUsers(store, [{ email: 'a@one' }, { email: 'b@two' }])
    const byEmail = async () =>
      (await store.users.list(usersWhere({ sort: 'email' }))).map(({ id }) => id)
    await store.users.update(one.id, 1, { email: 'c@one' })
    expectEqual(await byEmail(), [two.id, one.id])
    await store.users.update(two.id, 1, { email: null })
    expectEqual(await byEmail(), [one.id])
  }),
])

const extent = section('users.list, extent', [
  rule('gives the first `limit`, be they a thousand, and not one more', async (store) => {
    const users = Array.from({ length: 1100 }, (_, n) =>
      aUser({ id: idNumber(n), createdAt: at(1100 - n) }),
    )
    await insertAll(users, (user) => store.users.insert(user))
    const expected = users.toReversed()
    for (const limit of [1, 999, 1000, 1001, 1099, 1100, 5000]) {
      const listed = await store.users.list(usersWhere({ limit }))
      expectEqual(listed, expected.slice(0, limit), `the first ${limit}`)
    }
  }),

  rule('gives every member as it was, and no other', async (store) => {
    const user = await storedUser(store, {
      username: 'ada',
      phone: '+15550100',
      phoneVerifiedAt: at(3),
      passwordHash: '$argon2id$',
      roles: ['user', 'admin'],
      failedLogins: 2,
      lockedUntil: at(4),
      deleteAfter: at(5),
      profile: { name: 'Åda 💡', list: [1, null] },
      updatedAt: at(6),
    })
    for (const sort of SORTS) expectEqual(await store.users.list(usersWhere({ sort })), [user])
  }),

  rule('gives nobody where there is nobody', async (store) => {
    for (const sort of SORTS) expectEqual(await store.users.list(usersWhere({ sort })), [])
  }),

  rule('gives users in every status but never a tombstone', async (store) => {
    const patches = STATUSES.map((status) => ({ status, username: status, phone: status }))
    const users = await storedUsers(store, patches)
    const alive = users.filter(({ status }) => status !== 'deleted')
    for (const sort of SORTS) {
      const listed = await store.users.list(usersWhere({ sort }))
      expectEqual(sorted(listed), sorted(alive), `sorted by ${sort}`)
    }
  }),

  rule('gives nobody who was deleted since', async (store) => {
    const { id } = await storedUser(store)
    expectEqual((await store.users.list(usersWhere({}))).length, 1)
    await store.users.update(id, 1, { status: 'deleted' })
    expectEqual(await store.users.list(usersWhere({})), [])
  }),
])

export const userOrderSections = [ordering, extent]

/** Twenty users, four to a millisecond, in no order; some lack a username or a phone. */
function shuffledUsers(): User[] {
  return Array.from({ length: 20 }, (_, index) => {
    const n = (index * 7) % 20
    return aUser({
      id: idNumber((n * 11) % 20),
      createdAt: at(Math.floor(n / 4)),
      email: `${(n * 3) % 20}@example.com`,
      username: n % 2 === 0 ? `user-${(n * 13) % 20}` : null,
      phone: n % 3 === 0 ? `+1555${(n * 17) % 20}` : null,
    })
  })
}

/** As the contract says. */
export function inOrder(users: readonly User[], sort: UserSort, order: Order): User[] {
  const ascending = users
    .filter((user) => user[sort] !== null)
    .toSorted((a, b) => compare(a[sort], b[sort]) || compare(a.id, b.id))
  return order === 'ascending' ? ascending : ascending.toReversed()
}

function compare(a: Date | string | null, b: Date | string | null): number {
  if (a instanceof Date || b instanceof Date) return Number(a) - Number(b)
  return Buffer.compare(Buffer.from(a ?? ''), Buffer.from(b ?? ''))
}

function sorted(users: readonly User[]): User[] {
  return inOrder(users, 'createdAt', 'ascending')
}

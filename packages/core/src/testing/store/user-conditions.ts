import type { UserQuery } from '../../queries.ts'
import type { User } from '../../records.ts'
import { expectEqual } from '../assertions.ts'
import { userPages, usersWhere } from '../queries.ts'
import { at, aUser, HOUR, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { insertAll, storedUser, storedUsers } from './stored-records.ts'
import { inOrder, ORDERS } from './user-order.ts'

const ROLES = ['administrator', 'adm', 'Admin', 'admin ', 'user,admin', '"admin"', '%', '', 'ádmin']

const conditions = section('users.list, conditions', [
  ...(['pending', 'active', 'disabled'] as const).map((status) =>
    rule(`gives who is ${status}, and nobody else`, async (store) => {
      const users = await storedUsers(store, [
        { status: 'pending' },
        { status: 'active' },
        { status: 'disabled' },
        { status: 'deleted' },
      ])
      const expected = users.filter((user) => user.status === status)
      expectEqual(await store.users.list(usersWhere({ status })), expected)
    }),
  ),

  rule('gives who has the role, alone or among others, in any status', async (store) => {
    const users = await storedUsers(store, [
      { id: idNumber(1), roles: ['admin'] },
      { id: idNumber(2), roles: ['user', 'admin'], leavingAdmin: true },
      { id: idNumber(3), roles: ['admin', 'user'], status: 'disabled' },
      { id: idNumber(4), roles: ['user'] },
      { id: idNumber(5), roles: [] },
      { id: idNumber(6), roles: ['admin'], status: 'deleted' },
    ])
    expectEqual(await store.users.list(usersWhere({ role: 'admin' })), users.slice(0, 3))
    expectEqual(await store.users.list(usersWhere({ role: 'owner' })), [])
  }),

  rule('gives a user once, however often the role is named', async (store) => {
    const user = await storedUser(store, { roles: ['admin', 'user', 'admin'] })
    expectEqual(await store.users.list(usersWhere({ role: 'admin' })), [user])
  }),

  ...ROLES.map((role) =>
    rule(`does not take the role ${JSON.stringify(role)} for the role "admin"`, async (store) => {
      const user = await storedUser(store, { roles: [role] })
      expectEqual(await store.users.list(usersWhere({ role: 'admin' })), [])
      expectEqual(await store.users.list(usersWhere({ role })), [user])
    }),
  ),

  rule('gives who was created from then on, to the millisecond', async (store) => {
    const [, just, later] = await storedUsers(store, createdAround(HOUR))
    const listed = await store.users.list(usersWhere({ createdFrom: at(HOUR) }))
    expectEqual(listed, [just, later])
  }),

  rule('gives who was created before then, to the millisecond', async (store) => {
    const [earlier] = await storedUsers(store, createdAround(HOUR))
    expectEqual(await store.users.list(usersWhere({ createdBefore: at(HOUR) })), [earlier])
  }),

  rule(
    'gives who was created between two moments, and nobody between one and itself',
    async (store) => {
      const [earlier, just] = await storedUsers(store, createdAround(HOUR))
      const between = (from: number, to: number) =>
        store.users.list(usersWhere({ createdFrom: at(from), createdBefore: at(to) }))
      expectEqual(await between(HOUR - 1, HOUR + 1), [earlier, just])
      expectEqual(await between(HOUR, HOUR), [])
      expectEqual(await between(HOUR + 1, HOUR - 1), [])
    },
  ),

  ...ORDERS.map((order) =>
    rule(`S094 holds all conditions together, however combined, ${order}`, async (store) => {
      const users = everyKind()
      await insertAll(users, (user) => store.users.insert(user))
      for (const query of everyCombination()) {
        for (const sort of ['createdAt', 'email'] as const) {
          const expected = inOrder(
            users.filter((user) => meets(user, query)),
            sort,
            order,
          )
          const pages = await userPages(store, { ...query, sort, order })
          expectEqual(pages.flat(), expected, `${JSON.stringify(query)} by ${sort}`)
        }
      }
    }),
  ),

  rule('S094 fills pages whatever the conditions leave out', async (store) => {
    const users = everyKind()
    await insertAll(users, (user) => store.users.insert(user))
    const pages = await userPages(store, usersWhere({ limit: 2, role: 'admin', status: 'active' }))
    expectEqual(
      pages.map(({ length }) => length),
      [2, 2, 2, 0],
    )
  }),
])

export const userConditionSections = [conditions]

function createdAround(milliseconds: number) {
  const [earlier, just, later] = [-1, 0, 1].map((ms) => ({ createdAt: at(milliseconds + ms) }))
  return [earlier ?? {}, just ?? {}, later ?? {}] as const
}

/** A user for each way to meet some of the conditions and not the others. */
function everyKind(): User[] {
  const users: Partial<User>[] = ['ada', 'bob'].flatMap((name) =>
    (['active', 'disabled'] as const).flatMap((status) =>
      [['user', 'admin'], ['user']].flatMap((roles) =>
        [-1, 0, HOUR].map((ms) => ({ username: name, status, roles, createdAt: at(ms) })),
      ),
    ),
  )
  return users.map((user, n) => {
    const number = (n * 7) % users.length
    return aUser({ ...user, id: idNumber(number), username: `${user.username}${number}` })
  })
}

/** Each condition or none, in pages of three. */
function everyCombination(): UserQuery[] {
  return [null, 'ada'].flatMap((prefix) =>
    [null, 'active' as const].flatMap((status) =>
      [null, 'admin'].flatMap((role) =>
        [null, at(0)].flatMap((createdFrom) =>
          [null, at(HOUR)].map((createdBefore) =>
            usersWhere({ limit: 3, prefix, status, role, createdFrom, createdBefore }),
          ),
        ),
      ),
    ),
  )
}

/** As the contract says, of users who have a username. */
function meets(user: User, query: UserQuery): boolean {
  const { prefix, status, role, createdFrom, createdBefore } = query
  return (
    (prefix === null || user.username?.startsWith(prefix) === true) &&
    (status === null || user.status === status) &&
    (role === null || user.roles.includes(role)) &&
    (createdFrom === null || user.createdAt >= createdFrom) &&
    (createdBefore === null || user.createdAt < createdBefore)
  )
}

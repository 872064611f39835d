import type { User, UserQuery } from '@latchkey/core'
import { expect, it, onTestFinished } from 'vitest'
import { userPages, usersWhere } from '../../../packages/core/src/testing/queries.ts'
import { at, aUser, idNumber } from '../../../packages/core/src/testing/store/records.ts'
import { memoryStore } from '../../../packages/memory-store/src/index.ts'
import { lmdbStore } from '../src/lmdb-store.ts'
import { newFile } from './support/files.ts'

const SIZE = 1600

/** Of each condition, one that hardly anybody meets, and one that more meet than are sorted. */
const CONDITIONS = [
  {},
  { prefix: 'ada' },
  { prefix: 'ada1' },
  { role: 'editor' },
  { role: 'admin' },
  { status: 'active' },
  { status: 'disabled' },
  { createdFrom: at(300) },
  { createdFrom: at(300), createdBefore: at(350) },
  { prefix: 'ada', role: 'editor', status: 'active', createdFrom: at(300) },
  { prefix: 'ada', role: 'editor', status: 'disabled', createdBefore: at(1300) },
] as const

const QUERIES = CONDITIONS.flatMap((conditions) =>
  (['createdAt', 'email', 'username'] as const).flatMap((sort) =>
    (['ascending', 'descending'] as const).map((order) =>
      usersWhere({ ...conditions, sort, order, limit: 450 }),
    ),
  ),
)

it('lists of very many users are those of another store', { timeout: 30_000 }, async () => {
  const [store, memory] = [newStore(), memoryStore()]
  const users = Array.from({ length: SIZE }, (_, n) => userNumber(n))
  await Promise.all(users.flatMap((user) => [store, memory].map((to) => to.users.insert(user))))
  for (const query of QUERIES) {
    const [pages, expected] = [await userPages(store, query), await userPages(memory, query)]
    expect(pages.map(ids), JSON.stringify(query)).toEqual(expected.map(ids))
  }
})

it('who has got the identifier of a place is beyond it if their id is', async () => {
  const store = newStore()
  await Promise.all(
    [1, 9].map((n) => store.users.insert(aUser({ id: idNumber(n), email: `${n}` }))),
  )
  const after = (n: number, order: UserQuery['order']) =>
    store.users.list(usersWhere({ sort: 'email', order, after: { value: '9', id: idNumber(n) } }))
  expect(ids(await after(8, 'ascending'))).toEqual([idNumber(9)])
  expect(ids(await after(10, 'ascending'))).toEqual([])
  expect(ids(await after(10, 'descending'))).toEqual([idNumber(9), idNumber(1)])
  expect(ids(await after(8, 'descending'))).toEqual([idNumber(1)])
})

function newStore() {
  const store = lmdbStore({ path: newFile() })
  onTestFinished(store.close)
  return store
}

function ids(users: readonly User[]): string[] {
  return users.map(({ id }) => id)
}

/** Sorted by creation, by e-mail and by username, users are in three different orders. */
function userNumber(n: number) {
  const text = (factor: number) => String((n * factor) % SIZE).padStart(4, '0')
  return aUser({
    id: idNumber((n * 3) % SIZE),
    createdAt: at(n),
    email: n % 2 === 0 ? `ada${text(7)}` : `bob${text(7)}`,
    username: n % 3 === 0 ? `bob${text(11)}` : `ada${text(11)}`,
    roles: n % 4 === 0 ? ['user'] : n % 400 === 1 ? ['admin', 'editor'] : ['user', 'editor'],
    status: n % 5 === 0 ? 'disabled' : 'active',
  })
}

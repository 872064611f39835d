import type { UserPosition, UserQuery } from '../../queries.ts'
import type { User } from '../../records.ts'
import type { Store } from '../../store.ts'
import { expectEqual } from '../assertions.ts'
import { placeOfUser, userPages, usersWhere } from '../queries.ts'
import { at, aUser, idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { insertAll } from './stored-records.ts'
import { ORDERS, SORTS } from './user-order.ts'

const NUMBERS = [10, 20, 30, 40, 50, 60]

/** What may become of the user at whose place the next page begins. */
const FATES: Readonly<Record<string, (store: Store, user: User) => Promise<unknown>>> = {
  'was deleted': ({ users }, { id }) => users.update(id, 1, { status: 'deleted' }),
  'was deleted, and lost what they were sorted by': ({ users }, { id }) =>
    users.update(id, 1, { status: 'deleted', email: null, username: null, phone: null }),
  'is gone': async (store, { id }) => {
    await store.users.update(id, 1, { status: 'deleted' })
    await store.prune({ now: at(0), endedBefore: at(1), pendingBefore: at(0), eventsBefore: at(0) })
  },
}

const following = section('users.list, pages', [
  ...inEachOrder((query) =>
    rule(`S094 neither repeats nor leaves out when users come, ${nameOf(query)}`, async (store) => {
      const [first, last] = await firstPage(store, query)
      const newcomers = [1, last - 1, last + 1, 99]
      await insertAll(newcomers, (number) => store.users.insert(numbered(number)))
      const all = inOrder([...NUMBERS, ...newcomers], query)
      const beyond = all.slice(all.indexOf(last) + 1)
      expectEqual([...first, ...(await numbersFrom(store, query, last))], [...first, ...beyond])
    }),
  ),

  ...Object.entries(FATES).flatMap(([what, befall]) =>
    inEachOrder((query) =>
      rule(
        `S094 goes on from the place of somebody who ${what}, ${nameOf(query)}`,
        async (store) => {
          const [first, last] = await firstPage(store, query)
          await befall(store, numbered(last))
          expectEqual(
            [...first, ...(await numbersFrom(store, query, last))],
            inOrder(NUMBERS, query),
          )
        },
      ),
    ),
  ),

  ...inEachOrder((query) =>
    rule(`goes on from a place where nobody has ever been, ${nameOf(query)}`, async (store) => {
      await insertAll(NUMBERS, (number) => store.users.insert(numbered(number)))
      for (const place of [0, 5, 29, 31, 35, 99]) {
        const ahead = inOrder([...NUMBERS, place], query)
        const expected = ahead.slice(ahead.indexOf(place) + 1)
        expectEqual(await numbersFrom(store, query, place), expected, `from ${place}`)
      }
    }),
  ),

  ...(['email', 'username', 'phone'] as const).map((sort) =>
    rule(`S094 gives once whom nobody touches while others move, by ${sort}`, async (store) => {
      const query = usersWhere({ limit: 2, sort })
      const [first, last] = await firstPage(store, query)
      expectEqual(first, [10, 20])
      await store.users.update(numbered(10).id, 1, { [sort]: textOf(55) })
      await store.users.update(numbered(40).id, 1, { [sort]: textOf(5) })
      await store.users.update(numbered(50).id, 1, { profile: { name: 'Ada' } })
      const place = { value: textOf(last), id: numbered(last).id }
      const rest = await userPages(store, { ...query, after: place })
      const values = rest.flat().map((user) => user[sort])
      expectEqual(values, [30, 50, 55, 60].map(textOf))
    }),
  ),

  rule('gives the same page again for the same query', async (store) => {
    for (const sort of SORTS) {
      const query = usersWhere({ limit: 2, sort })
      if (sort === 'createdAt') await firstPage(store, query)
      const after = placeOf(20, query)
      const page = await store.users.list({ ...query, after })
      expectEqual(page.map(numberOf), [30, 40])
      expectEqual(await store.users.list({ ...query, after }), page)
    }
  }),
])

export const userPageSections = [following]

function inEachOrder<T>(make: (query: UserQuery) => T): T[] {
  return SORTS.flatMap((sort) => ORDERS.map((order) => make(usersWhere({ limit: 2, sort, order }))))
}

function nameOf({ sort, order }: UserQuery): string {
  return `${order} by ${sort}`
}

/** By whatever they are sorted, users stand in the order of their numbers; up to twenty are of one millisecond. */
function numbered(number: number): User {
  const text = textOf(number)
  const createdAt = at(Math.floor(number / 20))
  return aUser({ id: idNumber(number), createdAt, email: text, username: text, phone: text })
}

function textOf(number: number): string {
  return String(number).padStart(3, '0')
}

function numberOf({ id }: User): number {
  return Number.parseInt(id.slice(-12), 16)
}

function placeOf(number: number, query: UserQuery): UserPosition {
  return placeOfUser(numbered(number), query)
}

/** Adds the users, and reads the first page: who is on it, and who is the last. */
async function firstPage(store: Store, query: UserQuery): Promise<[number[], number]> {
  await insertAll(NUMBERS, (number) => store.users.insert(numbered(number)))
  const numbers = (await store.users.list(query)).map(numberOf)
  return [numbers, numbers.at(-1) ?? 0]
}

async function numbersFrom(store: Store, query: UserQuery, place: number): Promise<number[]> {
  const pages = await userPages(store, { ...query, after: placeOf(place, query) })
  return pages.flat().map(numberOf)
}

function inOrder(numbers: readonly number[], { order }: UserQuery): number[] {
  const ascending = numbers.toSorted((a, b) => a - b)
  return order === 'ascending' ? ascending : ascending.toReversed()
}

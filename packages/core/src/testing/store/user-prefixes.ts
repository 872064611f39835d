import type { IdentifierKind } from '../../records.ts'
import type { Store } from '../../store.ts'
import { expectEqual } from '../assertions.ts'
import { userPages, usersWhere } from '../queries.ts'
import { KINDS } from './closed-unions.ts'
import { LOOK_ALIKES } from './look-alikes.ts'
import { idNumber } from './records.ts'
import { rule, section } from './rule.ts'
import { storedUser, storedUsers } from './stored-records.ts'
import { type ORDERS, SORTS } from './user-order.ts'

/** What some language of patterns takes for something else than itself. */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  'a percent sign': ['%', '%%', '\\%', '%b'],
  'an underscore': ['_', '__', '\\_', '_b'],
  'a backslash': ['\\', '\\\\', '\\b', '\\x61'],
  'an asterisk': ['*', '**', '*b', '.*'],
  'a question mark': ['?', '??', '?b'],
  'a bracket': ['[', '[x]', '[^x]', '[a-z]', ']'],
  'a quote': ["'", "''", '"', '""', '`', "' OR '1'='1"],
  'a sign of regular expressions': ['.', '^', '$', '(', ')', '|', '+', '{', '}', 'x{0}'],
  'what begins a comment or a placeholder': ['--', '/*', '#', ';', '$1', ':a', '@a', '!'],
}

/** Characters with nothing, or something unusual, next to them: where an upper bound goes wrong. */
const EDGES = ['~', '\u007f', '\u07ff', '\ud7ff', '\ue000', '\uffee', '\u{10000}', '\u{10fffd}']

const prefixes = section('users.list, prefix', [
  ...KINDS.map((kind) =>
    rule(`S094 gives whose ${kind} begins with it, and nobody else`, async (store) => {
      const values = ['ad', 'ada', 'ada@example.com', 'adam', 'ad-a', 'mada', 'xada', 'bob']
      await storedValues(store, kind, values)
      expectEqual(await found(store, kind, 'ada'), ['ada', 'ada@example.com', 'adam'])
      expectEqual(await found(store, kind, 'ada@example.com'), ['ada@example.com'])
      expectEqual(await found(store, kind, 'ada@example.com.'), [])
      expectEqual(await found(store, kind, 'a'), values.slice(0, 5).sort())
      expectEqual(await found(store, kind, 'c'), [])
    }),
  ),

  ...Object.entries(SIGNS).map(([what, signs]) =>
    rule(`S094 takes ${what} for itself`, async (store) => {
      for (const kind of KINDS) {
        const values = [
          ...signs,
          ...signs.map((sign) => `a${sign}b`),
          'a',
          'ab',
          'axb',
          'axxb',
          'b',
        ]
        await storedValues(store, kind, values)
        for (const prefix of [...signs, ...signs.map((sign) => `a${sign}`)]) {
          const expected = values.filter((value) => value.startsWith(prefix)).sort()
          expectEqual(await found(store, kind, prefix), expected, `${kind}, ${prefix}`)
        }
      }
    }),
  ),

  ...Object.entries(LOOK_ALIKES).map(([what, values]) =>
    rule(`S113 is compared byte for byte: ${what}`, async (store) => {
      for (const kind of KINDS) {
        await storedValues(store, kind, values)
        for (const prefix of values.filter((value) => value !== '')) {
          const expected = values.filter((value) => value.startsWith(prefix)).sort()
          expectEqual(await found(store, kind, prefix), expected, `${kind}, ${prefix}`)
        }
      }
    }),
  ),

  rule('may end in any character', async (store) => {
    const values = EDGES.flatMap((edge) => [edge, `a${edge}`, `a${edge}${edge}`, `a${edge}b`])
    values.push('a', 'b', 'ab')
    await storedValues(store, 'username', values)
    for (const prefix of values) {
      const expected = values.filter((value) => value.startsWith(prefix)).sort()
      expectEqual(await found(store, 'username', prefix), expected, JSON.stringify(prefix))
    }
  }),

  rule('may be longer than any identifier', async (store) => {
    await storedValues(store, 'email', ['a', 'a'.repeat(200)])
    expectEqual(await found(store, 'email', 'a'.repeat(200)), ['a'.repeat(200)])
    for (const length of [201, 300, 1000]) {
      expectEqual(await found(store, 'email', 'a'.repeat(length)), [], `${length} characters`)
    }
  }),

  rule('gives who has several identifiers that begin with it once, in pages too', async (store) => {
    const numbers = [1, 2, 3, 4, 5]
    const users = await storedUsers(
      store,
      numbers.map((n) => {
        const id = idNumber(n)
        return { id, email: `ada${n}@example.com`, username: `ada${n}`, phone: `ada${n}` }
      }),
    )
    for (const sort of SORTS) {
      for (const limit of [1, 2, 10]) {
        const pages = await userPages(store, usersWhere({ sort, limit, prefix: 'ada' }))
        expectEqual(pages.flat(), users, `in pages of ${limit}, by ${sort}`)
      }
    }
  }),

  rule('finds by any identifier, whichever of them sorts', async (store) => {
    const users = await storedUsers(store, [
      { id: idNumber(1), email: 'ada', username: 'x1', phone: '+3' },
      { id: idNumber(2), email: 'x2', username: 'ada', phone: '+2' },
      { id: idNumber(3), email: 'x3', username: 'x3', phone: 'ada' },
      { id: idNumber(4), email: 'x4', username: 'x4', phone: '+4' },
      { id: idNumber(5), email: 'ada5', username: null, phone: null },
    ])
    const numbersBy = async (sort: (typeof SORTS)[number], order: (typeof ORDERS)[number]) => {
      const listed = await store.users.list(usersWhere({ sort, order, prefix: 'ada' }))
      return listed.map(({ id }) => 1 + users.findIndex((user) => user.id === id))
    }
    expectEqual(await numbersBy('createdAt', 'ascending'), [1, 2, 3, 5])
    expectEqual(await numbersBy('email', 'ascending'), [1, 5, 2, 3])
    expectEqual(await numbersBy('username', 'descending'), [3, 1, 2])
    expectEqual(await numbersBy('phone', 'ascending'), [2, 1, 3])
  }),

  rule('finds nobody in what they typed', async (store) => {
    await storedUser(store, { email: 'x@example.com', emailAsTyped: 'Ada', usernameAsTyped: 'Ada' })
    expectEqual(await store.users.list(usersWhere({ prefix: 'Ada' })), [])
  }),

  rule('finds by what an identifier is now', async (store) => {
    const { id } = await storedUser(store, { email: 'ada', username: 'ada' })
    await store.users.update(id, 1, { email: 'bob' })
    expectEqual((await store.users.list(usersWhere({ prefix: 'ada' }))).length, 1)
    await store.users.update(id, 2, { username: null })
    expectEqual(await store.users.list(usersWhere({ prefix: 'ada' })), [])
    expectEqual((await store.users.list(usersWhere({ prefix: 'bo' }))).length, 1)
  }),
])

export const userPrefixSections = [prefixes]

/** Adds a user for each of the different values, with no other identifier. */
async function storedValues(store: Store, kind: IdentifierKind, values: readonly string[]) {
  const users = [...new Set(values)].map((value) => ({ email: null, [kind]: value }))
  await storedUsers(store, users)
}

/** The identifiers of that kind, of those who are found by the prefix. */
async function found(store: Store, kind: IdentifierKind, prefix: string): Promise<string[]> {
  const users = await store.users.list(usersWhere({ prefix }))
  return users.flatMap((user) => user[kind] ?? []).sort()
}

import type { User } from '@latchkey/core'
import { type BrokenStore, broken } from './broken-store.ts'
import { asking, compare, listingBy, relisting } from './listed-users.ts'

const ORDER = 'users.list, order'
const EXTENT = 'users.list, extent'
const once = (order: string, sort: string) =>
  `${ORDER} > S094 gives each user once, ${order} by ${sort}, in pages of any size`

export const brokenUserOrder: readonly BrokenStore[] = [
  broken(
    'lists users in ascending order only',
    once('descending', 'username'),
    asking((query) => ({ ...query, order: 'ascending' })),
  ),

  broken(
    'lists users in the order of their creation only',
    once('ascending', 'email'),
    asking((query) => ({ ...query, sort: 'createdAt' })),
  ),

  broken(
    'goes on from the value alone',
    `${ORDER} > gives users of one moment by their ids, ascending, and then the next`,
    listingBy({ isBeyond: ({ value }, place) => compare(value, place.value) > 0 }),
  ),

  broken(
    'goes on from value and id, each by itself',
    once('ascending', 'createdAt'),
    listingBy({
      isBeyond: ({ value, id }, place) => compare(value, place.value) >= 0 && id > place.id,
    }),
  ),

  broken(
    'begins a page of users with the last of the page before',
    once('ascending', 'phone'),
    listingBy({ isBeyond: (each, place, inOrder) => inOrder(each, place) >= 0 }),
  ),

  broken(
    'has users of one moment in the order of their coming',
    `${ORDER} > gives users of one moment by their ids, ascending, and then the next`,
    relisting((all, { limit }) =>
      all.toSorted((a, b) => +a.createdAt - +b.createdAt).slice(0, limit),
    ),
  ),

  broken(
    'has the ids in ascending order, whatever the order',
    `${ORDER} > gives users of one moment by their ids, descending, and then the next`,
    listingBy({ compareIds: compare }),
  ),

  broken(
    'sorts users as a dictionary does',
    `${ORDER} > compares text byte for byte, in UTF-8, sorted by username`,
    listingBy({ compare: (a, b) => new Intl.Collator('en').compare(textOf(a), textOf(b)) }),
  ),

  broken(
    'sorts users with no regard for case',
    `${ORDER} > compares text byte for byte, in UTF-8, sorted by phone`,
    listingBy({ compare: (a, b) => compare(textOf(a).toLowerCase(), textOf(b).toLowerCase()) }),
  ),

  broken(
    'sorts users by the halves of surrogate pairs',
    `${ORDER} > compares text byte for byte, in UTF-8, sorted by email`,
    listingBy({ compare: (a, b) => (textOf(a) < textOf(b) ? -1 : Number(a !== b)) }),
  ),

  ...(['email', 'username', 'phone'] as const).map((kind) =>
    broken(
      `sorts users who have no ${kind} before the others`,
      `${ORDER} > leaves out who has no ${kind}, sorted by it`,
      listingBy({ sortedBy: (user, sort) => user[sort] ?? (sort === kind ? '' : null) }),
    ),
  ),

  broken(
    'lists nobody who has no e-mail',
    `${ORDER} > leaves out nobody for want of an identifier, sorted by creation`,
    listingBy({ sortedBy: (user, sort) => (user.email === null ? null : user[sort]) }),
  ),

  broken(
    'sorts users by the identifiers that they came with',
    `${ORDER} > goes by the record as it is now`,
    (store) => {
      const came = new Map<string, User>()
      const sortedBy = ({ id }: User, sort: 'createdAt' | 'email' | 'username' | 'phone') =>
        came.get(id)?.[sort] ?? null
      const { users } = listingBy({ sortedBy })(store)
      return {
        users: {
          ...users,
          insert(user) {
            came.set(user.id, structuredClone(user))
            return store.users.insert(user)
          },
        },
      }
    },
  ),

  ...(
    [
      ['one user more than it was asked for', (limit: number) => limit + 1],
      ['one user less than it was asked for', (limit: number) => limit - 1],
      ['a thousand users and no more', (limit: number) => Math.min(limit, 1000)],
    ] as const
  ).map(([what, other]) =>
    broken(
      `lists ${what}`,
      `${EXTENT} > gives the first \`limit\`, be they a thousand, and not one more`,
      asking((query) => ({ ...query, limit: other(query.limit) })),
    ),
  ),

  broken(
    'lists users without their profiles',
    `${EXTENT} > gives every member as it was, and no other`,
    ({ users }) => ({
      users: {
        list: async (query) => (await users.list(query)).map((user) => ({ ...user, profile: {} })),
      },
    }),
  ),

  broken(
    'answers null where there is nobody to list',
    `${EXTENT} > gives nobody where there is nobody`,
    ({ users }) => ({
      users: {
        async list(query) {
          const listed = await users.list(query)
          return listed.length === 0 ? (null as never) : listed
        },
      },
    }),
  ),

  broken(
    'lists tombstones',
    `${EXTENT} > gives users in every status but never a tombstone`,
    ({ users }) => {
      const ids: string[] = []
      return {
        users: {
          insert(user) {
            if (user.status === 'deleted') ids.push(user.id)
            return users.insert(user)
          },
          async list(query) {
            const deleted = await Promise.all(ids.map((id) => users.find(id)))
            return [...(await users.list(query)), ...deleted.flatMap((user) => user ?? [])]
          },
        },
      }
    },
  ),

  broken(
    'lists nobody who was not activated',
    `${EXTENT} > gives users in every status but never a tombstone`,
    ({ users }) => ({
      users: {
        list: async (query) =>
          (await users.list(query)).filter(({ status }) => status !== 'pending'),
      },
    }),
  ),

  broken(
    'lists users from a replica that is one question behind',
    `${EXTENT} > gives nobody who was deleted since`,
    ({ users }) => {
      let answer: readonly User[] | null = null
      return {
        users: {
          async list(query) {
            const before = answer
            answer = await users.list(query)
            return before ?? answer
          },
        },
      }
    },
  ),
]

function textOf(value: Date | string): string {
  return value instanceof Date ? value.toISOString() : value
}

import type { Store, User, UserQuery } from '@latchkey/core'
import { placeOfUser, usersWhere } from '../../../packages/core/src/testing/queries.ts'
import { type BrokenStore, broken, type Faults } from './broken-store.ts'

const PAGES = 'users.list, pages'

export const brokenUserPages: readonly BrokenStore[] = [
  broken(
    'counts the users that it has listed, and leaves out as many',
    `${PAGES} > S094 neither repeats nor leaves out when users come, ascending by username`,
    ({ users }) => {
      const ends = new Map<string, number>()
      return {
        users: {
          async list({ after, ...query }) {
            const start = ends.get(after?.id ?? '') ?? 0
            const all = await users.list({ ...query, after: null, limit: 10_000 })
            const page = all.slice(start, start + query.limit)
            const last = page.at(-1)
            if (last !== undefined) ends.set(last.id, start + page.length)
            return page
          },
        },
      }
    },
  ),

  broken(
    'begins anew where the last user of a page was deleted',
    `${PAGES} > S094 goes on from the place of somebody who was deleted, descending by createdAt`,
    from(async ({ users }, query) => {
      const user = await users.find(query.after?.id ?? '')
      return user?.status === 'deleted' ? null : query.after
    }),
  ),

  broken(
    'goes on from where the last user of a page is now',
    `${PAGES} > S094 goes on from the place of somebody who was deleted, and lost what they were sorted by, ascending by email`,
    from(async ({ users }, query) => {
      const user = await users.find(query.after?.id ?? '')
      return user && placeOfUser(user, query)
    }),
  ),

  broken(
    'rejects the place of a user who is gone',
    `${PAGES} > S094 goes on from the place of somebody who is gone, ascending by phone`,
    from(async ({ users }, query) => {
      const gone = query.after !== null && (await users.find(query.after.id)) === null
      if (gone) throw new Error('there is no such cursor')
      return query.after
    }),
  ),

  broken(
    'looks for the place among the users, and begins anew without it',
    `${PAGES} > goes on from a place where nobody has ever been, ascending by createdAt`,
    from(async ({ users }, query) => {
      const { after } = query
      const all = await users.list(usersWhere({ sort: query.sort }))
      return all.some(({ id }) => id === after?.id) ? after : null
    }),
  ),

  broken(
    'goes on in the list as it was at the first page',
    `${PAGES} > S094 gives once whom nobody touches while others move, by email`,
    ({ users }) => {
      let first: readonly User[] = []
      return {
        users: {
          async list(query) {
            const { after, limit } = query
            if (after === null) first = await users.list({ ...query, limit: 10_000 })
            const start = 1 + first.findIndex(({ id }) => id === after?.id)
            return structuredClone(first.slice(start, start + limit))
          },
        },
      }
    },
  ),

  broken(
    'remembers where a reader of the users was',
    `${PAGES} > gives the same page again for the same query`,
    ({ users }) => {
      const asked = new Set<string>()
      return {
        users: {
          async list(query) {
            const page = await users.list(query)
            const text = JSON.stringify(query)
            const again = asked.has(text)
            asked.add(text)
            const last = page.at(-1)
            if (!again || last === undefined) return page
            return users.list({ ...query, after: placeOfUser(last, query) })
          },
        },
      }
    },
  ),
]

/** Goes on from another place. */
function from(
  placeOf: (store: Store, query: UserQuery) => Promise<UserQuery['after']>,
): (sound: Store) => Faults {
  return (store) => ({
    users: {
      list: async (query) => store.users.list({ ...query, after: await placeOf(store, query) }),
    },
  })
}

import type { Store, User } from '@latchkey/core'
import { usersWhere } from '../../../packages/core/src/testing/queries.ts'
import { type BrokenStore, broken, type Faults } from './broken-store.ts'

const DUE = 'users.listDueForDeletion'

export const brokenDueUsers: readonly BrokenStore[] = [
  broken(
    'waits with the deletion of users until their time is over',
    `${DUE} > gives whose time is reached, to the millisecond`,
    finding(({ deleteAfter }, now) => deleteAfter !== null && deleteAfter < now),
  ),

  broken(
    'deletes users whose time is about to come',
    `${DUE} > gives whose time is reached, to the millisecond`,
    finding(({ deleteAfter }, now) => deleteAfter !== null && +deleteAfter <= +now + 1),
  ),

  broken(
    'deletes users who have no time to be deleted',
    `${DUE} > gives nobody who has no time`,
    finding(({ deleteAfter }, now) => Number(deleteAfter) <= now.getTime()),
  ),

  ...(['pending', 'active', 'disabled'] as const).map((status) =>
    broken(
      `deletes nobody who is ${status}`,
      `${DUE} > gives who is ${status}, every member as it was`,
      ({ users }) => ({
        users: {
          listDueForDeletion: async (...ask) =>
            (await users.listDueForDeletion(...ask)).filter((user) => user.status !== status),
        },
      }),
    ),
  ),

  broken('deletes tombstones again', `${DUE} > never gives a tombstone`, ({ users }) => {
    const due = new Set<string>()
    return {
      users: {
        insert(user) {
          if (user.deleteAfter !== null) due.add(user.id)
          return users.insert(user)
        },
        async listDueForDeletion(now, limit) {
          const found = await Promise.all([...due].map((id) => users.find(id)))
          const known = found.flatMap((user) => user ?? [])
          return known.filter((user) => (user.deleteAfter ?? now) <= now).slice(0, limit)
        },
      },
    }
  }),

  broken(
    'has the time of deletion that users came with',
    `${DUE} > gives nobody whose time was taken away or moved`,
    ({ users }) => {
      const times = new Map<string, Date | null>()
      return {
        users: {
          insert(user) {
            times.set(user.id, user.deleteAfter)
            return users.insert(user)
          },
          async listDueForDeletion(now, limit) {
            const all = await users.list(usersWhere({}))
            const due = all.filter(({ id }) => {
              const time = times.get(id) ?? null
              return time !== null && time <= now
            })
            return due.slice(0, limit)
          },
        },
      }
    },
  ),

  ...(
    [
      ['everybody whose time has come at once', () => 100_000],
      ['a thousand users at once and no more', (limit: number) => Math.min(limit, 1000)],
      ['one user less than it is asked for', (limit: number) => limit - 1],
    ] as const
  ).map(([what, other]) =>
    broken(
      `gives for deletion ${what}`,
      `${DUE} > gives as many as it is asked for, where there are more`,
      ({ users }) => ({
        users: { listDueForDeletion: (now, limit) => users.listDueForDeletion(now, other(limit)) },
      }),
    ),
  ),

  broken(
    'gives for deletion whom it gave before, where it was not told otherwise',
    `${DUE} > comes to an end when those whom it gives are deleted`,
    ({ users }) => {
      let given: readonly User[] = []
      return {
        users: {
          async listDueForDeletion(now, limit) {
            const before = given
            given = await users.listDueForDeletion(now, limit)
            return before.length > 0 ? before : given
          },
        },
      }
    },
  ),
]

/** Finds those to be deleted by another rule. */
function finding(isDue: (user: User, now: Date) => boolean): (sound: Store) => Faults {
  return ({ users }) => ({
    users: {
      async listDueForDeletion(now, limit) {
        const all = await users.list(usersWhere({ limit: 100_000 }))
        return all.filter((user) => isDue(user, now)).slice(0, limit)
      },
    },
  })
}

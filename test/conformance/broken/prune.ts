import type { PruneLimits, Store } from '@latchkey/core'
import { eventsWhere } from '../../../packages/core/src/testing/queries.ts'
import { type BrokenStore, broken, type Faults } from './broken-store.ts'
import { deleting } from './pruned-users.ts'

const GOES = 'prune, what may go'
const STAYS = 'prune, what must stay'

export const brokenPruning: readonly BrokenStore[] = [
  broken(
    'deletes pending users who are still waited for',
    `${STAYS} > S021 a pending user whose record was touched since`,
    limits((given) => ({ ...given, pendingBefore: given.now })),
  ),

  broken(
    'deletes pending users by their creation',
    `${STAYS} > S021 a pending user whose record was touched since`,
    deleting(
      ({ status, createdAt }, { pendingBefore }) =>
        status === 'pending' && createdAt < pendingBefore,
    ),
  ),

  ...(['active', 'disabled'] as const).map((kind) =>
    broken(
      `deletes old users who are ${kind}`,
      `${STAYS} > a user who is ${kind}, however old`,
      deleting(
        ({ status, updatedAt }, { endedBefore }) => status === kind && updatedAt < endedBefore,
      ),
    ),
  ),

  ...(
    [
      ['now', 'keeps a one-time token that expired just at `now`'],
      ['endedBefore', 'keeps a session whose revokedAt was just at `endedBefore`'],
      ['pendingBefore', 'keeps a pending user last changed just at `pendingBefore`'],
      ['eventsBefore', 'keeps an event that happened just at `eventsBefore`'],
    ] as const
  ).map(([limit, title]) =>
    broken(
      `deletes what lies at ${limit}`,
      `${GOES} > ${title}`,
      limits((given) => ({ ...given, [limit]: new Date(given[limit].getTime() + 1) })),
    ),
  ),

  ...(
    [
      ['now', 'deletes a one-time token that expired 1 ms before `now`'],
      ['endedBefore', 'deletes a user deleted 1 ms before `endedBefore`'],
      ['pendingBefore', 'deletes a pending user last changed 1 ms before `pendingBefore`'],
      ['eventsBefore', 'deletes an event that happened 1 ms before `eventsBefore`'],
    ] as const
  ).map(([limit, title]) =>
    broken(
      `keeps what lies just before ${limit}`,
      `${GOES} > ${title}`,
      limits((given) => ({ ...given, [limit]: new Date(given[limit].getTime() - 1) })),
    ),
  ),

  broken(
    'deletes deleted users once they may not be waited for',
    `${GOES} > keeps a user deleted just at \`endedBefore\``,
    deleting(({ status, updatedAt }, { now }) => status === 'deleted' && updatedAt < now),
  ),

  broken(
    'does not say how many it deleted',
    `${GOES} > answers the number of all that went, and then that nothing is left`,
    (store) => ({
      async prune(given) {
        await store.prune(given)
        return 0
      },
    }),
  ),

  broken(
    'keeps the identifiers of users who went',
    `${GOES} > frees the identifiers of a user who went`,
    ({ users }) => {
      const taken = new Set<string>()
      return {
        users: {
          async insert(user) {
            if (user.username !== null && taken.has(user.username)) throw new Error('duplicate key')
            await users.insert(user)
            if (user.username !== null) taken.add(user.username)
          },
        },
      }
    },
  ),

  broken(
    'deletes events when it deletes sessions',
    `${STAYS} > a young event, whoever and whatever it names`,
    limits((given) => ({ ...given, eventsBefore: given.endedBefore })),
  ),

  broken(
    'deletes the events of users who are gone',
    `${STAYS} > a young event, whoever and whatever it names`,
    ({ users, events }) => ({
      events: {
        async list(query) {
          const listed = await events.list(query)
          const owners = await Promise.all(listed.map(({ userId }) => users.find(userId ?? '')))
          return listed.filter(({ userId }, n) => userId === null || owners[n] !== null)
        },
      },
    }),
  ),

  broken(
    'deletes the sessions that old events name',
    `${STAYS} > what an old event names`,
    ({ sessions, events }) => {
      const named = new Set<string | null>()
      return {
        events: {
          append(added) {
            for (const { sessionId } of added) named.add(sessionId)
            return events.append(added)
          },
        },
        sessions: { find: async (id) => (named.has(id) ? null : sessions.find(id)) },
      }
    },
  ),

  broken(
    'deletes a tenth of the log where something in it is old',
    `${GOES} > deletes of the events those before \`eventsBefore\`, and not one more`,
    (store) => ({
      async prune(given) {
        const gone = await store.prune(given)
        const [oldest] = (await store.events.list(eventsWhere({}))).slice(-1)
        if (gone === 0 || oldest === undefined) return gone
        const eventsBefore = new Date(oldest.at.getTime() + 1)
        return gone + (await store.prune({ ...given, eventsBefore }))
      },
    }),
  ),

  broken(
    'begins the log anew for whoever had read to an event that is gone',
    `${GOES} > lets a reader of the log go on from an event that went`,
    ({ events }) => ({
      events: {
        async list({ after, ...query }) {
          const all = await events.list(eventsWhere({ limit: 10_000 }))
          const known = all.some(({ id }) => id === after?.id)
          return events.list({ ...query, after: known ? after : null })
        },
      },
    }),
  ),

  broken(
    'does not count the events that it deletes',
    `${GOES} > answers the number of all that went, and then that nothing is left`,
    (store) => ({
      async prune(given) {
        const before = await store.events.list(eventsWhere({ limit: 10_000 }))
        const gone = await store.prune(given)
        const after = await store.events.list(eventsWhere({ limit: 10_000 }))
        return gone - (before.length - after.length)
      },
    }),
  ),

  broken(
    'deletes tokens whose attempts are spent',
    `${STAYS} > a token that is alive, whose code expired, without attempts or user`,
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        find: async (...ask) => {
          const token = await oneTimeTokens.find(...ask)
          return token?.attemptsLeft === 0 ? null : token
        },
      },
    }),
  ),

  broken(
    'deletes sessions that were opened long ago',
    `${STAYS} > an old session that is alive`,
    ({ sessions }) => ({
      sessions: {
        async find(id) {
          const found = await sessions.find(id)
          return found && found.session.createdAt.getTime() === 0 ? null : found
        },
      },
    }),
  ),
]

/** Deletes by other limits. */
function limits(other: (given: PruneLimits) => PruneLimits): (sound: Store) => Faults {
  return (store) => ({ prune: (given) => store.prune(other(given)) })
}

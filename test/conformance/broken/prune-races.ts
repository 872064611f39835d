import type { PruneLimits, Store } from '@latchkey/core'
import { type BrokenStore, broken, type Faults, tick } from './broken-store.ts'
import { deleting } from './pruned-users.ts'

const LOT = 'prune, 1100 at once'
const RACE = 'prune, 50 nodes at once'
const LATE = new Date('9999-01-01T00:00:00Z')

export const brokenPruneRaces: readonly BrokenStore[] = [
  ...(['one-time tokens', 'sessions', 'users who are pending', 'events'] as const).map((what) =>
    broken(`stops after a batch of ${what}`, `${LOT} > deletes ${what} to the last`, (store) =>
      inBatches(store, what),
    ),
  ),

  broken(
    'counts what many nodes delete together for each of them',
    `${RACE} > is safe: each record is deleted and counted once`,
    (store) => {
      let running: Promise<number> | null = null
      const run = async (given: PruneLimits) => {
        await tick()
        running = null
        return store.prune(given)
      }
      return { prune: (given) => (running ??= run(given)) }
    },
  ),

  broken(
    'looks for users to delete, then deletes them',
    `${RACE} > S021 takes nobody who activates at the same time`,
    deleting(
      ({ status, updatedAt }, { pendingBefore }) =>
        status === 'pending' && updatedAt < pendingBefore,
      tick,
    ),
  ),

  broken(
    'looks for tokens to delete, then deletes what stands in their place',
    `${RACE} > takes no token that replaces an expired one at the same time`,
    (store) => {
      const owners = new Set<string>()
      return {
        oneTimeTokens: {
          put(token) {
            owners.add(token.userId)
            return store.oneTimeTokens.put(token)
          },
        },
        async prune(given) {
          const found = await tokensOf(store, owners)
          const gone = found.filter(({ expiresAt }) => expiresAt < given.now)
          await tick()
          for (const { userId } of gone)
            for (const { linkHash } of await tokensOf(store, [userId]))
              await store.oneTimeTokens.take(linkHash, 'activate', new Date(0))
          return gone.length
        },
      }
    },
  ),

  broken(
    'looks for sessions to delete, then deletes them',
    `${RACE} > takes no session that is rotated to a later limit at the same time`,
    (store) => {
      const ids = new Set<string>()
      const gone = new Set<string>()
      return {
        sessions: {
          async insert(session) {
            ids.add(session.id)
            await store.sessions.insert(session)
          },
          find: async (id) => (gone.has(id) ? null : store.sessions.find(id)),
        },
        async prune(given) {
          const found = await Promise.all([...ids].map((id) => store.sessions.find(id)))
          await tick()
          for (const each of found)
            if (each && each.session.idleExpiresAt < given.endedBefore) gone.add(each.session.id)
          return store.prune(given)
        },
      }
    },
  ),
]

async function tokensOf({ oneTimeTokens }: Store, owners: Iterable<string>) {
  const lists = [...owners].map((id) => oneTimeTokens.list(id, 'activate', new Date(0), 100))
  return (await Promise.all(lists)).flat()
}

type Kind = 'one-time tokens' | 'sessions' | 'users who are pending' | 'events'

/** What is beyond a thousand is kept beyond the limits. */
function inBatches(store: Store, kind: Kind): Faults {
  let kept = 0
  const last = () => {
    kept += 1
    return kept > 1000
  }
  switch (kind) {
    case 'one-time tokens':
      return {
        oneTimeTokens: {
          put: (token) => store.oneTimeTokens.put(last() ? { ...token, expiresAt: LATE } : token),
        },
      }
    case 'sessions':
      return {
        sessions: {
          insert(session) {
            const far = { idleExpiresAt: LATE, absoluteExpiresAt: LATE }
            return store.sessions.insert(last() ? { ...session, ...far } : session)
          },
        },
      }
    case 'events':
      return {
        events: {
          append: (events) =>
            store.events.append(events.map((each) => (last() ? { ...each, at: LATE } : each))),
        },
      }
    default:
      return {
        users: {
          insert: (user) => store.users.insert(last() ? { ...user, updatedAt: LATE } : user),
        },
      }
  }
}

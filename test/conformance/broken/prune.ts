import type { PruneLimits, Store, User } from '@latchkey/core'
import { type BrokenStore, broken, type Faults, tick } from './broken-store.ts'

const GOES = 'prune, what may go'
const STAYS = 'prune, what must stay'
const LOT = 'prune, 1100 at once'
const RACE = 'prune, 50 nodes at once'

const LATE = new Date('9999-01-01T00:00:00Z')
const NOTHING: PruneLimits = {
  now: new Date(0),
  endedBefore: new Date(0),
  pendingBefore: new Date(0),
}

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

  broken('deletes old events', `${STAYS} > every event`, (store) => {
    let pruned = new Date(0)
    return {
      prune(given) {
        pruned = given.endedBefore
        return store.prune(given)
      },
      events: {
        async list(query) {
          const page = await store.events.list(query)
          return { ...page, events: page.events.filter(({ at }) => at >= pruned) }
        },
      },
    }
  }),

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

  ...(['one-time tokens', 'sessions', 'users who are pending'] as const).map((what) =>
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

/** Deletes by other limits. */
function limits(other: (given: PruneLimits) => PruneLimits): (sound: Store) => Faults {
  return (store) => ({ prune: (given) => store.prune(other(given)) })
}

/** Deletes other users as well, some time after it looked for them. */
function deleting(
  goes: (user: User, given: PruneLimits) => boolean,
  wait: () => Promise<void> = async () => {},
): (sound: Store) => Faults {
  return (store) => {
    const ids = new Set<string>()
    return {
      users: {
        insert(user) {
          ids.add(user.id)
          return store.users.insert(user)
        },
      },
      async prune(given) {
        const users = await Promise.all([...ids].map((id) => store.users.find(id)))
        const gone = users.filter((user) => user !== null && goes(user, given))
        await wait()
        const deleted = await Promise.all(gone.map((user) => remove(store, user?.id ?? '')))
        return deleted.length + (await store.prune(given))
      },
    }
  }
}

/** Whoever it is: marked as deleted long ago, and pruned. */
async function remove(store: Store, id: string): Promise<void> {
  const user = await store.users.find(id)
  const gone = { status: 'deleted', updatedAt: new Date(0) } as const
  if (user === null) return
  await store.users.update(id, user.version, gone)
  await store.prune({ ...NOTHING, endedBefore: new Date(1) })
}

async function tokensOf({ oneTimeTokens }: Store, owners: Iterable<string>) {
  const lists = [...owners].map((id) => oneTimeTokens.list(id, 'activate', new Date(0), 100))
  return (await Promise.all(lists)).flat()
}

type Kind = 'one-time tokens' | 'sessions' | 'users who are pending'

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
    default:
      return {
        users: {
          insert: (user) => store.users.insert(last() ? { ...user, updatedAt: LATE } : user),
        },
      }
  }
}

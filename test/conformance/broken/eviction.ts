import type { SessionStore, Store } from '@latchkey/core'
import { type BrokenStore, broken, type Faults, tick } from './broken-store.ts'

const OF_USER = 'sessions of one user, 50 calls at once'

export const brokenEvictions: readonly BrokenStore[] = [
  broken(
    'evicts the newest',
    'sessions.evictBeyond > S063 ends the oldest beyond the newest, and says how many',
    evicting((live, max) => live.slice(0, Math.max(0, live.length - max))),
  ),

  broken(
    'leaves room for one more when it evicts',
    'sessions.evictBeyond > ends none of three when 3 may be',
    evicting((live, max) => live.slice(Math.max(0, max - 1))),
  ),

  broken(
    'does not evict for one too many',
    'sessions.evictBeyond > ends all when none may be',
    evicting((live, max) => live.slice(max + 1)),
  ),

  broken(
    'evicts by age alone among sessions of one moment',
    'sessions.evictBeyond > goes by id among sessions of one moment',
    evicting((live, max) =>
      live.toSorted((a, b) => +b.createdAt - +a.createdAt || (a.id < b.id ? -1 : 1)).slice(max),
    ),
  ),

  broken(
    'counts dead sessions when it evicts',
    'sessions.evictBeyond > counts live sessions only, and leaves the dead as they are',
    ({ sessions }) => ({
      sessions: {
        evictBeyond: async (userId, max, at) =>
          (await sessions.listByUser(userId, new Date(0))).length > max
            ? sessions.evictBeyond(userId, Math.max(0, max - 1), at)
            : 0,
      },
    }),
  ),

  broken(
    'counts how many are too many, then evicts so many',
    `${OF_USER} > S063 end at the cap however many evict, and each is counted once`,
    ({ sessions }) => ({
      sessions: {
        async evictBeyond(userId, max, at) {
          const many = (await sessions.listByUser(userId, at)).length - max
          await tick()
          const live = await sessions.listByUser(userId, at)
          return sessions.evictBeyond(userId, Math.max(0, live.length - Math.max(0, many)), at)
        },
      },
    }),
  ),

  broken(
    'counts as evicted what others have ended meanwhile',
    `${OF_USER} > are counted as evicted by one who evicts, or told to one who ends them`,
    ({ sessions }) => ({
      sessions: {
        async evictBeyond(userId, max, at) {
          const beyond = (await sessions.listByUser(userId, at)).slice(max)
          await tick()
          for (const { id } of beyond) await sessions.revoke(id, 'evicted', at)
          return beyond.length
        },
      },
    }),
  ),

  broken(
    'looks for the newest, then ends all others there are by then',
    `${OF_USER} > S063 leave exactly the newest when each call opens one and evicts`,
    ({ sessions }) => ({
      sessions: {
        async evictBeyond(userId, max, at) {
          const kept = (await sessions.listByUser(userId, at)).slice(0, max)
          await tick()
          const live = await sessions.listByUser(userId, at)
          const others = live.filter(({ id }) => !kept.some((each) => each.id === id))
          for (const { id } of others) await sessions.revoke(id, 'evicted', at)
          return others.length
        },
      },
    }),
  ),
]

type Live = Awaited<ReturnType<SessionStore['listByUser']>>

/** Evicts other sessions than it should, in one step. */
function evicting(evicted: (live: Live, max: number) => Live): (sound: Store) => Faults {
  return ({ sessions }) => ({
    sessions: {
      async evictBeyond(userId, max, at) {
        const ended = evicted(await sessions.listByUser(userId, at), max)
        for (const { id } of ended) void sessions.revoke(id, 'evicted', at)
        return ended.length
      },
    },
  })
}

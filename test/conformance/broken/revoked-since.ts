import type { Store } from '@latchkey/core'
import { type BrokenStore, broken, type Faults, tick } from './broken-store.ts'

const FEED = 'revokedSince'
const CURSORS = 'revokedSince, cursors'

export const brokenFeeds: readonly BrokenStore[] = [
  broken(
    'tells each revocation once, whoever asks',
    `${CURSORS} > belong to nobody: another node with the same cursor hears the same`,
    (store) => {
      let told: string | null = null
      return {
        async revokedSince() {
          const news = await store.revokedSince(told)
          told = news.cursor
          return news
        },
      }
    },
  ),

  broken(
    'tells nobody of users',
    `${FEED} > tells the user who was disabled, with their counters`,
    (store) => ({
      revokedSince: async (cursor) => ({ ...(await store.revokedSince(cursor)), users: [] }),
    }),
  ),

  broken('tells nobody of sessions', `${FEED} > tells the sessions that revoke ended`, (store) => ({
    revokedSince: async (cursor) => ({ ...(await store.revokedSince(cursor)), sessions: [] }),
  })),

  ...(['revokeAll', 'evictBeyond'] as const).map((verb) =>
    broken(
      `does not tell what ${verb} ended`,
      `${FEED} > tells the sessions that ${verb} ended`,
      (store) => withoutWhatItEnds(store, verb),
    ),
  ),

  broken(
    'tells a thousand sessions and no more',
    `${FEED} > tells however many ended since the cursor`,
    (store) => ({
      async revokedSince(cursor) {
        const news = await store.revokedSince(cursor)
        return { ...news, sessions: news.sessions.slice(0, 1000) }
      },
    }),
  ),

  broken(
    'tells the counters that a user had before',
    `${FEED} > tells the user who changed credentials, with their counters`,
    (store) => ({
      async revokedSince(cursor) {
        const news = await store.revokedSince(cursor)
        const before = (counter: number) => Math.max(0, counter - 1)
        const users = news.users.map(({ id, credentialEpoch, claimsVersion }) => ({
          id,
          credentialEpoch: before(credentialEpoch),
          claimsVersion: before(claimsVersion),
        }))
        return { ...news, users }
      },
    }),
  ),

  broken(
    'tells only the first of what happened to a user',
    `${FEED} > tells the last counters of a user who moved more than once`,
    (store) => ({
      async revokedSince(cursor) {
        const news = await store.revokedSince(cursor)
        const users = [...new Map(news.users.toReversed().map((user) => [user.id, user])).values()]
        return { ...news, users }
      },
    }),
  ),

  broken(
    'tells every change of a user',
    `${FEED} > says nothing of what revokes nothing`,
    (store) => {
      const changed: string[] = []
      return {
        users: {
          update(id, version, patch) {
            changed.push(id)
            return store.users.update(id, version, patch)
          },
        },
        async revokedSince(cursor) {
          const news = await store.revokedSince(cursor)
          const users = changed.map((id) => ({ id, credentialEpoch: 0, claimsVersion: 0 }))
          return { ...news, users: [...users, ...news.users] }
        },
      }
    },
  ),

  broken(
    'has nothing to tell who starts anew',
    `${FEED} > starts anew with a cursor and what is recent`,
    (store) => ({
      async revokedSince(cursor) {
        const news = await store.revokedSince(cursor)
        return cursor === null ? { ...news, sessions: [], users: [] } : news
      },
    }),
  ),

  broken(
    'goes by the time that a caller gives',
    `${CURSORS} > take no time from a caller`,
    (store) => {
      const ended: { readonly id: string; readonly at: number }[] = []
      return {
        sessions: {
          async revoke(id, reason, at) {
            ended.push({ id, at: at.getTime() })
            return store.sessions.revoke(id, reason, at)
          },
        },
        async revokedSince(cursor) {
          const since = Number(cursor ?? -Infinity)
          const news = ended.filter(({ at }) => at >= since)
          const last = Math.max(since, ...ended.map(({ at }) => at))
          const { users } = await store.revokedSince(null)
          return { sessions: news.map(({ id }) => id), users, cursor: `${last}` }
        },
      }
    },
  ),

  broken(
    'passes by what got its number before it can be seen',
    `${CURSORS} > leave out none of 50 sessions and users that end meanwhile`,
    (store) => {
      let last = 0
      const seen: { readonly id: string; readonly number: number }[] = []
      return {
        sessions: {
          async revoke(id, reason, at) {
            last += 1
            const entry = { id, number: last }
            await tick()
            seen.push(entry)
            return store.sessions.revoke(id, reason, at)
          },
        },
        async revokedSince(cursor) {
          const { users } = await store.revokedSince(null)
          const news = seen.filter(({ number }) => number > Number(cursor))
          return { sessions: news.map(({ id }) => id), users, cursor: `${last}` }
        },
      }
    },
  ),
]

/** Ends the sessions, but not through the verb that tells of it. */
function withoutWhatItEnds(store: Store, verb: 'revokeAll' | 'evictBeyond'): Faults {
  const hidden = new Set<string>()
  const hide = async (userId: string) => {
    for (const { id } of await store.sessions.listByUser(userId, new Date(0))) hidden.add(id)
  }
  const faults: Pick<Store['sessions'], typeof verb> = {
    async revokeAll(userId, ...rest) {
      await hide(userId)
      await store.sessions.revokeAll(userId, ...rest)
    },
    async evictBeyond(userId, ...rest) {
      await hide(userId)
      return store.sessions.evictBeyond(userId, ...rest)
    },
  }
  return {
    sessions: { [verb]: faults[verb] },
    async revokedSince(cursor) {
      const news = await store.revokedSince(cursor)
      return { ...news, sessions: news.sessions.filter((id) => !hidden.has(id)) }
    },
  }
}

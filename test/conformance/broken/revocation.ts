import type { SessionStore, Store } from '@latchkey/core'
import { type BrokenStore, broken, type Faults, tick } from './broken-store.ts'

const ONE = 'one session, 50 calls at once'

export const brokenRevocations: readonly BrokenStore[] = [
  broken(
    'overwrites the reason why a session ended',
    'sessions.revoke > keeps the first reason and time, and says who was first',
    ({ sessions }) => ({
      sessions: {
        async revoke(id, revokedReason, revokedAt) {
          const done = await sessions.revoke(id, revokedReason, revokedAt)
          const session = (await sessions.find(id))?.session
          if (session) await sessions.insert({ ...session, revokedReason, revokedAt })
          return done
        },
      },
    }),
  ),

  broken(
    'knows the reasons of its first version alone',
    'sessions.revoke > gives back every reason as it was',
    ({ sessions }) => ({
      sessions: {
        async revoke(id, reason, at) {
          if (reason === 'ended_by_administrator') throw new Error('violates check constraint')
          return sessions.revoke(id, reason, at)
        },
      },
    }),
  ),

  broken(
    'tells everybody that they ended the session',
    'sessions.revoke > says that it did not end what was evicted',
    ({ sessions }) => ({
      sessions: {
        async revoke(id, reason, at) {
          await sessions.revoke(id, reason, at)
          return (await sessions.find(id)) !== null
        },
      },
    }),
  ),

  broken(
    'says that it ended a session that there is not',
    'sessions.revoke > ignores an id that is unknown',
    ({ sessions }) => ({
      sessions: {
        revoke: async (id, reason, at) =>
          (await sessions.revoke(id, reason, at)) || (await sessions.find(id)) === null,
      },
    }),
  ),

  broken(
    'reads whether a session is alive, then ends it',
    `${ONE} > tells exactly one of many who end a session that they did`,
    ({ sessions }) => ({
      sessions: {
        async revoke(id, reason, at) {
          const alive = (await sessions.find(id))?.session.revokedAt === null
          await tick()
          await sessions.revoke(id, reason, at)
          return alive
        },
      },
    }),
  ),

  broken(
    'brings a session back when it is ended again',
    'sessions.revoke > keeps the first reason and time, and says who was first',
    ({ sessions }) => ({
      sessions: {
        async revoke(id, reason, at) {
          const done = await sessions.revoke(id, reason, at)
          const session = (await sessions.find(id))?.session
          const alive = { revokedAt: null, revokedReason: null }
          if (session && !done) await sessions.insert({ ...session, ...alive })
          return done
        },
      },
    }),
  ),

  broken(
    'ends no session that is past a limit',
    'sessions.revoke > ends a session that is past a limit too: it judges nothing',
    ({ sessions }) => ({
      sessions: {
        async revoke(id, reason, at) {
          const limit = (await sessions.find(id))?.session.absoluteExpiresAt ?? at
          return limit > at && sessions.revoke(id, reason, at)
        },
      },
    }),
  ),

  broken(
    'ends a thousand sessions and no more',
    'sessions.revokeAll > ends however many there are',
    endingAll(async (sessions, userId) =>
      (await sessions.listByUser(userId, new Date(0))).slice(0, 1000),
    ),
  ),

  broken(
    'ends the session to keep',
    'sessions.revokeAll > S064 ends all of the user but the one to keep, and nobody else’s',
    ({ sessions }) => ({
      sessions: {
        revokeAll: (userId, keep, reason, at) =>
          sessions.revokeAll(userId, { ...keep, id: null }, reason, at),
      },
    }),
  ),

  broken(
    'ends the sessions of the credentials to keep',
    'sessions.revokeAll > S080 leaves alone those of the credentials to keep, and of later ones',
    ({ sessions }) => ({
      sessions: {
        revokeAll(userId, keep, reason, at) {
          const credentialEpoch = keep.credentialEpoch === null ? null : keep.credentialEpoch + 1
          return sessions.revokeAll(userId, { ...keep, credentialEpoch }, reason, at)
        },
      },
    }),
  ),

  broken(
    'forgets the credentials to keep when there is a session to keep',
    'sessions.revokeAll > S080 leaves alone the one to keep as well as those of later credentials',
    ({ sessions }) => ({
      sessions: {
        revokeAll(userId, { id, credentialEpoch }, reason, at) {
          const keep = { id, credentialEpoch: id === null ? credentialEpoch : null }
          return sessions.revokeAll(userId, keep, reason, at)
        },
      },
    }),
  ),

  broken(
    'ends the living only when it ends all',
    'sessions.revokeAll > ends those past a limit too: it judges nothing',
    endingAll((sessions, userId, at) => sessions.listByUser(userId, at)),
  ),

  broken(
    'overwrites a reason when it ends all',
    'sessions.revoke > keeps the first reason and time, and says who was first',
    (store) => {
      const ids: string[] = []
      return {
        sessions: {
          insert(session) {
            ids.push(session.id)
            return store.sessions.insert(session)
          },
          async revokeAll(userId, keep, revokedReason, revokedAt) {
            await store.sessions.revokeAll(userId, keep, revokedReason, revokedAt)
            for (const id of ids) {
              const session = (await store.sessions.find(id))?.session
              const ended = session?.userId === userId && session.revokedAt !== null
              if (ended) await store.sessions.insert({ ...session, revokedReason, revokedAt })
            }
          },
        },
      }
    },
  ),
]

type Live = Awaited<ReturnType<SessionStore['listByUser']>>

/** Ends other sessions than it should, one by one. */
function endingAll(
  ended: (sessions: SessionStore, userId: string, at: Date) => Promise<Live>,
): (sound: Store) => Faults {
  return ({ sessions }) => ({
    sessions: {
      async revokeAll(userId, { id, credentialEpoch }, reason, at) {
        const found = await ended(sessions, userId, at)
        const epoch = credentialEpoch ?? Number.POSITIVE_INFINITY
        for (const session of found) {
          const kept = session.id === id || session.credentialEpoch >= epoch
          if (!kept) await sessions.revoke(session.id, reason, at)
        }
      },
    },
  })
}

import type { Session, Store } from '@latchkey/core'
import { type BrokenStore, broken } from './broken-store.ts'

export const brokenSessions: readonly BrokenStore[] = [
  broken(
    'does not find a session that was revoked',
    'sessions.insert and sessions.find > find a session whatever its state: revoked, idle for too long, over',
    ({ sessions }) => ({
      sessions: {
        async find(id) {
          const found = await sessions.find(id)
          return found?.session.revokedAt === null ? found : null
        },
      },
    }),
  ),

  broken(
    'gives a session with the user as they were when it was first read',
    'sessions.insert and sessions.find > give the user as they are now',
    ({ users, sessions }) => {
      const known = new Map<string, Awaited<ReturnType<typeof users.find>>>()
      return {
        sessions: {
          async insert(session) {
            known.set(session.userId, await users.find(session.userId))
            await sessions.insert(session)
          },
          async find(id) {
            const found = await sessions.find(id)
            return found && { ...found, user: known.get(found.user.id) ?? found.user }
          },
        },
      }
    },
  ),

  broken(
    'forgets in which session somebody acts',
    'sessions.insert and sessions.find > give back every member as it was, and no other, with the user',
    ({ sessions }) => ({
      sessions: { insert: (session) => sessions.insert({ ...session, actorSessionId: null }) },
    }),
  ),

  broken(
    'takes zero for nothing',
    'sessions.insert and sessions.find > give back zero where it is a value',
    ({ sessions }) => ({
      sessions: {
        insert: (session) =>
          sessions.insert({ ...session, parentGeneration: session.parentGeneration || null }),
      },
    }),
  ),

  broken(
    'does not say who acts where a token is seen',
    'sessions.insert and sessions.find > keep who acts, in whatever way the session is read',
    ({ sessions }) => ({
      sessions: {
        async confirm(...seen) {
          const found = await sessions.confirm(...seen)
          const session = found && { ...found.session, actorId: null, actorSessionId: null }
          return found && session && { ...found, session }
        },
      },
    }),
  ),

  broken(
    'finds a session of nobody',
    'sessions.insert and sessions.find > answer null when the user is gone',
    ({ users, sessions }) => {
      const last = new Map<string, Awaited<ReturnType<typeof sessions.find>>>()
      return {
        sessions: {
          async insert(session) {
            await sessions.insert(session)
            const user = await users.find(session.userId)
            last.set(session.id, user && { session, user })
          },
          find: async (id) => (await sessions.find(id)) ?? last.get(id) ?? null,
        },
      }
    },
  ),

  broken(
    'lists sessions that were revoked',
    'sessions.listByUser > leaves out what was revoked',
    listing(
      (_, now) =>
        ({ idleExpiresAt }) =>
          idleExpiresAt > now,
    ),
  ),

  broken(
    'lists sessions until 1 ms after their limit',
    'sessions.listByUser > S060 S061 leaves out what has reached idleExpiresAt, to the millisecond',
    ({ sessions }) => ({
      sessions: {
        listByUser: (userId, now) => sessions.listByUser(userId, new Date(now.getTime() - 1)),
      },
    }),
  ),

  broken(
    'lists the oldest session first',
    "sessions.listByUser > S063 gives the user's own, newest first",
    ({ sessions }) => ({
      sessions: {
        listByUser: async (userId, now) => (await sessions.listByUser(userId, now)).toReversed(),
      },
    }),
  ),

  broken(
    'lists sessions of one moment in no order',
    'sessions.listByUser > goes by id, the last first, among sessions of one moment',
    listing((userId, now) => (session) => session.userId === userId && isLive(session, now)),
  ),

  broken(
    'answers undefined for a session that is not there',
    'sessions.insert and sessions.find > answer null when the session is unknown',
    ({ sessions }) => ({
      sessions: { find: async (id) => (await sessions.find(id)) ?? (undefined as never) },
    }),
  ),

  broken(
    'answers null where there is nothing to list',
    'sessions.listByUser > gives nothing for a user without sessions',
    ({ sessions }) => ({
      sessions: {
        async listByUser(userId, now) {
          const listed = await sessions.listByUser(userId, now)
          return listed.length === 0 ? (null as never) : listed
        },
      },
    }),
  ),
]

/** Lists by another rule, as the sessions came. */
function listing(rule: (userId: string, now: Date) => (session: Session) => boolean) {
  return ({ sessions }: Store) => {
    const all = new Map<string, Session>()
    return {
      sessions: {
        insert(session: Session) {
          all.set(session.id, session)
          return sessions.insert(session)
        },
        async listByUser(userId: string, now: Date) {
          const listed = [...all.values()].filter(rule(userId, now))
          const newestFirst = (a: Session, b: Session) => +b.createdAt - +a.createdAt
          return listed.filter((session) => session.userId === userId).sort(newestFirst)
        },
      },
    }
  }
}

function isLive({ idleExpiresAt, absoluteExpiresAt, revokedAt }: Session, now: Date): boolean {
  return revokedAt === null && idleExpiresAt > now && absoluteExpiresAt > now
}

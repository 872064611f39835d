import type {
  RevocationReason,
  Session,
  SessionStore,
  SessionWithUser,
  Sighting,
} from '@latchkey/core'
import type { Environment } from './environment.ts'

export function sessionStore({ users, sessions, feed, read, write }: Environment): SessionStore {
  function withUser(session: Session | null): SessionWithUser | null {
    const user = session === null ? null : users.get(session.userId)
    return session === null || user === null ? null : { session, user }
  }
  const newestFirst = (userId: string) => sessions.list(['user', userId], { backwards: true })
  const liveOf = (userId: string, now: Date) =>
    newestFirst(userId).filter((session) => isLive(session, now))

  function end(session: Session, revokedReason: RevocationReason, revokedAt: Date): void {
    sessions.put({ ...session, revokedAt, revokedReason })
    feed.add({ session: session.id })
  }

  return {
    insert: (session) => write(() => sessions.insert(session)),
    find: (id) => read(() => withUser(sessions.get(id))),
    listByUser: (userId, now) => read(() => liveOf(userId, now)),
    rotate: (id, { generation, unconfirmed }, patch) =>
      write(() => {
        const session = sessions.get(id)
        if (session === null || session.revokedAt !== null) return false
        const { confirmedGeneration } = session
        if (session.generation !== generation) return false
        if (unconfirmed && confirmedGeneration >= generation) return false
        const confirmed = Math.max(confirmedGeneration, patch.confirmedGeneration)
        sessions.put({ ...session, ...patch, confirmedGeneration: confirmed })
        return true
      }),
    async confirm(id, generation, seen) {
      const look = () => {
        const found = withUser(sessions.get(id))
        return found !== null && mayBeSeen(found.session, generation, seen.now) ? found : null
      }
      const found = await read(look)
      if (found === null || !isDue(found.session, generation, seen)) return found
      return write(() => {
        const current = look()
        if (current === null || !isDue(current.session, generation, seen)) return current
        const session = confirmed(current.session, generation, seen)
        sessions.put(session)
        return { ...current, session }
      })
    },
    revoke: (id, reason, at) =>
      write(() => {
        const session = sessions.get(id)
        if (session === null || session.revokedAt !== null) return false
        end(session, reason, at)
        return true
      }),
    revokeAll: (userId, keep, reason, at) =>
      write(() => {
        const epoch = keep.credentialEpoch ?? Number.POSITIVE_INFINITY
        for (const session of newestFirst(userId)) {
          if (session.id !== keep.id && session.credentialEpoch < epoch) end(session, reason, at)
        }
      }),
    evictBeyond: (userId, max, at) =>
      write(() => {
        const oldest = liveOf(userId, at).slice(max)
        for (const session of oldest) end(session, 'evicted', at)
        return oldest.length
      }),
  }
}

function isLive({ revokedAt, idleExpiresAt, absoluteExpiresAt }: Session, now: Date): boolean {
  return revokedAt === null && idleExpiresAt > now && absoluteExpiresAt > now
}

function mayBeSeen(session: Session, generation: number, now: Date): boolean {
  const isKnown = generation <= session.generation && generation >= session.burntBelow
  return isKnown && isLive(session, now)
}

function isDue(session: Session, generation: number, { touchBefore }: Sighting): boolean {
  return generation > session.confirmedGeneration || session.lastSeenAt < touchBefore
}

function confirmed(session: Session, generation: number, seen: Sighting): Session {
  const { confirmedGeneration, absoluteExpiresAt } = session
  return {
    ...session,
    confirmedGeneration: Math.max(confirmedGeneration, generation),
    lastSeenAt: seen.now,
    idleExpiresAt: new Date(Math.min(+seen.idleExpiresAt, +absoluteExpiresAt)),
  }
}

import type {
  PruneLimits,
  RevocationReason,
  RotationExpectation,
  Session,
  SessionRotation,
  SessionStore,
  SessionsToKeep,
  SessionWithUser,
  Sighting,
} from '@latchkey/core'
import type { ChangeLog } from './change-log.ts'
import { newestFirst } from './newest-first.ts'
import type { UserTable } from './users.ts'

/** The sessions, and which belong to whom. */
export class SessionTable implements SessionStore {
  readonly #changes: ChangeLog
  readonly #users: UserTable
  readonly #sessions = new Map<string, Session>()
  readonly #idsByUser = new Map<string, Set<string>>()

  constructor(changes: ChangeLog, users: UserTable) {
    this.#changes = changes
    this.#users = users
  }

  async insert(session: Session): Promise<void> {
    this.#write(session)
    const ids = this.#idsByUser.get(session.userId) ?? new Set()
    this.#idsByUser.set(session.userId, ids.add(session.id))
  }

  async find(id: string): Promise<SessionWithUser | null> {
    return this.#withUser(this.#sessions.get(id))
  }

  async listByUser(userId: string, now: Date): Promise<readonly Session[]> {
    return structuredClone(this.#liveOf(userId, now))
  }

  async rotate(id: string, expect: RotationExpectation, patch: SessionRotation): Promise<boolean> {
    const session = this.#sessions.get(id)
    if (session === undefined || session.revokedAt !== null) return false
    if (session.generation !== expect.generation) return false
    if (expect.unconfirmed && session.confirmedGeneration >= session.generation) return false
    const { confirmedGeneration } = session
    this.#write({
      ...session,
      ...patch,
      confirmedGeneration: Math.max(confirmedGeneration, patch.confirmedGeneration),
    })
    return true
  }

  async confirm(id: string, generation: number, seen: Sighting): Promise<SessionWithUser | null> {
    const session = this.#sessions.get(id)
    if (session === undefined || !isLive(session, seen.now)) return null
    if (generation > session.generation || generation < session.burntBelow) return null
    const known = generation <= session.confirmedGeneration
    if (known && session.lastSeenAt >= seen.touchBefore) return this.#withUser(session)
    const confirmed: Session = {
      ...session,
      confirmedGeneration: Math.max(session.confirmedGeneration, generation),
      lastSeenAt: seen.now,
      idleExpiresAt: earlier(seen.idleExpiresAt, session.absoluteExpiresAt),
    }
    this.#write(confirmed)
    return this.#withUser(confirmed)
  }

  async revoke(id: string, reason: RevocationReason, at: Date): Promise<boolean> {
    const session = this.#sessions.get(id)
    if (session === undefined || session.revokedAt !== null) return false
    this.#write({ ...session, revokedAt: at, revokedReason: reason })
    this.#changes.sessionEnded(id)
    return true
  }

  async revokeAll(
    userId: string,
    keep: SessionsToKeep,
    reason: RevocationReason,
    at: Date,
  ): Promise<void> {
    const epoch = keep.credentialEpoch ?? Number.POSITIVE_INFINITY
    const ended = [...(this.#idsByUser.get(userId) ?? [])]
      .flatMap((id) => this.#sessions.get(id) ?? [])
      .filter((session) => session.id !== keep.id && session.credentialEpoch < epoch)
    for (const { id } of ended) void this.revoke(id, reason, at)
  }

  async evictBeyond(userId: string, max: number, at: Date): Promise<number> {
    const oldest = this.#liveOf(userId, at).slice(max)
    for (const { id } of oldest) void this.revoke(id, 'evicted', at)
    return oldest.length
  }

  prune({ endedBefore }: PruneLimits): number {
    const gone = [...this.#sessions.values()].filter(
      (session) =>
        (session.revokedAt !== null && session.revokedAt < endedBefore) ||
        session.idleExpiresAt < endedBefore ||
        session.absoluteExpiresAt < endedBefore ||
        this.#users.peek(session.userId) === undefined,
    )
    for (const session of gone) this.#remove(session)
    return gone.length
  }

  #withUser(session: Session | undefined): SessionWithUser | null {
    const user = session === undefined ? undefined : this.#users.peek(session.userId)
    return session === undefined || user === undefined ? null : structuredClone({ session, user })
  }

  #liveOf(userId: string, now: Date): Session[] {
    return [...(this.#idsByUser.get(userId) ?? [])]
      .flatMap((id) => this.#sessions.get(id) ?? [])
      .filter((session) => isLive(session, now))
      .sort(newestFirst)
  }

  #write(session: Session): void {
    this.#sessions.set(session.id, structuredClone(session))
  }

  #remove({ id, userId }: Session): void {
    this.#sessions.delete(id)
    const ids = this.#idsByUser.get(userId)
    ids?.delete(id)
    if (ids?.size === 0) this.#idsByUser.delete(userId)
  }
}

function isLive(session: Session, now: Date): boolean {
  return session.revokedAt === null && !isExpired(session, now)
}

function isExpired({ idleExpiresAt, absoluteExpiresAt }: Session, now: Date): boolean {
  return idleExpiresAt <= now || absoluteExpiresAt <= now
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b
}

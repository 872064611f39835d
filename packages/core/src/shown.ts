import type { Session, User } from './records.ts'
import type { IssuedSession } from './sessions.ts'

/** A user, as the outside may see them. */
export interface ShownUser {
  readonly id: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly username: string | null
  readonly roles: readonly string[]
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

/** A session, as its owner may see it. */
export interface ShownSession {
  readonly id: string
  /** Whether it is the session that asks. */
  readonly current: boolean
  readonly deviceName: string | null
  readonly userAgent: string | null
  readonly ip: string | null
  /** ISO 8601, UTC. */
  readonly createdAt: string
  /** ISO 8601, UTC; to the minute. */
  readonly lastSeenAt: string
  /** ISO 8601, UTC: when it ends unless it is used again. */
  readonly expiresAt: string
}

/** What a client gets when a session begins or goes on. */
export interface ShownTokens {
  readonly accessToken: string
  readonly refreshToken: string
  /** Seconds until the access token ends. */
  readonly expiresIn: number
  readonly tokenType: 'Bearer'
  readonly sessionId: string
}

/** A session that has begun, and whose it is. */
export type StartedSession = { readonly user: ShownUser } & ShownTokens

/** The allow list of what may leave the house. A field that is not named here stays inside. */
export function shownUser(user: User): ShownUser {
  return {
    id: user.id,
    email: user.emailAsTyped,
    emailVerified: user.emailVerifiedAt !== null,
    username: user.usernameAsTyped,
    roles: [...user.roles],
    createdAt: user.createdAt.toISOString(),
  }
}

/** See {@link shownUser}. */
export function shownSession(session: Session, currentId: string): ShownSession {
  return {
    id: session.id,
    current: session.id === currentId,
    deviceName: session.device.name,
    userAgent: session.device.userAgent,
    ip: session.device.ip,
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    expiresAt: session.idleExpiresAt.toISOString(),
  }
}

/** See {@link shownUser}. */
export function shownStart(issued: IssuedSession): StartedSession {
  return { user: shownUser(issued.user), ...shownTokens(issued) }
}

/** See {@link shownUser}. */
export function shownTokens(issued: IssuedSession): ShownTokens {
  return {
    accessToken: issued.accessToken,
    refreshToken: issued.refreshToken,
    expiresIn: issued.expiresIn,
    tokenType: 'Bearer',
    sessionId: issued.session.id,
  }
}

import type { Context } from './context.ts'
import { visibleProfile } from './profiles.ts'
import type { EventRecord, JsonObject, JsonValue, Session, User, UserStatus } from './records.ts'
import type { IssuedSession } from './sessions.ts'

/** A user, as they may see themselves. */
export interface ShownUser<Profile = JsonObject> {
  readonly id: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly username: string | null
  /** E.164. */
  readonly phone: string | null
  readonly phoneVerified: boolean
  readonly roles: readonly string[]
  /** The application's own fields. */
  readonly profile: Profile
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

/** A user, as administrators may see them: with the whole profile. */
export interface ShownAccount<Profile = JsonObject> extends ShownUser<Profile> {
  readonly status: UserStatus
  /** Whether a password can log in. */
  readonly hasPassword: boolean
  /** How many logins failed since the last one that did not. */
  readonly failedLogins: number
  /** ISO 8601, UTC: when the account will be deleted unless its owner logs in before; `null` for no such plan. */
  readonly deleteAfter: string | null
  /** ISO 8601, UTC. */
  readonly updatedAt: string
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
  /** Whether an administrator opened it to act in the user's name. */
  readonly impersonated: boolean
}

/** An entry of the audit log. */
export interface ShownEvent {
  readonly id: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly type: string
  readonly outcome: 'success' | 'failure'
  /** To whose account it happened; `null` for what was about none, or many. */
  readonly userId: string | null
  /** Who did it, where that was somebody else. */
  readonly actorId: string | null
  readonly sessionId: string | null
  readonly ip: string | null
  readonly userAgent: string | null
  /** What else is known of an event of that type. */
  readonly data: JsonObject
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

/** What a client gets of a session whose tokens are in cookies. */
export interface ShownCookieSession {
  /** Seconds until the access token ends. */
  readonly expiresIn: number
  readonly sessionId: string
  /** For the header `x-csrf-token`. */
  readonly csrfToken: string
}

/** What became of an account that its owner deleted. */
export interface ShownDeletion {
  /** ISO 8601, UTC: a login before restores the account. `null` when it is gone. */
  readonly deleteAfter: string | null
}

/** A session that has begun, and whose it is. */
export type StartedSession<Profile = JsonObject> = {
  readonly user: ShownUser<Profile>
} & ShownTokens

/** The allow list of what may leave the house. A field that is not named here stays inside. */
export function shownUser(ctx: Pick<Context, 'settings'>, user: User): ShownUser {
  return {
    id: user.id,
    email: user.emailAsTyped,
    emailVerified: user.emailVerifiedAt !== null,
    username: user.usernameAsTyped,
    phone: user.phone,
    phoneVerified: user.phoneVerifiedAt !== null,
    roles: [...user.roles],
    profile: visibleProfile(ctx, user.profile, 'owner'),
    createdAt: user.createdAt.toISOString(),
  }
}

/** See {@link shownUser}. */
export function shownAccount(ctx: Pick<Context, 'settings'>, user: User): ShownAccount {
  return {
    ...shownUser(ctx, user),
    profile: visibleProfile(ctx, user.profile, 'administrator'),
    status: user.status,
    hasPassword: user.passwordHash !== null,
    failedLogins: user.failedLogins,
    deleteAfter: user.deleteAfter?.toISOString() ?? null,
    updatedAt: user.updatedAt.toISOString(),
  }
}

/** See {@link shownUser}. Where somebody acts in the user's name it says so, but not from which address (the log does). */
export function shownSession(session: Session, currentId: string | null): ShownSession {
  const isImpersonated = session.actorId !== null
  return {
    id: session.id,
    current: session.id === currentId,
    deviceName: session.device.name,
    userAgent: isImpersonated ? null : session.device.userAgent,
    ip: isImpersonated ? null : session.device.ip,
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    expiresAt: session.idleExpiresAt.toISOString(),
    impersonated: isImpersonated,
  }
}

/** See {@link shownUser}. For who may read the whole log. */
export function shownEvent(event: EventRecord): ShownEvent {
  return {
    id: event.id,
    at: event.at.toISOString(),
    type: event.type,
    outcome: event.outcome,
    userId: event.userId,
    actorId: event.actorId,
    sessionId: event.sessionId,
    ip: event.ip,
    userAgent: event.userAgent,
    data: event.data,
  }
}

/**
 * See {@link shownUser}. For whose account it is: where somebody else did it, they learn who, but not from which
 * address; and nothing of members of the profile that are not theirs to see.
 */
export function shownOwnEvent(ctx: Pick<Context, 'settings'>, event: EventRecord): ShownEvent {
  const { actorId, userId, ip, userAgent } = event
  const isOwn = actorId === null || actorId === userId
  const data = Object.entries(event.data).map(([name, value]) => [
    name,
    name === 'fields' && Array.isArray(value) ? visibleFields(ctx, value) : value,
  ])
  return {
    ...shownEvent(event),
    ip: isOwn ? ip : null,
    userAgent: isOwn ? userAgent : null,
    data: Object.fromEntries(data),
  }
}

function visibleFields(ctx: Pick<Context, 'settings'>, names: readonly JsonValue[]): JsonValue {
  const fields = Object.fromEntries(names.map((name) => [String(name), null]))
  return Object.keys(visibleProfile(ctx, fields, 'owner'))
}

/** See {@link shownUser}. */
export function shownDeletion(deleteAfter: Date | null): ShownDeletion {
  return { deleteAfter: deleteAfter?.toISOString() ?? null }
}

/** See {@link shownUser}. */
export function shownStart(ctx: Pick<Context, 'settings'>, issued: IssuedSession): StartedSession {
  return { user: shownUser(ctx, issued.user), ...shownTokens(issued) }
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

/** See {@link shownUser}. Without what no script may read (S068). */
export function shownCookieSession(issued: IssuedSession, csrfToken: string): ShownCookieSession {
  return { expiresIn: issued.expiresIn, sessionId: issued.session.id, csrfToken }
}

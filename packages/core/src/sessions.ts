import type { Context } from './context.ts'
import { newId, randomToken } from './crypto/random.ts'
import type { Client } from './events.ts'
import type { RevocationReason, Session, SessionWithUser, User } from './records.ts'
import type { Sighting } from './store.ts'
import { after, before, earlier, MINUTE, type Seconds } from './time.ts'
import { signAccessToken, verifyIgnoringExpiry } from './tokens/access-token.ts'
import { isAuthentic, parseRefreshToken, refreshTokenOf } from './tokens/refresh-token.ts'

// A session that was seen within the last minute is not written again.
const TOUCH_INTERVAL: Seconds = MINUTE

/** A session with the tokens that its client needs. */
export interface IssuedSession {
  readonly user: User
  readonly session: Session
  readonly accessToken: string
  readonly refreshToken: string
  /** How long the access token lives. */
  readonly expiresIn: Seconds
}

/** How somebody proved who they are, and from where. */
export interface SessionOpening {
  readonly amr: readonly string[]
  readonly deviceName: string | null
  readonly client: Client
  /** Who acts in the user's name, where somebody does. */
  readonly actor?: SessionActor
}

/** Somebody who acts in a user's name, where they are logged in, and when they last proved who they are. */
interface SessionActor {
  readonly id: string
  readonly sessionId: string
  readonly authTime: Date
}

/** The record of a new session of the user, under the credentials that the record of the user shows. */
export function newSession(ctx: Context, user: User, opening: SessionOpening): Session {
  const now = ctx.now()
  const { actor } = opening
  const absoluteExpiresAt = after(now, lifetimeOf(ctx, opening))
  return {
    id: newId(now),
    userId: user.id,
    salt: randomToken(16),
    generation: 1,
    parentGeneration: null,
    recent: [],
    confirmedGeneration: 0,
    burntBelow: 0,
    credentialEpoch: user.credentialEpoch,
    authTime: actor?.authTime ?? now,
    amr: opening.amr,
    actorId: actor?.id ?? null,
    actorSessionId: actor?.sessionId ?? null,
    device: { name: opening.deviceName, ...opening.client },
    createdAt: now,
    lastSeenAt: now,
    idleExpiresAt: idleLimit(ctx, absoluteExpiresAt),
    absoluteExpiresAt,
    revokedAt: null,
    revokedReason: null,
  }
}

function lifetimeOf({ settings }: Context, { actor }: SessionOpening): Seconds {
  const { absoluteLifetime, impersonationLifetime } = settings
  return actor === undefined ? absoluteLifetime : (impersonationLifetime ?? 0)
}

/** Makes the tokens of the session's current generation. */
export async function issueTokens(
  ctx: Context,
  session: Session,
  user: User,
): Promise<IssuedSession> {
  const { token, expiresIn } = await signAccessToken(ctx, session, user)
  return {
    user,
    session,
    accessToken: token,
    refreshToken: refreshTokenOf(ctx, session),
    expiresIn,
  }
}

/** When a session that is used now ends unless it is used again. */
export function idleLimit(ctx: Context, absoluteExpiresAt: Date): Date {
  return earlier(after(ctx.now(), ctx.settings.idleLifetime), absoluteExpiresAt)
}

/** What `sessions.confirm` is told. */
export function sightingNow(ctx: Context): Sighting {
  const now = ctx.now()
  return {
    now,
    idleExpiresAt: after(now, ctx.settings.idleLifetime),
    touchBefore: before(now, TOUCH_INTERVAL),
  }
}

/** Whether the session may still be used: not ended, within its limits, its user active under the same credentials. */
export function isLive({ session, user }: SessionWithUser, now: Date): boolean {
  return (
    session.revokedAt === null &&
    now < session.idleExpiresAt &&
    now < session.absoluteExpiresAt &&
    user.status === 'active' &&
    user.credentialEpoch === session.credentialEpoch
  )
}

/**
 * Ends the session, and says so once. Resolves whether this call ended it.
 *
 * @param actorId Who does it in the name of the session's user, or `null`: by default whoever opened the session.
 */
export async function endSession(
  ctx: Context,
  session: Session,
  reason: RevocationReason,
  client: Client,
  actorId: string | null = session.actorId,
): Promise<boolean> {
  const ended = await ctx.store.sessions.revoke(session.id, reason, ctx.now())
  const { id: sessionId, userId } = session
  const by = actorId === null ? {} : { actorId }
  if (ended) ctx.emit({ type: 'session.ended', reason, userId, sessionId, ...by, client })
  return ended
}

/** Marks as ended what the new credentials of the user have ended already. No answer waits for it. */
export function endOlderSessions(ctx: Context, user: User, reason: RevocationReason): void {
  const keep = { id: null, credentialEpoch: user.credentialEpoch }
  ctx.later('marking sessions as ended', () =>
    ctx.store.sessions.revokeAll(user.id, keep, reason, ctx.now()),
  )
}

/** A token of ours, and its session unless it was forgotten. */
export interface KnownToken {
  readonly session: Session | null
}

/**
 * What is known of a token, whether or not it and its session are still alive; `null` for what is no token of ours,
 * and for a refresh token whose session is forgotten. For those who only ever end the session.
 */
export async function findByToken(ctx: Context, token: string): Promise<KnownToken | null> {
  const refreshToken = parseRefreshToken(token)
  if (refreshToken !== null) {
    const found = await ctx.store.sessions.find(refreshToken.sessionId)
    const genuine = found !== null && isAuthentic(ctx, refreshToken, found.session)
    return genuine ? { session: found.session } : null
  }
  const claims = await verifyIgnoringExpiry(ctx, token).catch(() => null)
  if (claims === null) return null
  const found = await ctx.store.sessions.find(claims.sid)
  return { session: found?.session ?? null }
}

import * as z from 'zod'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { isStillEntitled } from '../impersonation.ts'
import type { InputOf } from '../input.ts'
import { addressKey, limit, limited } from '../limits.ts'
import { once } from '../once.ts'
import type { Session, SessionWithUser } from '../records.ts'
import { judgeRefresh, nextRotation, REUSE_GRACE } from '../rotation.ts'
import { endSession, type IssuedSession, idleLimit, isLive, issueTokens } from '../sessions.ts'
import type { Seconds } from '../time.ts'
import { isAuthentic, parseRefreshToken } from '../tokens/refresh-token.ts'

export const refreshInput = once(() => z.strictObject({ refreshToken: z.string().max(4096) }))

/** What `refresh` takes. */
export type RefreshInput = InputOf<typeof refreshInput>

const MAX_ATTEMPTS = 5

/**
 * Gives a new pair of tokens for a refresh token. Tabs that refresh at once, an answer that got lost, a retry an hour
 * later all go on; a token that two parties use ends the session as soon as both have refreshed more than the grace
 * apart (RFC 9700, section 4.14.2). Throws `invalid_token` for every refusal, `unavailable` when others were faster
 * five times: a race never logs anyone out; `rate_limited` for rotations without end.
 *
 * A crash leaves the session at the old generation or the new one; the presented token works in both.
 */
export async function refresh(
  ctx: Context,
  input: RefreshInput,
  client: Client,
): Promise<IssuedSession> {
  const address = addressKey(ctx, client)
  if (address === null) return renew(ctx, input, client)
  await limit(ctx, 'refreshesFromAddress', address, { client })
  let isInvalid = false
  try {
    return await renew(ctx, input, client)
  } catch (error) {
    isInvalid = error instanceof AuthError && error.code === 'invalid_token'
    throw error
  } finally {
    // Whoever tries again and again while the store is down goes on as soon as it is back.
    if (!isInvalid) await ctx.limits.giveBack('refreshesFromAddress', address)
  }
}

/**
 * Like {@link refresh}, for guards: what fails does not count by address. A browser goes on sending the cookies of a
 * session that is over, with every page and picture, and whoever shares its address is not to pay for that.
 */
export async function renew(
  ctx: Context,
  input: RefreshInput,
  client: Client,
): Promise<IssuedSession> {
  const presented = parseRefreshToken(input.refreshToken)
  if (presented === null) throw new AuthError('invalid_token')
  // Asked beforehand: nothing is to come between reading a session and moving it.
  const wait = ctx.limits.look('refreshes', presented.sessionId)
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const found = await ctx.store.sessions.find(presented.sessionId)
    // In this order: a forger's token can do nothing to a session.
    if (
      found === null ||
      !isAuthentic(ctx, presented, found.session) ||
      !isLive(found, ctx.now()) ||
      !(await isStillEntitled(ctx, found))
    ) {
      throw new AuthError('invalid_token')
    }
    const issued = await follow(ctx, found, { ...presented, client, wait })
    if (issued !== null) return issued
  }
  throw new AuthError('unavailable', { retryAfter: 1 })
}

/** Who presents which token, and whether the limit of rotations lets them wait. */
interface Presentation {
  readonly generation: number
  readonly client: Client
  readonly wait: Promise<Seconds | null>
}

/** Does what the token asks for; `null` when somebody else moved the session meanwhile. */
async function follow(
  ctx: Context,
  found: SessionWithUser,
  presented: Presentation,
): Promise<IssuedSession | null> {
  const { session, user } = found
  const grace = REUSE_GRACE + ctx.settings.clockTolerance
  const verdict = judgeRefresh(session, presented.generation, ctx.now(), grace)
  switch (verdict) {
    case 'replay':
      return issueTokens(ctx, session, user)
    case 'reuse':
      return endReused(ctx, found, presented.client)
    case 'rotate':
    case 'recover':
      return rotate(ctx, found, presented, grace)
  }
}

async function rotate(
  ctx: Context,
  { session, user }: SessionWithUser,
  { generation, client, wait }: Presentation,
  grace: number,
): Promise<IssuedSession | null> {
  const tooSoon = await wait
  if (tooSoon !== null) return refuseRotation(ctx, session, tooSoon, client)
  const now = ctx.now()
  const recovers = generation !== session.generation
  const rotation = {
    ...nextRotation(session, generation, now, grace),
    lastSeenAt: now,
    idleExpiresAt: idleLimit(ctx, session.absoluteExpiresAt),
  }
  const expect = { generation: session.generation, unconfirmed: recovers }
  if (!(await ctx.store.sessions.rotate(session.id, expect, rotation))) return null
  // Only now: of many refreshes at once one rotates, and the others are none.
  await ctx.limits.count('refreshes', session.id)
  const type = recovers ? 'session.refresh_recovered' : 'session.refreshed'
  const { id: sessionId, actorId } = session
  const by = actorId === null ? {} : { actorId }
  ctx.emit({ type, userId: user.id, sessionId, ...by, client })
  return issueTokens(ctx, { ...session, ...rotation }, user)
}

async function refuseRotation(
  ctx: Context,
  { id, userId }: Session,
  wait: Seconds,
  client: Client,
): Promise<never> {
  throw await limited(ctx, 'refreshes', id, wait, { userId, client })
}

async function endReused(ctx: Context, found: SessionWithUser, client: Client): Promise<never> {
  const ended = await endSession(ctx, found.session, 'refresh_reuse', client)
  if (ended) ctx.send({ kind: 'refresh_reuse', to: found.user })
  throw new AuthError('invalid_token')
}

import type { Context, VerifiedToken } from '../context.ts'
import { AuthError } from '../errors.ts'
import { isStillEntitled } from '../impersonation.ts'
import type { Principal } from '../principal.ts'
import { isLive, sightingNow } from '../sessions.ts'
import { type AccessClaims, verifyAccessToken } from '../tokens/access-token.ts'
import { sharedList } from '../tokens/shared-lists.ts'

/** `strict` asks the store for every request; `feed` only where memory cannot tell. */
export type Consistency = 'feed' | 'strict'

/**
 * Says who holds the access token. A session that ended, a changed password, a disabled user is refused from then on:
 * at once where that happened, on other nodes as soon as they have heard of it, and never later than 5 s. Throws
 * `invalid_token`; or `token_stale` when only the roles in the token are out of date, and a refresh gives the new ones.
 */
export async function authenticate(
  ctx: Context,
  token: string,
  consistency: Consistency = 'feed',
): Promise<Principal> {
  const { memory } = ctx
  // What JavaScript hands over is not what the types promise.
  if (typeof token !== 'string') throw new AuthError('invalid_token')
  if (consistency === 'strict') return askStore(ctx, token)
  return memory.recall(token) ?? memory.askTogether(token, () => askStore(ctx, token))
}

// A user whose sessions end again and again while the store answers: once more than that is no accident.
const MAX_ATTEMPTS = 5

// What took longer may be older than a revocation that the feed has forgotten.
const SLOW_MS = 5000

async function askStore(ctx: Context, token: string): Promise<Principal> {
  const { memory } = ctx
  memory.forget(token)
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const since = memory.position
    const keys = ctx.keys.access()
    const start = performance.now()
    const claims = await verifyAccessToken(ctx, token)
    await confirm(ctx, claims)
    const verified = verifiedToken(claims, since)
    // Last of all: it may have been revoked here, or its key be gone, while the store answered.
    const verdict = memory.verdictOn(verified)
    if (verdict === 'doubtful' || ctx.keys.access() !== keys) continue
    const isQuick = performance.now() - start < SLOW_MS
    // Whoever acts in somebody's name is judged by a session besides their own.
    if (verdict === 'stands' && isQuick && claims.act === undefined)
      memory.remember(token, verified)
    return verified.principal
  }
  throw new AuthError('unavailable', { retryAfter: 1 })
}

async function confirm(ctx: Context, claims: AccessClaims): Promise<void> {
  const found = await ctx.store.sessions.confirm(claims.sid, claims.gen, sightingNow(ctx))
  const lives =
    found !== null &&
    isLive(found, ctx.now()) &&
    found.user.id === claims.sub &&
    found.user.credentialEpoch === claims.epoch
  if (!lives || !(await isStillEntitled(ctx, found))) throw new AuthError('invalid_token')
  if (found.user.claimsVersion !== claims.cv) throw new AuthError('token_stale')
}

function verifiedToken(claims: AccessClaims, since: number): VerifiedToken {
  return {
    principal: principalOf(claims),
    expiresAt: claims.exp,
    credentialEpoch: claims.epoch,
    claimsVersion: claims.cv,
    since,
  }
}

/** Shared by all requests with the token: nobody can change it for the others. */
function principalOf({ sub, roles, sid, auth_time, amr, act }: AccessClaims): Principal {
  return Object.freeze({
    user: Object.freeze({ id: sub, roles: sharedList(roles) }),
    session: Object.freeze({
      id: sid,
      authTime: new Date(auth_time * 1000),
      amr: sharedList(amr),
    }),
    actor: act === undefined ? null : Object.freeze({ id: act.sub }),
  })
}

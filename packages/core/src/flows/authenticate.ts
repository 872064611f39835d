import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import { isStillEntitled } from '../impersonation.ts'
import type { Principal } from '../principal.ts'
import { isLive, sightingNow } from '../sessions.ts'
import { verifyAccessToken } from '../tokens/access-token.ts'

/**
 * Says who holds the access token. The store is asked every time: a session that ended, a changed password, a disabled
 * user is refused from the moment on at which the store knows. Throws `invalid_token`; or `token_stale` when only the
 * roles in the token are out of date, and a refresh gives the new ones.
 */
export async function authenticate(ctx: Context, token: string): Promise<Principal> {
  const claims = await verifyAccessToken(ctx, token)
  const found = await ctx.store.sessions.confirm(claims.sid, claims.gen, sightingNow(ctx))
  const lives =
    found !== null &&
    isLive(found, ctx.now()) &&
    found.user.id === claims.sub &&
    found.user.credentialEpoch === claims.epoch
  if (!lives || !(await isStillEntitled(ctx, found))) throw new AuthError('invalid_token')
  if (found.user.claimsVersion !== claims.cv) throw new AuthError('token_stale')
  return {
    user: { id: claims.sub, roles: claims.roles },
    session: { id: claims.sid, authTime: new Date(claims.auth_time * 1000), amr: claims.amr },
    actor: claims.act === undefined ? null : { id: claims.act.sub },
  }
}

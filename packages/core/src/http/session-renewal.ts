import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { refresh } from '../flows/refresh.ts'
import type { IssuedSession } from '../sessions.ts'
import { parseRefreshToken } from '../tokens/refresh-token.ts'
import { clientOf } from './client.ts'
import { checkCsrfToken, isUnsafe } from './csrf.ts'
import type { RequestHead } from './request.ts'

/**
 * Renews the session of a refresh cookie. What might change something needs the CSRF token of that very session before
 * anything moves. The next generation counts as shown only once the client comes with it: an answer that gets lost is
 * made good by the old cookie, as everywhere (see `rotation.ts`).
 *
 * @param flow How it is counted: `refresh` on a route of ours, `renew` by a guard.
 */
export async function renewByCookie(
  ctx: Context,
  request: RequestHead,
  refreshToken: string,
  flow: typeof refresh,
): Promise<IssuedSession> {
  const presented = parseRefreshToken(refreshToken)
  if (presented === null) throw new AuthError('invalid_token')
  if (isUnsafe(request)) checkCsrfToken(ctx, request, presented.sessionId)
  return flow(ctx, { refreshToken }, clientOf(ctx, request))
}

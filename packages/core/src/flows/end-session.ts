import type { Context } from '../context.ts'
import { isId } from '../crypto/random.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { Principal } from '../principal.ts'
import { refuseActor } from '../reauthentication.ts'
import { endSession as end, isLive } from '../sessions.ts'

/**
 * Ends one of the user's own sessions. Throws `not_found` for everybody else's, and for one that has ended. Whoever acts
 * in the user's name ends none but the one in which they do.
 */
export async function endSession(
  ctx: Context,
  principal: Principal,
  sessionId: string,
  client: Client,
): Promise<void> {
  if (sessionId !== principal.session.id) refuseActor(ctx, principal, client)
  const found = isId(sessionId) ? await ctx.store.sessions.find(sessionId) : null
  if (found === null || found.user.id !== principal.user.id || !isLive(found, ctx.now())) {
    throw new AuthError('not_found')
  }
  await end(ctx, found.session, 'ended_by_user', client, principal.actor?.id ?? null)
}

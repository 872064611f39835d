import { authorize, findSubordinate, refuseChange } from '../authority.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { mayImpersonate } from '../impersonation.ts'
import type { Principal } from '../principal.ts'
import { issueSession } from '../session-issue.ts'
import type { IssuedSession } from '../sessions.ts'

/**
 * Opens a session in the name of a user who stands below: for as long as the option `impersonation` says, and no longer
 * by refreshing it. It says who acts, the user sees it, and it ends with the actor's right to it. Throws `forbidden`
 * where nobody may, and `wrong_status` unless the user is active. The route asks for a login within 15 minutes, this
 * does not.
 */
export async function impersonate(
  ctx: Context,
  principal: Principal,
  userId: string,
  client: Client,
): Promise<IssuedSession> {
  const authority = await authorize(ctx, principal, ['users:impersonate'], client)
  const user = await findSubordinate(ctx, authority, userId)
  const { own, trace } = authority
  if (own === null || !mayImpersonate(ctx, own.user, user)) {
    throw refuseChange(ctx, authority, userId, 'rank')
  }
  // A login would keep an account that its owner has deleted: this must not.
  if (user.status !== 'active' || user.deleteAfter !== null) throw new AuthError('wrong_status')
  const { id: sessionId, authTime, amr } = own.session
  const actor = { id: own.user.id, sessionId, authTime }
  const issued = await issueSession(ctx, user, { amr, deviceName: null, client, actor })
  ctx.emit({ type: 'user.impersonated', userId, sessionId: issued.session.id, ...trace })
  return issued
}

import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { Principal } from '../principal.ts'
import { refuseActor } from '../reauthentication.ts'

/** Ends every session of the user but the one that asks. Not for who acts in the user's name: it would shut the user out. */
export async function endOtherSessions(
  ctx: Context,
  principal: Principal,
  client: Client,
): Promise<void> {
  refuseActor(ctx, principal, client)
  const { user, session } = principal
  await ctx.store.sessions.revokeAll(
    user.id,
    { id: session.id, credentialEpoch: null },
    'ended_by_user',
    ctx.now(),
  )
  ctx.emit({ type: 'session.others_ended', userId: user.id, sessionId: session.id, client })
}

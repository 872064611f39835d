import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { Principal } from '../principal.ts'

/** Ends every session of the user but the one that asks. */
export async function endOtherSessions(
  ctx: Context,
  principal: Principal,
  client: Client,
): Promise<void> {
  const { user, session } = principal
  await ctx.store.sessions.revokeAll(
    user.id,
    { id: session.id, credentialEpoch: null },
    'ended_by_user',
    ctx.now(),
  )
  ctx.emit({ type: 'session.others_ended', userId: user.id, sessionId: session.id, client })
}

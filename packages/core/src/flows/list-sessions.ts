import type { Context } from '../context.ts'
import type { Principal } from '../principal.ts'
import type { Session } from '../records.ts'

/** The user's live sessions, newest first. */
export async function listSessions(
  ctx: Context,
  principal: Principal,
): Promise<readonly Session[]> {
  const sessions = await ctx.store.sessions.listByUser(principal.user.id, ctx.now())
  const own = sessions.find(({ id }) => id === principal.session.id)
  // Those of older credentials are dead, though a crash may have left them unmarked.
  return sessions.filter(({ credentialEpoch }) => credentialEpoch === own?.credentialEpoch)
}

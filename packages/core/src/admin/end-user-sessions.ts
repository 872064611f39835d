import { type Actor, authorize, findSubordinate } from '../authority.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'

/** Ends every session of the user, who may log in again (S092). The actor's own is among them where that is the user. */
export async function endUserSessions(
  ctx: Context,
  by: Actor,
  userId: string,
  client: Client,
): Promise<void> {
  const authority = await authorize(ctx, by, ['users:write'], client)
  const { id } = await findSubordinate(ctx, authority, userId)
  const keepNone = { id: null, credentialEpoch: null }
  await ctx.store.sessions.revokeAll(id, keepNone, 'ended_by_administrator', ctx.now())
  ctx.emit({ type: 'user.sessions_ended', userId: id, ...authority.trace })
}

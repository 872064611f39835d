import { type Actor, authorize } from '../authority.ts'
import type { Context } from '../context.ts'
import { isId } from '../crypto/random.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { Session } from '../records.ts'

/** The user's live sessions, newest first. Throws `not_found`. */
export async function listUserSessions(
  ctx: Context,
  by: Actor,
  userId: string,
  client: Client,
): Promise<readonly Session[]> {
  await authorize(ctx, by, ['users:read'], client)
  const user = isId(userId) ? await ctx.store.users.find(userId) : null
  if (user === null || user.status === 'deleted') throw new AuthError('not_found')
  if (user.status !== 'active') return []
  const sessions = await ctx.store.sessions.listByUser(userId, ctx.now())
  // Those of older credentials are dead, though a crash may have left them unmarked.
  return sessions.filter(({ credentialEpoch }) => credentialEpoch === user.credentialEpoch)
}

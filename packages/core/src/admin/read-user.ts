import { type Actor, authorize } from '../authority.ts'
import type { Context } from '../context.ts'
import { isId } from '../crypto/random.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { User } from '../records.ts'

/** The account of that id. Throws `not_found`, also for one that is deleted. */
export async function readUser(
  ctx: Context,
  by: Actor,
  userId: string,
  client: Client,
): Promise<User> {
  await authorize(ctx, by, ['users:read'], client)
  const user = isId(userId) ? await ctx.store.users.find(userId) : null
  if (user === null || user.status === 'deleted') throw new AuthError('not_found')
  return user
}

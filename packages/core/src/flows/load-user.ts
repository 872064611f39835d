import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Principal } from '../principal.ts'
import type { User } from '../records.ts'

/** The user's own record. Throws `invalid_token` when the user is gone since the request was let in. */
export async function loadUser(ctx: Context, principal: Principal): Promise<User> {
  const user = await ctx.store.users.find(principal.user.id)
  if (user === null || user.status !== 'active') throw new AuthError('invalid_token')
  return user
}

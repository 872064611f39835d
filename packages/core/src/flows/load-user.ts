import type { Context } from '../context.ts'
import type { Principal } from '../principal.ts'
import type { User } from '../records.ts'
import { activeUser } from '../users.ts'

/** The user's own record. Throws `invalid_token` when the user is gone since the request was let in. */
export async function loadUser(ctx: Context, principal: Principal): Promise<User> {
  return activeUser(ctx, principal.user.id)
}

import { type Actor, authorize, findSubordinate } from '../authority.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { isInvitable, sendInvitation } from '../invitations.ts'
import { keepPending } from '../registrations.ts'

/**
 * Sends a new invitation to an account that waits for its first password; the one before is void. Throws
 * `wrong_status` for every other account.
 *
 * A crash leaves the one before in force, or nothing sent: asking again goes on.
 */
export async function resendInvitation(
  ctx: Context,
  by: Actor,
  userId: string,
  client: Client,
): Promise<void> {
  const authority = await authorize(ctx, by, ['users:write'], client)
  const user = await findSubordinate(ctx, authority, userId)
  if (!isInvitable(user)) throw new AuthError('wrong_status')
  if (user.status === 'pending') await keepPending(ctx, user)
  await sendInvitation(ctx, user, authority.trace)
}

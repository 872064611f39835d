import { type Actor, authorize, changeSubordinate } from '../authority.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { isInvitable, sendInvitation } from '../invitations.ts'

/**
 * Sends a new invitation to an account that waits for its first password; the one before is void, and so is what was
 * sent to whoever registered the address. Throws `wrong_status` for every other account.
 *
 * A crash leaves the one before in force, or none: asking again goes on.
 */
export async function resendInvitation(
  ctx: Context,
  by: Actor,
  userId: string,
  client: Client,
): Promise<void> {
  const authority = await authorize(ctx, by, ['users:write'], client)
  const { after } = await changeSubordinate(ctx, authority, userId, (user) => {
    if (!isInvitable(user)) throw new AuthError('wrong_status')
    // What is given with an invitation is not for whoever registered the address before: their link is void (S021).
    return user.status === 'pending' ? { credentialEpoch: user.credentialEpoch + 1 } : {}
  })
  await sendInvitation(ctx, after, authority.trace)
}

import { addressOf } from '../addresses.ts'
import { type Actor, authorize, changeSubordinate } from '../authority.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { isInvitable, sendInvitation } from '../invitations.ts'
import { checkMayReach } from '../message-limits.ts'

/**
 * Sends a new invitation to an account that waits for its first password; the one before is void, and so is what was
 * sent to whoever registered the address. Throws `wrong_status` for every other account, and `rate_limited` for one that
 * had too many messages.
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
  const { after } = await changeSubordinate(ctx, authority, userId, async (user) => {
    const address = addressOf(user)
    if (address === null || !isInvitable(user)) throw new AuthError('wrong_status')
    // Before anything else: while nothing is sent, the invitation before stays in force.
    await checkMayReach(ctx, address, { userId, client })
    // What is given with an invitation is not for whoever registered the address before: their link is void (S021).
    return user.status === 'pending' ? { credentialEpoch: user.credentialEpoch + 1 } : {}
  })
  await sendInvitation(ctx, after, authority.trace)
}

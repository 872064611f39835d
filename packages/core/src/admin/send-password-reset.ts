import { type Actor, authorize, findSubordinate } from '../authority.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { checkMayReach } from '../message-limits.ts'
import { sendReset } from '../password-resets.ts'
import { recoveryAddress } from '../registrations.ts'

/**
 * Sends the user a link and a code with which to choose a new password. The present one stays until they do. Throws
 * `wrong_status` unless the account is active and has an address, and `rate_limited` for one that had too many messages.
 */
export async function sendPasswordReset(
  ctx: Context,
  by: Actor,
  userId: string,
  client: Client,
): Promise<void> {
  const authority = await authorize(ctx, by, ['users:write'], client)
  const user = await findSubordinate(ctx, authority, userId)
  const address = user.status === 'active' ? recoveryAddress(ctx, user) : null
  if (address === null) throw new AuthError('wrong_status')
  await checkMayReach(ctx, address, { userId: user.id, client })
  await sendReset(ctx, user, address, authority.trace)
}

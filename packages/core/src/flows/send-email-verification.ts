import { proveEmail } from '../address-proofs.ts'
import { addressOn } from '../addresses.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import { limitMessages } from '../message-limits.ts'
import type { Principal } from '../principal.ts'
import { refuseActor } from '../reauthentication.ts'
import { activeUser } from '../users.ts'

/**
 * Sends a link and a code to the e-mail address that the account has, if nobody has proved it. No password is asked for:
 * all that can come of it is the proof. It takes the place of a change that was asked for before.
 *
 * Resolves whether there is something to prove: not where the address is proved, or had too many messages.
 *
 * A crash leaves the request, perhaps without its message: asking again goes on.
 */
export async function sendEmailVerification(
  ctx: Context,
  principal: Principal,
  client: Client,
): Promise<boolean> {
  refuseActor(ctx, principal, client)
  const user = await activeUser(ctx, principal.user.id)
  const address = addressOn(user, 'email')
  if (address === null || user.emailVerifiedAt !== null) return false
  await limitMessages(ctx, user, client)
  return proveEmail(ctx, user, address, client)
}

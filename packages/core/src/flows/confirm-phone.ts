import * as z from 'zod'
import {
  type AddressChange,
  applyChange,
  findChange,
  finishUse,
  patchFor,
} from '../address-changes.ts'
import { addressOn } from '../addresses.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { proofMembers } from '../one-time-tokens.ts'
import type { Principal } from '../principal.ts'
import { refuseActor } from '../reauthentication.ts'
import type { User } from '../records.ts'
import { activeUser } from '../users.ts'

export const confirmPhoneInput = once(() => z.strictObject({ code: proofMembers().code.unwrap() }))

/** What `confirmPhone` takes. */
export type ConfirmPhoneInput = InputOf<typeof confirmPhoneInput>

/**
 * Gives the account the number that the code was sent to, and no other. The owner is told by e-mail, or else at the
 * number that is left.
 *
 * The write decides, and the token is removed last: after a failure on the way the same code goes on where it ended.
 */
export async function confirmPhone(
  ctx: Context,
  principal: Principal,
  input: ConfirmPhoneInput,
  client: Client,
): Promise<User> {
  refuseActor(ctx, principal, client)
  const user = await activeUser(ctx, principal.user.id)
  const change = await findChange(ctx, user, 'phone', input, client)
  const written = await applyChange(ctx, user, change)
  await finishUse(ctx, change.token, written)
  ctx.emit({ type: 'phone.changed', userId: user.id, client })
  tellOwner(ctx, written.user, change)
  return written.user
}

/** Who has the old telephone learns nothing of the new number. */
function tellOwner(ctx: Context, user: User, { replaces }: AddressChange): void {
  const kind = 'phone_changed'
  const mailbox = addressOn(user, 'email')
  if (mailbox !== null) {
    ctx.send({ kind, to: user, address: mailbox })
  } else if (replaces !== null && replaces.canonical !== user.phone) {
    const { canonical, asTyped } = replaces
    const to = { ...user, ...patchFor('phone', replaces) }
    ctx.send({ kind, to, address: { channel: 'sms', canonical, asTyped } })
  }
}

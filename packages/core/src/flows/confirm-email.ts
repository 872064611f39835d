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
import { issueUndo, mailbox } from '../email-undo.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { type IssuedOneTimeToken, proofMembers } from '../one-time-tokens.ts'
import type { Principal } from '../principal.ts'
import { refuseActor } from '../reauthentication.ts'
import type { User } from '../records.ts'
import { activeUser } from '../users.ts'

export const confirmEmailInput = once(() => {
  const { token, code } = proofMembers()
  return z.strictObject({ token, code })
})

/** The two ways to confirm, as they can be told by a schema: for the description of routes. */
export function confirmEmailInputUnder(): z.ZodType {
  const { token, code } = proofMembers()
  return z.union([
    z.strictObject({ token: token.unwrap() }),
    z.strictObject({ code: code.unwrap() }),
  ])
}

/** What `confirmEmail` takes: `token` or `code`. */
export type ConfirmEmailInput = InputOf<typeof confirmEmailInput>

/**
 * Gives the account the address that the token was sent to, and no other. The address that it had is told, with a link
 * by which it can be taken back if it was proved. Sessions and password stay: what was sent to the old address for a
 * reset is void by itself.
 *
 * The write decides. The link to undo it is stored before, and the token is removed last: after a failure on the way
 * the same link or code goes on where it ended. Also one whose address is taken stays alive, for the hour that it has: the owner may let go of it meanwhile.
 * A crash after the write leaves the old address untold unless the confirmation is repeated.
 */
export async function confirmEmail(
  ctx: Context,
  principal: Principal,
  input: ConfirmEmailInput,
  client: Client,
): Promise<User> {
  refuseActor(ctx, principal, client)
  const user = await activeUser(ctx, principal.user.id)
  const change = await findChange(ctx, user, 'email', input, client)
  const undo = await issueUndo(ctx, change)
  const written = await applyChange(ctx, user, change)
  await finishUse(ctx, change.token, written)
  ctx.emit({ type: 'email.changed', userId: user.id, client })
  tellOldAddress(ctx, written.user, change, undo)
  return written.user
}

/** Who reads the old mailbox learns nothing of the new one. An account that had none may have a phone. */
function tellOldAddress(
  ctx: Context,
  user: User,
  { replaces }: AddressChange,
  undo: IssuedOneTimeToken | null,
): void {
  const kind = 'email_changed'
  if (replaces === null) {
    const address = addressOn(user, 'sms')
    if (address !== null) ctx.send({ kind, to: user, address })
  } else if (replaces.canonical !== user.email) {
    const to = { ...user, ...patchFor('email', replaces) }
    ctx.send({ kind, to, address: mailbox(replaces), ...undo })
  }
}

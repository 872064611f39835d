import * as z from 'zod'
import { proveEmail } from '../address-proofs.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import { readNewIdentifier } from '../identifiers.ts'
import type { InputOf } from '../input.ts'
import { limitMessages } from '../message-limits.ts'
import { once } from '../once.ts'
import { passwordSchema } from '../passwords.ts'
import type { Principal } from '../principal.ts'
import { reauthenticate } from '../reauthentication.ts'

export const changeEmailInput = once(() =>
  z.strictObject({ email: z.string().max(320), currentPassword: passwordSchema().optional() }),
)

/** What `changeEmail` takes. */
export type ChangeEmailInput = InputOf<typeof changeEmailInput>

/**
 * Asks for another e-mail address, or a first one. A link and a code go to it, and the account keeps the address that
 * it has until one of them comes back; that one is told. Nobody looks whether the new address is taken: that shows to
 * whoever proves that it is theirs, and to nobody else. Whoever asks for the address that the account has
 * proves it, if nobody has, or writes it otherwise, and else takes back what was asked for before.
 *
 * A crash leaves the account as it is, and the change before in force or none: asking again goes on.
 */
export async function changeEmail(
  ctx: Context,
  principal: Principal,
  input: ChangeEmailInput,
  client: Client,
): Promise<void> {
  const email = readNewIdentifier(ctx, 'email', input.email)
  const purpose = 'change_email'
  const { user } = await reauthenticate(ctx, principal, input, purpose, client)
  await limitMessages(ctx, user, client)
  const isAsked = await proveEmail(ctx, user, email, client)
  if (isAsked && user.email !== email.canonical) {
    ctx.send({ kind: 'email_change_requested', to: user })
  }
}

import * as z from 'zod'
import { provePhone } from '../address-proofs.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import { readNewIdentifier } from '../identifiers.ts'
import type { InputOf } from '../input.ts'
import { limitMessages } from '../message-limits.ts'
import { once } from '../once.ts'
import { passwordSchema } from '../passwords.ts'
import type { Principal } from '../principal.ts'
import { reauthenticate } from '../reauthentication.ts'

export const changePhoneInput = once(() =>
  z.strictObject({ phone: z.string().max(64), currentPassword: passwordSchema().optional() }),
)

/** What `changePhone` takes. */
export type ChangePhoneInput = InputOf<typeof changePhoneInput>

/**
 * Asks for another phone number, or a first one. A code goes to it, and the account keeps the number that it has until
 * the code comes back. Nobody looks whether the new number is taken.
 *
 * A crash leaves the account as it is, and the change before in force or none: asking again goes on.
 */
export async function changePhone(
  ctx: Context,
  principal: Principal,
  input: ChangePhoneInput,
  client: Client,
): Promise<void> {
  const phone = readNewIdentifier(ctx, 'phone', input.phone)
  const purpose = 'change_phone'
  const { user } = await reauthenticate(ctx, principal, input, purpose, client)
  await limitMessages(ctx, user, client)
  await provePhone(ctx, user, phone, client)
}

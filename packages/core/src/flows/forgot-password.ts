import * as z from 'zod'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { limitAddress } from '../limits.ts'
import { mayReset } from '../message-limits.ts'
import { once } from '../once.ts'
import { sendReset } from '../password-resets.ts'
import { keepPending, recoveryAddress } from '../registrations.ts'
import { findNobody, findUser } from '../users.ts'

export const forgotPasswordInput = once(() => z.strictObject({ identifier: z.string().max(320) }))

/** What `forgotPassword` takes. */
export type ForgotPasswordInput = InputOf<typeof forgotPasswordInput>

/**
 * Sends a link and a code with which to choose a new password, to the e-mail address of the account, or to its phone
 * where it has none. Resolves alike, and as soon, for everybody: the work is done off the response path, and nothing
 * about the account changes (S075). Too many messages to one address are not sent; too many requests from one address
 * are refused.
 *
 * A crash leaves the message before in force: asking again goes on.
 */
export async function forgotPassword(
  ctx: Context,
  input: ForgotPasswordInput,
  client: Client,
): Promise<void> {
  await limitAddress(ctx, 'messagesFromAddress', client)
  await findNobody(ctx)
  ctx.later('sending a password reset', () => sendTo(ctx, input.identifier, client))
}

async function sendTo(ctx: Context, identifier: string, client: Client): Promise<void> {
  const user = await findUser(ctx, identifier)
  const address = user && recoveryAddress(ctx, user)
  if (user === null || address === null) return
  if (!(await mayReset(ctx, address, { userId: user.id, client }))) return
  if (user.status === 'pending') await keepPending(ctx, user)
  await sendReset(ctx, user, address, { client })
}

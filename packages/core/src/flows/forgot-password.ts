import * as z from 'zod'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { issueOneTimeToken } from '../one-time-tokens.ts'
import type { User } from '../records.ts'
import { keepPending } from '../registrations.ts'
import { findUser } from '../users.ts'

export const forgotPasswordInput = once(() => z.strictObject({ identifier: z.string().max(320) }))

/** What `forgotPassword` takes. */
export type ForgotPasswordInput = InputOf<typeof forgotPasswordInput>

/**
 * Sends a link and a code with which to choose a new password. Resolves alike, and as soon, for everybody: the work is
 * done off the response path, and nothing about the account changes (S075).
 *
 * A crash leaves the message before in force: asking again goes on.
 */
export async function forgotPassword(
  ctx: Context,
  input: ForgotPasswordInput,
  client: Client,
): Promise<void> {
  const user = await findUser(ctx, input.identifier)
  const mayReset = user?.status === 'active' || user?.status === 'pending'
  if (!mayReset || user.email === null) return
  ctx.later('sending a password reset', () => sendReset(ctx, user, client))
}

async function sendReset(ctx: Context, user: User, client: Client): Promise<void> {
  if (user.status === 'pending') await keepPending(ctx, user)
  const request = { purpose: 'reset_password', slot: '', data: {} } as const
  const issued = await issueOneTimeToken(ctx, user, request)
  ctx.emit({ type: 'password.reset_requested', userId: user.id, client })
  ctx.send({ kind: 'reset_password', to: user, ...issued })
}

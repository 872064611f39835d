import * as z from 'zod'
import type { Context } from '../context.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { issueOneTimeToken } from '../one-time-tokens.ts'
import type { User } from '../records.ts'
import { keepPending, registrationOf, sendActivation } from '../registrations.ts'
import { findUser } from '../users.ts'

export const resendActivationInput = once(() => z.strictObject({ identifier: z.string().max(320) }))

/** What `resendActivation` takes. */
export type ResendActivationInput = InputOf<typeof resendActivationInput>

/**
 * Sends the activation message again, or tells the owner that the account is open already. Resolves alike, and as soon, for everybody: the work
 * is done off the response path.
 *
 * A crash leaves the message before in force, or the account without one: asking again goes on.
 */
export async function resendActivation(ctx: Context, input: ResendActivationInput): Promise<void> {
  const user = await findUser(ctx, input.identifier)
  if (user !== null) ctx.later('sending the activation message again', () => sendAgain(ctx, user))
}

async function sendAgain(ctx: Context, user: User): Promise<void> {
  if (user.status === 'active') ctx.send({ kind: 'already_registered', to: user })
  if (user.status !== 'pending' || user.email === null) return
  await keepPending(ctx, user)
  const waiting = await ctx.store.oneTimeTokens.list(user.id, 'activate', ctx.now(), 2)
  const [only] = waiting
  if (only !== undefined && waiting.length === 1 && only.slot === '') {
    return sendActivation(ctx, user, only.slot, registrationOf(only))
  }
  // Of several registrations nobody can tell which is the owner's; one that came later may be all that is left of
  // them; an expired one is forgotten. The owner chooses a password anew, which proves the address just as well.
  const request = { purpose: 'reset_password', slot: '', data: {} } as const
  ctx.send({ kind: 'reset_password', to: user, ...(await issueOneTimeToken(ctx, user, request)) })
}

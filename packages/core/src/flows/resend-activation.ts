import * as z from 'zod'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { limitAddress } from '../limits.ts'
import { mayReach, mayReachUser } from '../message-limits.ts'
import type { Address } from '../messages.ts'
import { once } from '../once.ts'
import { issueOneTimeToken } from '../one-time-tokens.ts'
import type { User } from '../records.ts'
import {
  activationAddress,
  keepPending,
  keepRegistration,
  registrationOf,
  sendActivation,
} from '../registrations.ts'
import { findNobody, findUser } from '../users.ts'

export const resendActivationInput = once(() => z.strictObject({ identifier: z.string().max(320) }))

/** What `resendActivation` takes. */
export type ResendActivationInput = InputOf<typeof resendActivationInput>

/**
 * Sends the activation message again, or tells the owner that the account is open already. Resolves alike, and as soon,
 * for everybody: the work is done off the response path. Where an administrator opens accounts there is no such message.
 *
 * A crash leaves the message before in force, or the account without one: asking again goes on.
 */
export async function resendActivation(
  ctx: Context,
  input: ResendActivationInput,
  client: Client,
): Promise<void> {
  await limitAddress(ctx, 'messagesFromAddress', client)
  await findNobody(ctx)
  ctx.later('sending the activation message again', () => sendAgain(ctx, input.identifier, client))
}

async function sendAgain(ctx: Context, identifier: string, client: Client): Promise<void> {
  const user = await findUser(ctx, identifier)
  if (user === null) return
  if (user.status === 'active') return tellOwner(ctx, user, client)
  const address = activationAddress(ctx, user)
  if (user.status !== 'pending' || address === null) return
  if (!(await mayReach(ctx, address, { userId: user.id, client }))) return
  await keepPending(ctx, user)
  await sendPending(ctx, user, address)
  ctx.emit({ type: 'user.activation_requested', userId: user.id, client })
}

async function tellOwner(ctx: Context, user: User, client: Client): Promise<void> {
  if (await mayReachUser(ctx, user, { client })) {
    ctx.send({ kind: 'already_registered', to: user })
  }
}

async function sendPending(ctx: Context, user: User, address: Address): Promise<void> {
  const waiting = await ctx.store.oneTimeTokens.list(user.id, 'activate', ctx.now(), 2)
  const [only] = waiting
  const isInForce = only?.credentialEpoch === user.credentialEpoch
  if (only !== undefined && isInForce && waiting.length === 1 && only.slot === '') {
    const issued = await keepRegistration(ctx, user, only.slot, registrationOf(only))
    return sendActivation(ctx, user, only.slot, issued)
  }
  // Of several registrations nobody can tell which is the owner's; one that came later may be all that is left of
  // them; an expired one is forgotten, and one may be void. The owner chooses a password anew, which proves the address just as well.
  const request = { purpose: 'reset_password', slot: '', data: {}, address } as const
  const issued = await issueOneTimeToken(ctx, user, request)
  ctx.send({ kind: 'reset_password', to: user, address, ...issued })
}

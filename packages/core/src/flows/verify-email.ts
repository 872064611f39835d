import * as z from 'zod'
import { type AddressChange, applyChange, findChange, finishUse } from '../address-changes.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { findByLink, proofMembers } from '../one-time-tokens.ts'
import type { User } from '../records.ts'

export const verifyEmailInput = once(() => z.strictObject({ token: proofMembers().token.unwrap() }))

/** What `verifyEmail` takes. */
export type VerifyEmailInput = InputOf<typeof verifyEmailInput>

/**
 * Proves the address that the account has, for whoever opens the link that was sent to it, logged in or not. A link to
 * another address is refused: that one wants the session of who asked for it (S083).
 *
 * A crash leaves the address unproved, and the link works; or proved.
 */
export async function verifyEmail(
  ctx: Context,
  { token }: VerifyEmailInput,
  client: Client,
): Promise<User> {
  const user = await ownerOf(ctx, token)
  const change = await findChange(ctx, user, 'email', { token }, client)
  if (!isOfOwnAddress(change)) throw new AuthError('invalid_one_time_token')
  const written = await applyChange(ctx, user, change)
  await finishUse(ctx, change.token, written)
  ctx.emit({ type: 'email.changed', userId: user.id, client })
  return written.user
}

async function ownerOf(ctx: Context, token: string): Promise<User> {
  const found = await findByLink(ctx, 'change_email', token)
  const user = found && (await ctx.store.users.find(found.userId))
  if (user === null) throw new AuthError('invalid_one_time_token')
  return user
}

function isOfOwnAddress({ replaces, token }: AddressChange): boolean {
  return replaces?.canonical === token.proves
}

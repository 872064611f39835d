import type { AddressChange, HeldAddress } from './address-changes.ts'
import type { Context } from './context.ts'
import { mac } from './crypto/digest.ts'
import { type IssuedOneTimeToken, issueOneTimeToken } from './one-time-tokens.ts'

/**
 * A link by which the address that was left takes the account back; `null` where it may not: nobody had proved it, it
 * is still the account's, or an earlier address may undo already. That right stays with the first: an address set
 * within the window earns none, or a thief would change it twice.
 *
 * The same change gives the same link whenever it is asked for, so that one that is told again does not void the other.
 */
export async function issueUndo(
  ctx: Context,
  { token, replaces }: AddressChange,
): Promise<IssuedOneTimeToken | null> {
  const wasLeft = replaces !== null && replaces.canonical !== token.proves
  if (!wasLeft || replaces.verifiedAt === null) return null
  const purpose = 'undo_email_change'
  const [alive] = await ctx.store.oneTimeTokens.list(token.userId, purpose, ctx.now(), 1)
  if (alive !== undefined && alive.proves !== replaces.canonical) return null
  // Only now: an earlier address whose link is gone has used it, and the account is back where it was.
  const user = await ctx.store.users.find(token.userId)
  if (user === null || user.email !== token.proves) return null
  return issueOneTimeToken(ctx, user, {
    purpose,
    slot: '',
    data: replaces,
    address: mailbox(replaces),
    token: mac(ctx.keys.current.code, purpose, user.id, token.id),
  })
}

/** Where to send what an address is to be told that the account has left. */
export function mailbox({ canonical, asTyped }: HeldAddress) {
  return { channel: 'email', canonical, asTyped } as const
}

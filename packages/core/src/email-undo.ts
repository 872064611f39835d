import { type AddressChange, type HeldAddress, isCurrent } from './address-changes.ts'
import type { Context } from './context.ts'
import { mac } from './crypto/digest.ts'
import { type IssuedOneTimeToken, issueOneTimeToken } from './one-time-tokens.ts'

/**
 * A link by which the address that is about to be left takes the account back; `null` where it may not: nobody had
 * proved it, it stays the account's, or an earlier address may undo already. That right stays with the first: an address
 * set within the window earns none, or a thief would change it twice.
 *
 * To be stored before the change is written: a change right behind it would find no link yet, and earn one. Whoever
 * leaves an address under the same credentials gets the same link, so that one that is told again does not void the
 * other, nor does a change that comes to nothing.
 */
export async function issueUndo(
  ctx: Context,
  change: AddressChange,
): Promise<IssuedOneTimeToken | null> {
  const { token, replaces } = change
  const isLeft = replaces !== null && replaces.canonical !== token.proves
  if (!isLeft || replaces.verifiedAt === null) return null
  const purpose = 'undo_email_change'
  const [alive] = await ctx.store.oneTimeTokens.list(token.userId, purpose, ctx.now(), 1)
  if (alive !== undefined && alive.proves !== replaces.canonical) return null
  // Only now: an earlier address whose link is gone has used it, and the account is back where it was.
  const user = await ctx.store.users.find(token.userId)
  if (user === null || !isCurrent(user, change)) return null
  return issueOneTimeToken(ctx, user, {
    purpose,
    slot: '',
    data: replaces,
    address: mailbox(replaces),
    token: mac(
      ctx.keys.current.code,
      purpose,
      user.id,
      replaces.canonical,
      String(user.credentialEpoch),
    ),
  })
}

/** Where to send what an address is to be told that the account has left. */
export function mailbox({ canonical, asTyped }: HeldAddress) {
  return { channel: 'email', canonical, asTyped } as const
}

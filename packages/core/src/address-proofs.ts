import { issueChange } from './address-changes.ts'
import type { Context } from './context.ts'
import type { Client } from './events.ts'
import type { GivenIdentifier } from './identifiers.ts'
import { mayReach } from './message-limits.ts'
import type { Address } from './messages.ts'
import type { User } from './records.ts'

/**
 * Sends what proves the other address of a new account, off the response path: the account gets it as it would by a
 * change. Whether somebody else has it shows there, and not before.
 */
export function proveOtherAddress(
  ctx: Context,
  user: User,
  address: Address | null,
  client: Client,
): void {
  if (address === null) return
  ctx.later('sending a proof of the other address', () =>
    address.channel === 'email'
      ? proveEmail(ctx, user, address, client)
      : provePhone(ctx, user, address, client),
  )
}

/** Sends a link and a code to an e-mail address, unless it had too many. Resolves whether there is something to prove. */
export async function proveEmail(
  ctx: Context,
  user: User,
  { canonical, asTyped }: GivenIdentifier,
  client: Client,
): Promise<boolean> {
  const address = { channel: 'email', canonical, asTyped } as const
  const isOwn = user.email === canonical && user.emailVerifiedAt !== null
  if (!isOwn && !(await mayReach(ctx, address, { userId: user.id, client }))) return false
  const issued = await issueChange(ctx, user, 'email', { canonical, asTyped })
  if (issued === null) return false
  ctx.emit({ type: 'email.change_requested', userId: user.id, client })
  ctx.send({ kind: 'change_email', to: user, address, ...issued })
  return true
}

/** Sends a code to a phone, unless it had too many. */
export async function provePhone(
  ctx: Context,
  user: User,
  { canonical }: GivenIdentifier,
  client: Client,
): Promise<void> {
  const address = { channel: 'sms', canonical, asTyped: canonical } as const
  const isOwn = user.phone === canonical && user.phoneVerifiedAt !== null
  if (!isOwn && !(await mayReach(ctx, address, { userId: user.id, client }))) return
  const issued = await issueChange(ctx, user, 'phone', { canonical, asTyped: canonical })
  if (issued === null) return
  ctx.emit({ type: 'phone.change_requested', userId: user.id, client })
  // Without a code there is nothing to say: asking again gives no new attempts.
  const { code, codeExpiresAt } = issued
  if (code === undefined || codeExpiresAt === undefined) return
  ctx.send({ kind: 'change_phone', to: user, address, code, codeExpiresAt })
}

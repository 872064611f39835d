import { proveOtherAddress } from './address-proofs.ts'
import { addressOf } from './addresses.ts'
import type { Context } from './context.ts'
import { AuthError } from './errors.ts'
import type { Client } from './events.ts'
import { removeUsedToken } from './one-time-tokens.ts'
import type { OneTimeToken, User, UserPatch } from './records.ts'
import { type Registration, registrationOf } from './registrations.ts'
import { changeUser } from './users.ts'

/** Who opens an account: an administrator, or the application itself (`null`). */
export interface Approver {
  readonly actorId: string | null
  readonly client: Client
  /** Throws to refuse the account as it is at the write. */
  readonly check?: (user: User) => void
}

/**
 * Opens an account that waits, though nobody proved its address: with the password of its registration while that is
 * the only one, and as it stands. Of several nobody can tell which is the owner's, and one that came later may be all
 * that is left of them: then it has no password, and needs a reset. `null` when there is no such account any more.
 * Throws `wrong_status` when it does not wait, or is a mere name that nobody could log in with.
 *
 * A crash leaves the account waiting, or open.
 */
export async function approveRegistration(
  ctx: Context,
  userId: string,
  { actorId, client, check }: Approver,
): Promise<User | null> {
  const token = await onlyRegistration(ctx, userId)
  const registration = token && registrationOf(token)
  let isInForce = false
  const opened = await changeUser(ctx, userId, (user) => {
    check?.(user)
    if (user.status !== 'pending') throw new AuthError('wrong_status')
    isInForce = token?.credentialEpoch === user.credentialEpoch
    return openedAs(user, isInForce ? registration : null)
  })
  if (opened === null) return null
  if (token !== null) removeUsedToken(ctx, token)
  ctx.emit({ type: 'user.activated', userId, channel: null, actorId, client })
  if (isInForce) proveOtherAddress(ctx, opened, registration?.unproved ?? null, client)
  return opened
}

async function onlyRegistration(ctx: Context, userId: string): Promise<OneTimeToken | null> {
  const waiting = await ctx.store.oneTimeTokens.list(userId, 'activate', ctx.now(), 2)
  return waiting.length === 1 ? (waiting.find(({ slot }) => slot === '') ?? null) : null
}

function openedAs(user: User, registration: Registration | null): UserPatch {
  if (registration === null && addressOf(user) === null) throw new AuthError('wrong_status')
  return {
    status: 'active',
    passwordHash: registration?.passwordHash ?? user.passwordHash,
    // What the administrator has seen and perhaps put right counts for more.
    profile: { ...registration?.profile, ...user.profile },
    credentialEpoch: user.credentialEpoch + 1,
  }
}

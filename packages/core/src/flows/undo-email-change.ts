import * as z from 'zod'
import {
  finishUse,
  type HeldAddress,
  heldAddressOf,
  patchFor,
  type WrittenAddress,
} from '../address-changes.ts'
import { claimAddress } from '../address-claims.ts'
import type { Context } from '../context.ts'
import { keptAlive } from '../deletion.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { findByLink, issueOneTimeToken, proofMembers } from '../one-time-tokens.ts'
import type { OneTimeToken, User, UserPatch } from '../records.ts'
import { endOlderSessions } from '../sessions.ts'
import { before } from '../time.ts'
import { changeUser, isDueForDeletion } from '../users.ts'

export const undoEmailChangeInput = once(() =>
  z.strictObject({ token: proofMembers().token.unwrap() }),
)

/** What `undoEmailChange` takes. */
export type UndoEmailChangeInput = InputOf<typeof undoEmailChangeInput>

/**
 * Gives the account back to the address that it had: for an owner who did not change it. Whoever did knew the password,
 * so that it dies with every session, a phone number that came in the same days goes, and a deletion that was planned
 * is off; a link to choose a new password goes to the restored address. A disabled account stays disabled. Throws
 * `email_taken` when the address belongs to another account by now.
 *
 * Address, password and credential epoch change in one write, and the link is removed last: after a failure on the way
 * it works again. A crash after that leaves the account to its owner, who asks for a new password as usual.
 */
export async function undoEmailChange(
  ctx: Context,
  input: UndoEmailChangeInput,
  client: Client,
): Promise<void> {
  const token = await findByLink(ctx, 'undo_email_change', input.token)
  if (token === null) throw new AuthError('invalid_one_time_token')
  const restored = await restore(ctx, token, heldAddressOf(token))
  await finishUse(ctx, token, restored)
  const { user } = restored
  endOlderSessions(ctx, user, 'address_restored')
  ctx.emit({ type: 'email.change_undone', userId: user.id, client })
  if (user.status === 'active') ctx.later('sending a password reset', () => sendReset(ctx, user))
}

async function restore(
  ctx: Context,
  token: OneTimeToken,
  address: HeldAddress,
): Promise<WrittenAddress> {
  const user = await ctx.store.users.find(token.userId)
  if (user !== null && isRestored(user, address)) return { user, isRepeated: true }
  const restored = await claimAddress(ctx, { kind: 'email', value: address.canonical }, () =>
    changeUser(ctx, token.userId, (current) => {
      const isGone = current.status === 'deleted' || isDueForDeletion(current, ctx.now())
      if (isGone || isRestored(current, address)) throw new AuthError('invalid_one_time_token')
      return {
        ...patchFor('email', address),
        ...withoutPhoneSince(ctx, current, token, address),
        passwordHash: null,
        ...keptAlive(current),
        credentialEpoch: current.credentialEpoch + 1,
      }
    }),
  )
  if (restored === null) throw new AuthError('invalid_one_time_token')
  return { user: restored, isRepeated: false }
}

/** Another use was faster, or this one comes again. */
function isRestored(user: User, { canonical, verifiedAt }: HeldAddress): boolean {
  const isBack = user.email === canonical && user.emailVerifiedAt?.getTime() === verifiedAt
  return isBack && user.passwordHash === null
}

/** A thief's phone could reset the password again. */
function withoutPhoneSince(
  ctx: Context,
  { phoneVerifiedAt }: User,
  token: OneTimeToken,
  { verifiedAt }: HeldAddress,
): UserPatch {
  const since = Math.max(
    verifiedAt ?? 0,
    before(token.createdAt, ctx.settings.undoWindow).getTime(),
  )
  const isNew = phoneVerifiedAt !== null && phoneVerifiedAt.getTime() > since
  return isNew ? { phone: null, phoneVerifiedAt: null } : {}
}

async function sendReset(ctx: Context, user: User): Promise<void> {
  const request = { purpose: 'reset_password', slot: '', data: {} } as const
  ctx.send({ kind: 'reset_password', to: user, ...(await issueOneTimeToken(ctx, user, request)) })
}

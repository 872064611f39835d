import * as z from 'zod'
import { proveOtherAddress } from '../address-proofs.ts'
import { addressOf, provedOn } from '../addresses.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { findByProof, isVoid, proofMembers, removeUsedToken } from '../one-time-tokens.ts'
import { unlockPassword } from '../password-lock.ts'
import { withChosen } from '../profiles.ts'
import type { OneTimeToken, User } from '../records.ts'
import { type Registration, registrationOf } from '../registrations.ts'
import { takenField } from '../unique-violation.ts'
import { changeUser } from '../users.ts'

export const activateInput = once(() => z.strictObject(proofMembers()))

/** What `activate` takes: `token`, or `identifier` and `code`. */
export type ActivateInput = InputOf<typeof activateInput>

/**
 * Proves the address and opens the account with the password and the profile of the registration that this token
 * belongs to. The credentials move in the same write, so that this token and every other registration of the address
 * is void. Where an administrator opens accounts nothing else does.
 *
 * A crash leaves the pending account and its token, or the open account, perhaps without its username, or without a
 * proof of its other address on the way: the owner changes to them.
 */
export async function activate(ctx: Context, input: ActivateInput, client: Client): Promise<User> {
  const token = await findByProof(ctx, 'activate', input, client)
  if (ctx.settings.activation === 'admin') throw new AuthError('invalid_one_time_token')
  const registration = registrationOf(token)
  const user = await open(ctx, token, registration)
  removeUsedToken(ctx, token)
  await unlockPassword(ctx, user, client)
  ctx.emit({ type: 'user.activated', userId: user.id, channel: token.channel, client })
  const { unproved, reserved } = registration
  proveOtherAddress(ctx, user, unproved, client)
  return reserved === null ? user : takeUsername(ctx, user, reserved)
}

async function open(ctx: Context, token: OneTimeToken, registration: Registration): Promise<User> {
  const opened = await changeUser(ctx, token.userId, (user) => {
    if (user.status !== 'pending' || isVoid(token, user)) {
      throw new AuthError('invalid_one_time_token')
    }
    return {
      status: 'active',
      ...provedOn(token.channel, ctx.now()),
      passwordHash: registration.passwordHash,
      profile: withChosen(ctx, user.profile, registration.profile),
      credentialEpoch: user.credentialEpoch + 1,
      // The name on the record belongs to the first registration of the address, which may be a stranger's.
      ...(registration.reserved !== null && { username: null, usernameAsTyped: null }),
    }
  })
  if (opened === null) throw new AuthError('invalid_one_time_token')
  return opened
}

/** Moves the reserved username to the account. Whoever is faster in between keeps it: the account goes without. */
async function takeUsername(
  ctx: Context,
  user: User,
  { userId: reservationId, username, usernameAsTyped }: NonNullable<Registration['reserved']>,
): Promise<User> {
  try {
    await changeUser(ctx, reservationId, (holder) =>
      isReservation(holder, username)
        ? { status: 'deleted', username: null, usernameAsTyped: null }
        : {},
    )
    const named = await changeUser(ctx, user.id, () => ({ username, usernameAsTyped }))
    return named ?? user
  } catch (error) {
    if (takenField(error) === null) throw error
    return user
  }
}

/** An administrator may have made an account of it meanwhile, to which nobody else has a right. */
function isReservation(holder: User, username: string): boolean {
  const isMereName = addressOf(holder) === null && holder.passwordHash === null
  return holder.status === 'pending' && holder.username === username && isMereName
}

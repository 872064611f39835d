import * as z from 'zod'
import { provedOn } from '../addresses.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { namesOfUser } from '../identifiers.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { findByProof, isVoid, proofMembers, removeUsedToken } from '../one-time-tokens.ts'
import { unlockPassword } from '../password-lock.ts'
import { checkNewPassword, passwordSchema, refuseOwnNames } from '../passwords.ts'
import type { OneTimeToken, User } from '../records.ts'
import { isContested, recoveryAddress } from '../registrations.ts'
import { endOlderSessions } from '../sessions.ts'
import { changeUser } from '../users.ts'

export const resetPasswordInput = once(() =>
  z.strictObject({ ...proofMembers(), newPassword: passwordSchema() }),
)

/** What `resetPassword` takes: `newPassword`, and `token` or `identifier` and `code`. */
export type ResetPasswordInput = InputOf<typeof resetPasswordInput>

/**
 * Sets a new password for who reads the mailbox, and ends all sessions. Opens none: the login that follows passes
 * through every check (S080, S081). Reading the mailbox also activates a pending account, whose earlier password dies.
 * Its username stays, unless the address was registered more than once: then nobody can tell whose choice it was.
 *
 * The password and the credential epoch change in one write, which makes the token void and every older session dead.
 * A crash before it leaves the token in force, and the old password with its failures forgotten; a crash after it costs
 * nothing but tidiness.
 */
export async function resetPassword(
  ctx: Context,
  input: ResetPasswordInput,
  client: Client,
): Promise<void> {
  const { newPassword, ...proof } = input
  // Before the code is looked at: what is refused here costs none of its five attempts.
  await checkNewPassword(ctx, '/newPassword', newPassword, [proof.identifier])
  const found = await findByProof(ctx, 'reset_password', proof, client)
  const owner = await ctx.store.users.find(found.userId)
  if (owner === null || isVoid(found, owner)) throw new AuthError('invalid_one_time_token')
  refuseOwnNames(ctx, '/newPassword', newPassword, namesOfUser(owner))
  const passwordHash = await ctx.hasher.hash(newPassword)
  const contested = owner.status === 'pending' && (await isContested(ctx, owner))
  await unlockPassword(ctx, owner, client)
  const user = await setPassword(ctx, found, passwordHash, contested)
  removeUsedToken(ctx, found)
  endOlderSessions(ctx, user, 'password_reset')
  if (owner.status === 'pending') {
    ctx.emit({ type: 'user.activated', userId: user.id, channel: found.channel, client })
  }
  ctx.emit({ type: 'password.reset', userId: user.id, client })
  ctx.send({ kind: 'password_changed', to: user })
}

async function setPassword(
  ctx: Context,
  token: OneTimeToken,
  passwordHash: string,
  contested: boolean,
): Promise<User> {
  const changed = await changeUser(ctx, token.userId, (user) => {
    const usable = recoveryAddress(ctx, user) !== null
    if (!usable || isVoid(token, user)) throw new AuthError('invalid_one_time_token')
    const { emailVerifiedAt, phoneVerifiedAt } = user
    const provedAt = token.channel === 'email' ? emailVerifiedAt : phoneVerifiedAt
    return {
      status: 'active',
      ...provedOn(token.channel, provedAt ?? ctx.now()),
      passwordHash,
      credentialEpoch: user.credentialEpoch + 1,
      ...(contested && { username: null, usernameAsTyped: null }),
    }
  })
  if (changed === null) throw new AuthError('invalid_one_time_token')
  return changed
}

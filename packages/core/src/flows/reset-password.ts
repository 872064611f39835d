import * as z from 'zod'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { findByProof, isVoid, proofMembers, removeUsedToken } from '../one-time-tokens.ts'
import { checkNewPassword, passwordSchema } from '../passwords.ts'
import type { User, UserPatch } from '../records.ts'
import { isContested } from '../registrations.ts'
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
 * A crash before it leaves the token in force; a crash after it costs nothing but tidiness.
 */
export async function resetPassword(
  ctx: Context,
  input: ResetPasswordInput,
  client: Client,
): Promise<void> {
  const { newPassword, ...proof } = input
  await checkNewPassword(ctx, '/newPassword', newPassword, [proof.identifier])
  const found = await findByProof(ctx, 'reset_password', proof, client)
  const owner = await ctx.store.users.find(found.userId)
  if (owner === null || isVoid(found, owner)) throw new AuthError('invalid_one_time_token')
  const own = [owner.email, owner.emailAsTyped, owner.username]
  await checkNewPassword(ctx, '/newPassword', newPassword, own)
  const passwordHash = await ctx.hasher.hash(newPassword)
  const contested = owner.status === 'pending' && (await isContested(ctx, owner))
  const user = await changeUser(ctx, found.userId, (current) => {
    const usable = current.status === 'active' || current.status === 'pending'
    if (!usable || isVoid(found, current)) throw new AuthError('invalid_one_time_token')
    return {
      passwordHash,
      credentialEpoch: current.credentialEpoch + 1,
      ...proved(ctx, current, contested),
    }
  })
  if (user === null) throw new AuthError('invalid_one_time_token')
  removeUsedToken(ctx, found)
  ctx.later('clearing failed logins', () => ctx.store.users.clearFailedLogins(user.id))
  endOlderSessions(ctx, user, 'password_reset')
  ctx.emit({ type: 'password.reset', userId: user.id, client })
  ctx.send({ kind: 'password_changed', to: user })
}

function proved(ctx: Context, user: User, contested: boolean): UserPatch {
  const emailVerifiedAt = user.emailVerifiedAt ?? ctx.now()
  const nameless = contested ? { username: null, usernameAsTyped: null } : {}
  return { status: 'active', emailVerifiedAt, ...nameless }
}

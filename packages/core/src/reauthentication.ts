import type { Context } from './context.ts'
import { AuthError, inputError } from './errors.ts'
import type { Client } from './events.ts'
import { limit } from './limits.ts'
import { type Principal, traceOf } from './principal.ts'
import type { SessionWithUser } from './records.ts'
import { isLive } from './sessions.ts'
import { before, MINUTE, type Seconds } from './time.ts'

/** What somebody proves anew who they are for. */
export type ReauthenticationPurpose =
  | 'change_password'
  | 'change_email'
  | 'change_phone'
  | 'change_username'
  | 'delete_account'

/** ASVS 5.0, 7.5: where no password is asked for, the login must be at most this old. */
export const RECENT_LOGIN: Seconds = 15 * MINUTE

/** By what somebody proves anew who they are. */
export interface ReauthenticationProof {
  readonly currentPassword?: string | undefined
  /** A login within {@link RECENT_LOGIN} will do, also where there is a password. */
  readonly recentLogin?: boolean | undefined
}

/**
 * Proves that the owner of the account asks, and not whoever found a token of theirs (S082): an account with a password
 * must give the right one, one without must have logged in within {@link RECENT_LOGIN}. Resolves session and user as
 * they were when that was judged; a change that follows must hold on to this user's `credentialEpoch`. The proof counts
 * for this one call: the session gains nothing by it.
 *
 * Throws `invalid_token` for a session that has ended, `forbidden` while somebody acts in the user's name,
 * `wrong_password`, `reauth_required`, and `rate_limited` after too many wrong ones.
 */
export async function reauthenticate(
  ctx: Context,
  principal: Principal,
  proof: ReauthenticationProof,
  purpose: ReauthenticationPurpose,
  client: Client,
): Promise<SessionWithUser> {
  const found = await ctx.store.sessions.find(principal.session.id)
  if (found === null || !isLive(found, ctx.now())) throw new AuthError('invalid_token')
  const { actorId } = found.session
  refuseActor(ctx, { ...principal, actor: actorId === null ? null : { id: actorId } }, client)
  const refusal = await refuse(ctx, found, proof, client)
  if (refusal === null) return found
  const { id: sessionId, userId } = found.session
  ctx.emit({ type: 'reauthentication.failed', purpose, userId, sessionId, client })
  throw proof.currentPassword === undefined && refusal === 'wrong_password'
    ? missing()
    : new AuthError(refusal)
}

async function refuse(
  ctx: Context,
  { session, user }: SessionWithUser,
  { currentPassword: password, recentLogin = false }: ReauthenticationProof,
  client: Client,
): Promise<'wrong_password' | 'reauth_required' | null> {
  if (user.passwordHash === null || recentLogin) {
    return session.authTime < before(ctx.now(), RECENT_LOGIN) ? 'reauth_required' : null
  }
  if (password === undefined) return 'wrong_password'
  await limit(ctx, 'passwordProofs', user.id, { userId: user.id, client })
  const { valid } = await ctx.hasher.verify(user.passwordHash, password)
  if (valid) await ctx.limits.clear('passwordProofs', user.id)
  return valid ? null : 'wrong_password'
}

/** For whoever writes a client: what is missing is not wrong. */
function missing(): AuthError {
  return inputError('/currentPassword', 'required', 'Give the current password.', 'wrong_password')
}

/** Whoever acts in a user's name has no say in who the user is. Throws `forbidden`. */
export function refuseActor(ctx: Context, principal: Principal, client: Client): void {
  if (principal.actor === null) return
  ctx.emit({ type: 'access.denied', reason: 'impersonated', ...traceOf(principal, client) })
  throw new AuthError('forbidden')
}

import * as z from 'zod'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client, LoginRefusal } from '../events.ts'
import { readIdentifier } from '../identifiers.ts'
import { type InputOf, lineSchema } from '../input.ts'
import { beginLogin, endLogin } from '../login-limits.ts'
import { once } from '../once.ts'
import { isPasswordLocked, tellOfLock } from '../password-lock.ts'
import { passwordSchema } from '../passwords.ts'
import type { Identifier, User } from '../records.ts'
import { isAwaitingActivation } from '../registrations.ts'
import { issueSession } from '../session-issue.ts'
import type { IssuedSession } from '../sessions.ts'
import { isDueForDeletion, NOBODY } from '../users.ts'

export const loginInput = once(() =>
  z.strictObject({
    identifier: z
      .string()
      .min(1)
      .max(320)
      .meta({ description: 'E-mail address, username or phone number.' }),
    password: passwordSchema(),
    device: z.strictObject({ name: lineSchema().optional() }).optional(),
  }),
)

/** What `login` takes. */
export type LoginInput = InputOf<typeof loginInput>

/** How a login ends. A value, not an exception, so that a second factor can be asked for. */
export type LoginResult = { readonly status: 'admitted'; readonly session: IssuedSession }

// So many failures before a login are worth a word to the owner (ASVS 5.0, 6.3.5).
const FAILURES_WORTH_A_NOTICE = 5

/**
 * Opens a session for whoever knows the password. An unknown identifier, a wrong password, a disabled account and one
 * without a password get one answer, `invalid_credentials`, after the same work. Only whoever knows the password of a
 * registration learns that it is not activated. A login keeps an account that was to be deleted. What is tried too
 * often is refused before, with `rate_limited`, or like a wrong password where that was by another name of the account; a password that was wrong 100 times in a row works no more, until
 * another is chosen.
 *
 * A crash leaves at most a failed login counted too many, or a session that nobody holds.
 */
export async function login(ctx: Context, input: LoginInput, client: Client): Promise<LoginResult> {
  const identifier = readIdentifier(ctx, input.identifier)
  const attempt = await beginLogin(ctx, identifier, input.identifier, client)
  const sought = attempt.isBarred ? NOBODY : identifier
  const user = sought === null ? null : await ctx.store.users.countFailedLogin(sought)
  const hash = user !== null && isUsable(ctx, user) ? user.passwordHash : null
  const verdict = await ctx.hasher.verify(hash, input.password)
  if (verdict.unusable && user !== null) {
    ctx.emit({ type: 'password.hash_unusable', userId: user.id, client })
  }
  if (user === null || !verdict.valid) {
    throw await refuse(ctx, user, sought, input.password, client)
  }
  await ctx.store.users.clearFailedLogins(user.id)
  const session = await issueSession(ctx, user, {
    amr: ['pwd'],
    deviceName: input.device?.name ?? null,
    client,
  })
  await endLogin(ctx, attempt)
  if (user.failedLogins > FAILURES_WORTH_A_NOTICE) {
    ctx.send({ kind: 'login_after_failures', to: user })
  }
  if (verdict.outdated) {
    ctx.later('hashing a password anew', () => rehash(ctx, user, input.password))
  }
  return { status: 'admitted', session }
}

async function refuse(
  ctx: Context,
  user: User | null,
  identifier: Identifier | null,
  password: string,
  client: Client,
): Promise<AuthError> {
  const isLocked = user !== null && isPasswordLocked(user)
  const awaits = await isAwaitingActivation(ctx, user, isLocked ? null : identifier, password)
  const reason = awaits ? 'not_activated' : reasonFor(ctx, user)
  ctx.emit({ type: 'login.failed', reason, client, ...(user !== null && { userId: user.id }) })
  if (user !== null) tellOfLock(ctx, user, client)
  return new AuthError(awaits ? 'account_not_activated' : 'invalid_credentials')
}

function reasonFor(ctx: Context, user: User | null): LoginRefusal {
  if (user === null) return 'unknown_identifier'
  if (isPasswordLocked(user)) return 'password_locked'
  if (!isOpen(ctx, user)) return 'not_active'
  return user.passwordHash === null ? 'no_password' : 'wrong_password'
}

function isUsable(ctx: Context, user: User): boolean {
  return isOpen(ctx, user) && !isPasswordLocked(user)
}

/** An account whose time to be deleted has come is as good as gone. */
function isOpen(ctx: Context, user: User): boolean {
  return user.status === 'active' && !isDueForDeletion(user, ctx.now())
}

/** Only if nobody changed the account meanwhile: the password may be another by now. */
async function rehash(ctx: Context, user: User, password: string): Promise<void> {
  const passwordHash = await ctx.hasher.hash(password)
  await ctx.store.users.update(user.id, user.version, { passwordHash, updatedAt: ctx.now() })
}

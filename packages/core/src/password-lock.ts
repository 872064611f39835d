import type { Context } from './context.ts'
import type { Client } from './events.ts'
import { welcomeOwner } from './login-limits.ts'
import type { User } from './records.ts'

// NIST SP 800-63B-4, section 3.2.2: no more than 100 attempts in a row may fail.
const MAX_FAILURES = 100

/** Whether this login, which is counted already, is one too many: the password works no more, right or wrong. */
export function isPasswordLocked({ failedLogins }: User): boolean {
  return failedLogins > MAX_FAILURES
}

/** Tells the owner of an account that its password works no more, with the failure that made it so. */
export function tellOfLock(ctx: Context, user: User, client: Client): void {
  if (user.failedLogins !== MAX_FAILURES) return
  ctx.emit({ type: 'password.locked', userId: user.id, client })
  if (user.status === 'active') ctx.send({ kind: 'password_locked', to: user })
}

/** Has the password work again, or another one in its place. */
export async function forgetFailures(ctx: Context, user: User): Promise<void> {
  if (user.failedLogins > 0) await ctx.store.users.clearFailedLogins(user.id)
}

/** Has an account start anew with the password that its owner has just chosen: a login from there goes through next. */
export async function unlockPassword(ctx: Context, user: User, client: Client): Promise<void> {
  await forgetFailures(ctx, user)
  await welcomeOwner(ctx, user, client)
}

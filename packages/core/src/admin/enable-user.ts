import { approveRegistration } from '../approvals.ts'
import {
  type Actor,
  type Authority,
  authorize,
  changeSubordinate,
  checkSubordinate,
  findSubordinate,
} from '../authority.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { sendInvitation } from '../invitations.ts'
import { forgetFailures } from '../password-lock.ts'
import type { User } from '../records.ts'

/**
 * Opens an account: one that was disabled, as it was, but without its sessions; or one that waits, though nobody proved
 * its address. Its owner is told that it is open, or gets an invitation where they have no password yet. Failed logins
 * are forgotten, and with them the lock of the password: so an account that no message reaches is opened again. Enabling
 * twice is not an error.
 *
 * A crash leaves the account as it was, or open; then the message may be missing.
 */
export async function enableUser(
  ctx: Context,
  by: Actor,
  userId: string,
  client: Client,
): Promise<User> {
  const authority = await authorize(ctx, by, ['users:write'], client)
  const user = await findSubordinate(ctx, authority, userId)
  const open = user.status === 'pending' ? approve : reopen
  const opened = await open(ctx, authority, user)
  await forgetFailures(ctx, opened)
  return { ...opened, failedLogins: 0 }
}

async function approve(ctx: Context, authority: Authority, { id }: User): Promise<User> {
  const check = (user: User) => checkSubordinate(ctx, authority, user)
  const opened = await approveRegistration(ctx, id, { ...authority.trace, check })
  if (opened === null) throw new AuthError('not_found')
  if (opened.passwordHash === null) await sendInvitation(ctx, opened, authority.trace)
  else ctx.send({ kind: 'account_approved', to: opened })
  return opened
}

async function reopen(ctx: Context, authority: Authority, { id }: User): Promise<User> {
  const { before, after } = await changeSubordinate(ctx, authority, id, ({ status }) => {
    if (status === 'pending') throw new AuthError('wrong_status')
    return status === 'disabled' ? { status: 'active' } : {}
  })
  if (before.status === 'disabled') {
    ctx.emit({ type: 'user.enabled', userId: id, ...authority.trace })
  }
  return after
}

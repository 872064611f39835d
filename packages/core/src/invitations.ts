import { addressOf } from './addresses.ts'
import type { Authority } from './authority.ts'
import type { Context } from './context.ts'
import { AuthError } from './errors.ts'
import { issueOneTimeToken, isVoid } from './one-time-tokens.ts'
import type { User } from './records.ts'

/** Whether the account waits for the first password of its owner: an invitation is of use. */
export function isInvitable({ status, passwordHash }: User): boolean {
  return status === 'pending' || (status === 'active' && passwordHash === null)
}

/** Whether an invitation is on its way to the owner of the account. */
export async function isInvited(ctx: Context, user: User): Promise<boolean> {
  const [invitation] = await ctx.store.oneTimeTokens.list(user.id, 'invite', ctx.now(), 1)
  return invitation !== undefined && !isVoid(invitation, user)
}

/**
 * Sends the link with which the owner of the account chooses a password, in place of the one before. Throws
 * `wrong_status` for an account that nothing reaches.
 */
export async function sendInvitation(
  ctx: Context,
  user: User,
  trace: Authority['trace'],
): Promise<void> {
  const address = addressOf(user)
  if (address === null) throw new AuthError('wrong_status')
  const request = { purpose: 'invite', slot: '', data: {}, address } as const
  const issued = await issueOneTimeToken(ctx, user, request)
  ctx.emit({ type: 'user.invited', userId: user.id, ...trace })
  ctx.send({ kind: 'invitation', to: user, address, ...issued })
}

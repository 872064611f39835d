import { type Actor, authorize, changeSubordinate } from '../authority.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { User } from '../records.ts'
import { endOlderSessions } from '../sessions.ts'

/**
 * Keeps the user out until the account is enabled again: every session and every link that was sent is dead with the
 * same write (S092). Disabling twice is not an error. Throws `wrong_status` for an account that was never open, and
 * `last_administrator`.
 */
export async function disableUser(
  ctx: Context,
  by: Actor,
  userId: string,
  client: Client,
): Promise<User> {
  const authority = await authorize(ctx, by, ['users:write'], client)
  const { before, after } = await changeSubordinate(ctx, authority, userId, (user) => {
    if (user.status === 'pending') throw new AuthError('wrong_status')
    if (user.status === 'disabled') return {}
    return { status: 'disabled', credentialEpoch: user.credentialEpoch + 1 }
  })
  endOlderSessions(ctx, after, 'disabled')
  if (before.status === 'active') ctx.emit({ type: 'user.disabled', userId, ...authority.trace })
  return after
}

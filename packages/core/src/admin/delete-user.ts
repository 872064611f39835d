import { type Actor, authorize, checkSubordinate, tellingLast } from '../authority.ts'
import type { Context } from '../context.ts'
import { isId } from '../crypto/random.ts'
import { eraseUser } from '../deletion.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'

/**
 * Deletes the account at once: identifiers, password and profile are gone, and every session with them. Throws
 * `last_administrator`. The route asks for a login within 15 minutes, this does not.
 */
export async function deleteUser(
  ctx: Context,
  by: Actor,
  userId: string,
  client: Client,
): Promise<void> {
  const authority = await authorize(ctx, by, ['users:write'], client)
  const erased = isId(userId)
    ? await tellingLast(ctx, authority, userId, () =>
        eraseUser(ctx, userId, {
          ...authority.trace,
          reason: 'by_administrator',
          check: (user) => checkSubordinate(ctx, authority, user),
        }),
      )
    : null
  if (erased === null) throw new AuthError('not_found')
}

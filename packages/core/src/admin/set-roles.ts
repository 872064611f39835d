import * as z from 'zod'
import { type Actor, authorize, changeSubordinate, checkRoles } from '../authority.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import { type InputOf, rolesSchema } from '../input.ts'
import { once } from '../once.ts'
import type { User } from '../records.ts'
import { refuseUnknownRoles } from '../roles.ts'

export const setRolesInput = once(() => z.strictObject({ roles: rolesSchema() }))

/** What `setRoles` takes: all roles that the account is to have. */
export type SetRolesInput = InputOf<typeof setRolesInput>

/**
 * Gives the account these roles and no others. Its access tokens are stale with the same write: the next request is
 * refused, and a refresh gives the new roles. Nobody gives or takes a role above their own (S090). Throws
 * `last_administrator`. The route asks for a login within 15 minutes, this does not.
 */
export async function setRoles(
  ctx: Context,
  by: Actor,
  userId: string,
  input: SetRolesInput,
  client: Client,
): Promise<User> {
  const authority = await authorize(ctx, by, ['users:roles'], client)
  refuseUnknownRoles(ctx.settings, input.roles)
  const roles = [...new Set(input.roles)]
  const { before, after } = await changeSubordinate(ctx, authority, userId, (user) => {
    const moved = [...without(roles, user.roles), ...without(user.roles, roles)]
    checkRoles(ctx, authority, userId, moved)
    return moved.length === 0 ? {} : { roles, claimsVersion: user.claimsVersion + 1 }
  })
  const added = without(after.roles, before.roles)
  const removed = without(before.roles, after.roles)
  if (added.length + removed.length > 0) {
    ctx.emit({ type: 'user.roles_changed', userId, added, removed, ...authority.trace })
  }
  return after
}

function without(roles: readonly string[], others: readonly string[]): readonly string[] {
  return roles.filter((role) => !others.includes(role))
}

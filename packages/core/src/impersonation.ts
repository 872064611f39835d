import type { Context } from './context.ts'
import type { SessionWithUser, User } from './records.ts'
import { isAllowed, rankOf } from './roles.ts'
import { isLive } from './sessions.ts'

/** Whether somebody with these roles may act in the name of this user: only of who stands below them. */
export function mayImpersonate(
  { settings }: Context,
  { roles }: Pick<User, 'roles'>,
  user: User,
): boolean {
  return (
    settings.impersonationLifetime !== null &&
    isAllowed(settings, roles, 'users:impersonate') &&
    rankOf(settings, user.roles) < rankOf(settings, roles)
  )
}

/**
 * Whether whoever opened the session may still use it. Its owner may; who acts in the owner's name only while they are
 * logged in where they began, and still may. Asks the store for those sessions alone.
 */
export async function isStillEntitled(
  ctx: Context,
  { session, user }: SessionWithUser,
): Promise<boolean> {
  if (session.actorId === null) return true
  const { actorId, actorSessionId } = session
  const own = actorSessionId === null ? null : await ctx.store.sessions.find(actorSessionId)
  return (
    own !== null &&
    own.user.id === actorId &&
    isLive(own, ctx.now()) &&
    mayImpersonate(ctx, own.user, user)
  )
}

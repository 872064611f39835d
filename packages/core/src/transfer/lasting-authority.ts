import { type Actor, type Authority, authorize } from '../authority.ts'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { AdminPermission } from '../roles.ts'

// Milliseconds. Often enough that nobody does much with what they have lost, seldom enough to cost nothing.
const RECHECK = 1000

/**
 * The authority for what may take as long as the client likes: resolves a function that gives it, and asks the store
 * again once a second. That throws, as `authorize` does, from the moment on at which a session ended or a role went.
 */
export async function lastingAuthority(
  ctx: Context,
  by: Actor,
  permissions: readonly AdminPermission[],
  client: Client,
): Promise<() => Promise<Authority>> {
  let authority = await authorize(ctx, by, permissions, client)
  let askedAt = ctx.now().getTime()
  return async () => {
    const now = ctx.now().getTime()
    if (now - askedAt < RECHECK) return authority
    authority = await authorize(ctx, by, permissions, client)
    askedAt = now
    return authority
  }
}

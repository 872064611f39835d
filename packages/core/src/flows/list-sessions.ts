import type { Context } from '../context.ts'
import type { Principal } from '../principal.ts'
import type { Session } from '../records.ts'

/** The user's live sessions, newest first. */
export function listSessions(ctx: Context, principal: Principal): Promise<readonly Session[]> {
  return ctx.store.sessions.listByUser(principal.user.id, ctx.now())
}

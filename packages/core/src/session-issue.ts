import type { Context } from './context.ts'
import { cancelDeletion } from './deletion.ts'
import { AuthError } from './errors.ts'
import type { User, UserStatus } from './records.ts'
import { type IssuedSession, issueTokens, newSession, type SessionOpening } from './sessions.ts'

/** Why somebody who proved who they are may still not come in; a disabled account answers like an unknown one (S023). */
const refusals: Record<UserStatus, 'account_not_activated' | 'invalid_credentials' | null> = {
  active: null,
  pending: 'account_not_activated',
  disabled: 'invalid_credentials',
  deleted: 'invalid_credentials',
}

/**
 * The one gate through which every way to log in passes (S034). The session is opened under the credentials of the
 * record that was checked: if they change meanwhile, the session never works. Whoever logs in to an account that was
 * to be deleted keeps it.
 */
export async function issueSession(
  ctx: Context,
  found: User,
  opening: SessionOpening,
): Promise<IssuedSession> {
  const refusal = refusals[found.status]
  if (refusal !== null) throw new AuthError(refusal)
  const { client, actor } = opening
  const user = found.deleteAfter === null ? found : await cancelDeletion(ctx, found, client)
  const session = newSession(ctx, user, opening)
  await ctx.store.sessions.insert(session)
  // Whoever acts in the user's name must not push the user out.
  if (actor === undefined) {
    ctx.later('ending sessions beyond the limit', () => evictOldest(ctx, user.id))
  }
  const trace = { methods: session.amr, client, ...(actor && { actorId: actor.id }) }
  ctx.emit({ type: 'session.started', userId: user.id, sessionId: session.id, ...trace })
  return issueTokens(ctx, session, user)
}

async function evictOldest(ctx: Context, userId: string): Promise<void> {
  const { maxSessionsPerUser } = ctx.settings
  const count = await ctx.store.sessions.evictBeyond(userId, maxSessionsPerUser, ctx.now())
  if (count > 0) ctx.emit({ type: 'session.oldest_evicted', userId, count })
}

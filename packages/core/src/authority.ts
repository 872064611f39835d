import { changeLeavingAdministrator } from './administrators.ts'
import type { Context } from './context.ts'
import { isId } from './crypto/random.ts'
import { AuthError } from './errors.ts'
import type { Client } from './events.ts'
import { checkPrincipal, type Principal } from './principal.ts'
import { RECENT_LOGIN } from './reauthentication.ts'
import type { SessionWithUser, User, UserPatch } from './records.ts'
import { type AdminPermission, isAllowed, rankOf } from './roles.ts'
import { isLive } from './sessions.ts'
import { before } from './time.ts'

/**
 * Who administers: somebody by their session, or the application's own code, such as a command or a script. That
 * stands above every rank; but the last administrator remains for it too.
 */
export type Actor = Principal | 'system'

/** What a function was given as its actor. Rejects with `TypeError` what is none: a slip in the caller's code. */
export function checkActor(where: string, by: Actor): Actor {
  return by === 'system' ? by : checkPrincipal(where, by)
}

/** What an actor may do, as the store said when the call began. */
export interface Authority {
  /** The actor's session and record; `null` for the application itself. */
  readonly own: SessionWithUser | null
  readonly rank: number
  /** What events tell of the actor. */
  readonly trace: { readonly actorId: string | null; readonly client: Client }
}

/** A user before and after a change. */
export interface Change {
  readonly before: User
  readonly after: User
}

/** Why somebody may not change an account. */
type Refusal = 'rank' | 'role' | 'last_administrator'

/**
 * The authority of the actor, read from the store: what a token says of roles may be out of date. Throws
 * `invalid_token` when the session has ended, and `forbidden` unless the actor's roles allow all of this, and whenever
 * somebody else acts in the actor's name.
 */
export async function authorize(
  ctx: Context,
  by: Actor,
  permissions: readonly AdminPermission[],
  client: Client,
): Promise<Authority> {
  if (by === 'system') {
    return { own: null, rank: Number.POSITIVE_INFINITY, trace: { actorId: null, client } }
  }
  const own = await ctx.store.sessions.find(by.session.id)
  if (own === null || own.user.id !== by.user.id || !isLive(own, ctx.now())) {
    throw new AuthError('invalid_token')
  }
  const { roles } = own.user
  const isTheirOwn = own.session.actorId === null && by.actor === null
  if (!isTheirOwn || !permissions.every((one) => isAllowed(ctx.settings, roles, one))) {
    throw denied(ctx, own, 'forbidden', client)
  }
  return { own, rank: rankOf(ctx.settings, roles), trace: { actorId: own.user.id, client } }
}

/** Throws `reauth_required` unless the actor has logged in within {@link RECENT_LOGIN} (S093). */
export function requireRecentLogin(ctx: Context, { own, trace }: Authority): void {
  if (own === null || own.session.authTime >= before(ctx.now(), RECENT_LOGIN)) return
  throw denied(ctx, own, 'reauth_required', trace.client)
}

function denied(
  ctx: Context,
  { user, session }: SessionWithUser,
  reason: 'forbidden' | 'reauth_required',
  client: Client,
): AuthError {
  const by = session.actorId === null ? {} : { actorId: session.actorId }
  const subject = { userId: user.id, sessionId: session.id, ...by, client }
  ctx.emit({ type: 'access.denied', reason, ...subject })
  return new AuthError(reason)
}

/**
 * The user, whom the actor may change: nobody changes whom a role puts above them (S090). Throws `not_found` for
 * whoever is deleted or never was, `forbidden` for who stands higher.
 */
export async function findSubordinate(
  ctx: Context,
  authority: Authority,
  id: string,
): Promise<User> {
  const user = isId(id) ? await ctx.store.users.find(id) : null
  if (user === null) throw new AuthError('not_found')
  checkSubordinate(ctx, authority, user)
  return user
}

/** See {@link findSubordinate}. For whoever holds the record already. */
export function checkSubordinate(ctx: Context, authority: Authority, user: User): void {
  if (user.id === authority.own?.user.id) checkUnmoved(authority.own, user)
  if (user.status === 'deleted') throw new AuthError('not_found')
  if (rankOf(ctx.settings, user.roles) > authority.rank) {
    throw refuseChange(ctx, authority, user.id, 'rank')
  }
}

/** Nobody takes back what was done to themselves while their call was under way: their record says what they may. */
function checkUnmoved({ user: seen, session }: SessionWithUser, user: User): void {
  if (user.status !== 'active' || user.credentialEpoch !== session.credentialEpoch) {
    throw new AuthError('invalid_token')
  }
  if (user.claimsVersion !== seen.claimsVersion) throw new AuthError('token_stale')
}

/** Throws `forbidden` unless the actor may give and take all of these roles: those up to the actor's own rank. */
export function checkRoles(
  ctx: Context,
  authority: Authority,
  userId: string,
  roles: readonly string[],
): void {
  if (rankOf(ctx.settings, roles) <= authority.rank) return
  throw refuseChange(ctx, authority, userId, 'role')
}

/**
 * Changes a user whom the actor may change: the ranks are judged by the very record that the change replaces, so that
 * they hold however many act at once. `patchFor` may be asked again, and throws to refuse. Throws as
 * {@link findSubordinate} does, and `last_administrator`.
 */
export async function changeSubordinate(
  ctx: Context,
  authority: Authority,
  id: string,
  patchFor: (user: User) => UserPatch | Promise<UserPatch>,
): Promise<Change> {
  const seen: User[] = []
  const work = async () =>
    changeLeavingAdministrator(ctx, id, (user) => {
      checkSubordinate(ctx, authority, user)
      seen.push(user)
      return patchFor(user)
    })
  const after = isId(id) ? await tellingLast(ctx, authority, id, work) : null
  const replaced = seen.at(-1)
  if (after === null || replaced === undefined) throw new AuthError('not_found')
  return { before: replaced, after }
}

/** Does what may be refused for the sake of the last administrator, and tells of it if it is. */
export async function tellingLast<T>(
  ctx: Context,
  authority: Authority,
  userId: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof AuthError) || error.code !== 'last_administrator') throw error
    refuseChange(ctx, authority, userId, 'last_administrator')
    throw error
  }
}

/** Tells that somebody tried. */
export function refuseChange(
  ctx: Context,
  { trace }: Authority,
  userId: string,
  reason: Refusal,
): AuthError {
  ctx.emit({ type: 'user.change_refused', userId, reason, ...trace })
  return new AuthError('forbidden')
}

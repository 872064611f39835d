import type { Context } from './context.ts'
import { AuthError } from './errors.ts'
import type { User, UserPatch } from './records.ts'
import { adminRole } from './roles.ts'

const MAX_ATTEMPTS = 5

/**
 * Like `changeUser`, for changes that may end somebody's administration: at least one administrator always remains
 * (S090). Throws `last_administrator` when nobody else would.
 *
 * Without a transaction: the user is marked as leaving, then the others are counted, then the change is written, if
 * nobody touched the record since the mark. Of all who leave at once, whoever was marked last sees only those who
 * stay. Two at once may both be refused, never both succeed. A mark that a crash leaves makes later counts stricter,
 * and goes with the next change that comes through here, such as being given the same roles again.
 */
export async function changeLeavingAdministrator(
  ctx: Context,
  id: string,
  patchFor: (user: User) => UserPatch | Promise<UserPatch>,
): Promise<User | null> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const user = await ctx.store.users.find(id)
    if (user === null) return null
    const patch = await patchFor(user)
    const next = { ...user, ...patch }
    const leaves = administers(ctx, user) && !administers(ctx, next)
    const current = leaves ? await mark(ctx, user) : user
    if (current === null) continue
    const isLast = leaves && (await isLastAdministrator(ctx, id))
    const write = isLast ? { leavingAdmin: false } : { ...patch, leavingAdmin: isMarked(ctx, next) }
    const changed = await update(ctx, current, write)
    if (changed !== null && isLast) throw new AuthError('last_administrator')
    if (changed !== null) return changed
  }
  throw new AuthError('unavailable', { retryAfter: 1 })
}

/** Whoever waits for the deletion of their account administers nothing any more. */
function administers(ctx: Context, user: User): boolean {
  return isActiveAdministrator(ctx, user) && user.deleteAfter === null
}

/** Until then they are not counted, though they are active and keep the role. */
function isMarked(ctx: Context, user: User): boolean {
  return isActiveAdministrator(ctx, user) && user.deleteAfter !== null
}

function isActiveAdministrator({ settings }: Context, user: User): boolean {
  return user.status === 'active' && user.roles.includes(adminRole(settings))
}

/** The user as leaving, with all authority; `null` when somebody else was faster. One mark serves all who take the user away. */
async function mark(ctx: Context, user: User): Promise<User | null> {
  return user.leavingAdmin ? user : update(ctx, user, { leavingAdmin: true })
}

async function isLastAdministrator({ settings, store }: Context, id: string): Promise<boolean> {
  return (await store.users.countAdmins({ role: adminRole(settings), except: id })) === 0
}

function update(ctx: Context, user: User, patch: UserPatch): Promise<User | null> {
  return ctx.store.users.update(user.id, user.version, { ...patch, updatedAt: ctx.now() })
}

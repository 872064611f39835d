import { addressOf } from './addresses.ts'
import { changeLeavingAdministrator } from './administrators.ts'
import type { Context } from './context.ts'
import { AuthError } from './errors.ts'
import type { Client, DeletionReason } from './events.ts'
import { removeOlderTokens } from './one-time-tokens.ts'
import type { User, UserPatch } from './records.ts'
import { endOlderSessions } from './sessions.ts'
import { after } from './time.ts'
import { changeUser, isDueForDeletion } from './users.ts'

/** Who deletes an account, and why. */
export interface Deletion {
  /** Who did it, where that was somebody else: an administrator, or `null` for the application itself. */
  readonly actorId?: string | null
  readonly client?: Client
  readonly reason: DeletionReason
  /** Throws to refuse the account as it is at the write; `not_found` to leave it in peace. */
  readonly check?: (user: User) => void
}

/**
 * Deletes the account by one compare-and-set: identifiers, hash, roles and profile are gone, the addresses are free
 * again, every session and every token is void. What remains is a tombstone, for nodes that have to hear of it. Whoever
 * had the account is told, unless it was never opened. Resolves `null` when there is no such account any more. Throws
 * `last_administrator`.
 *
 * A crash before the write leaves the account as it was; after it, the message may be missing, and tokens that are void
 * stay until they expire.
 */
export async function eraseUser(
  ctx: Context,
  userId: string,
  { reason, check, ...by }: Deletion,
): Promise<User | null> {
  const pair = await bury(ctx, userId, check)
  if (pair === null) return null
  const [user, erased] = pair
  endOlderSessions(ctx, erased, 'deleted')
  removeOlderTokens(ctx, erased)
  ctx.emit({ type: 'user.deleted', userId, reason, ...by })
  tellOwner(ctx, user)
  return erased
}

/** The user as it was, and as it is. */
async function bury(
  ctx: Context,
  userId: string,
  check: Deletion['check'],
): Promise<readonly [User, User] | null> {
  const was: User[] = []
  try {
    const erased = await changeLeavingAdministrator(ctx, userId, (user) => {
      if (user.status === 'deleted') throw new AuthError('not_found')
      check?.(user)
      was.push(user)
      return tombstoneOf(user)
    })
    const last = was.at(-1)
    return erased === null || last === undefined ? null : [last, erased]
  } catch (error) {
    if (error instanceof AuthError && error.code === 'not_found') return null
    throw error
  }
}

function tombstoneOf(user: User): UserPatch {
  return {
    status: 'deleted',
    email: null,
    emailAsTyped: null,
    emailVerifiedAt: null,
    username: null,
    usernameAsTyped: null,
    phone: null,
    phoneVerifiedAt: null,
    passwordHash: null,
    roles: [],
    profile: {},
    deleteAfter: null,
    credentialEpoch: user.credentialEpoch + 1,
  }
}

/** Nobody has proved the address of an account that was never opened. */
function tellOwner(ctx: Context, user: User): void {
  const address = addressOf(user)
  if (user.status === 'pending' || address === null) return
  ctx.send({ kind: 'account_deleted', to: user, address })
}

/**
 * Ends every session, and lets the account go when the grace is over, unless its owner logs in before. Resolves it as
 * it is until then; `null` when there is no such account any more. Throws `last_administrator`: an administrator who
 * goes does not count from now on.
 */
export async function planDeletion(
  ctx: Context,
  userId: string,
  { check, client }: Deletion,
): Promise<User | null> {
  const deleteAfter = after(ctx.now(), ctx.settings.deletionGrace)
  const planned = await changeLeavingAdministrator(ctx, userId, (user) => {
    check?.(user)
    return { deleteAfter, credentialEpoch: user.credentialEpoch + 1 }
  })
  if (planned === null) return null
  endOlderSessions(ctx, planned, 'deleted')
  ctx.emit({ type: 'user.deletion_scheduled', userId, ...(client && { client }) })
  ctx.send({ kind: 'deletion_scheduled', to: planned })
  return planned
}

/** What takes back that an account is to be deleted. */
export function keptAlive({ deleteAfter }: User): UserPatch {
  return deleteAfter === null ? {} : { deleteAfter: null, leavingAdmin: false }
}

/**
 * Keeps an account that was to be deleted, for the owner who has just logged in. Resolves it as it is now. Throws
 * `invalid_credentials` when it is too late, or when the credentials moved since.
 */
export async function cancelDeletion(ctx: Context, user: User, client: Client): Promise<User> {
  const kept = await changeUser(ctx, user.id, (current) => {
    const same = current.status === 'active' && current.credentialEpoch === user.credentialEpoch
    if (!same || isDueForDeletion(current, ctx.now())) throw new AuthError('invalid_credentials')
    return keptAlive(current)
  })
  if (kept === null) throw new AuthError('invalid_credentials')
  ctx.emit({ type: 'user.deletion_cancelled', userId: user.id, client })
  ctx.send({ kind: 'deletion_cancelled', to: kept })
  return kept
}

import type { Context } from './context.ts'
import { newId } from './crypto/random.ts'
import { AuthError } from './errors.ts'
import { type GivenIdentifiers, readIdentifier } from './identifiers.ts'
import type { IdentifierKind, User, UserPatch } from './records.ts'
import { takenField } from './unique-violation.ts'

const MAX_ATTEMPTS = 5

/** The record of a new account, without a password. */
export function newUser(
  ctx: Context,
  identifiers: GivenIdentifiers,
  status: 'pending' | 'active',
): User {
  const now = ctx.now()
  return {
    id: newId(now),
    email: identifiers.email?.canonical ?? null,
    emailAsTyped: identifiers.email?.asTyped ?? null,
    emailVerifiedAt: null,
    username: identifiers.username?.canonical ?? null,
    usernameAsTyped: identifiers.username?.asTyped ?? null,
    phone: null,
    phoneVerifiedAt: null,
    passwordHash: null,
    roles: [...ctx.settings.defaultRoles],
    status,
    credentialEpoch: 0,
    claimsVersion: 0,
    failedLogins: 0,
    lockedUntil: null,
    leavingAdmin: false,
    deleteAfter: null,
    profile: {},
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
}

/** Adds the user; resolves the kind of identifier that belongs to somebody else, or `null` when the user is in. */
export async function insertUser(ctx: Context, user: User): Promise<IdentifierKind | null> {
  try {
    await ctx.store.users.insert(user)
    return null
  } catch (error) {
    const field = takenField(error)
    if (field === null || field === 'id') throw error
    return field
  }
}

/** The user whom a request names; `null` also for what can be nobody's identifier. */
export async function findUser(ctx: Context, text: string): Promise<User | null> {
  const identifier = readIdentifier(ctx, text)
  return identifier === null ? null : ctx.store.users.findByIdentifier(identifier)
}

/**
 * Changes a user by compare-and-set; `null` when there is no such user any more. `patchFor` is asked again whenever
 * somebody else was faster; it throws to refuse.
 */
export async function changeUser(
  ctx: Context,
  id: string,
  patchFor: (user: User) => UserPatch,
): Promise<User | null> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const user = await ctx.store.users.find(id)
    if (user === null) return null
    const patch = { ...patchFor(user), updatedAt: ctx.now() }
    const changed = await ctx.store.users.update(id, user.version, patch)
    if (changed !== null) return changed
  }
  throw new AuthError('unavailable', { retryAfter: 1 })
}

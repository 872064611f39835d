import type { Context } from './context.ts'
import { newId } from './crypto/random.ts'
import { AuthError } from './errors.ts'
import { type GivenIdentifiers, readIdentifier } from './identifiers.ts'
import type { Identifier, IdentifierKind, User, UserPatch } from './records.ts'
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
    phone: identifiers.phone?.canonical ?? null,
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

/** What the account is known by: its addresses first. */
export function identifiersOf({ email, phone, username }: User): readonly Identifier[] {
  const all = { email, phone, username }
  return kinds.flatMap((kind) => {
    const value = all[kind]
    return value === null ? [] : [{ kind, value }]
  })
}

const kinds = ['email', 'phone', 'username'] as const

/** The user whom a request names; `null` also for what can be nobody's identifier, and for who is as good as deleted. */
export async function findUser(ctx: Context, text: string): Promise<User | null> {
  const identifier = readIdentifier(ctx, text)
  const user = identifier === null ? null : await ctx.store.users.findByIdentifier(identifier)
  return user === null || isDueForDeletion(user, ctx.now()) ? null : user
}

/** Who is asked for where the work has to be done, and nobody is to be found. */
export const NOBODY: Identifier = { kind: 'email', value: 'nobody' }

/**
 * Asks the store for nobody. Where a user is looked for off the response path, so that not even the time of an answer
 * tells whether there is one, this is how an outage shows in it all the same.
 */
export async function findNobody(ctx: Context): Promise<void> {
  await ctx.store.users.findByIdentifier(NOBODY)
}

/** Whether the time is over in which a login would have kept the account. */
export function isDueForDeletion({ deleteAfter }: User, now: Date): boolean {
  return deleteAfter !== null && deleteAfter <= now
}

/** The user of that id, for whoever has shown a session. Throws `invalid_token` when the user is gone since. */
export async function activeUser(ctx: Context, id: string): Promise<User> {
  const user = await ctx.store.users.find(id)
  if (user === null || user.status !== 'active') throw new AuthError('invalid_token')
  return user
}

/**
 * Changes a user by compare-and-set; `null` when there is no such user any more. `patchFor` is asked again whenever
 * somebody else was faster; it throws to refuse.
 */
export async function changeUser(
  ctx: Context,
  id: string,
  patchFor: (user: User) => UserPatch | Promise<UserPatch>,
): Promise<User | null> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const user = await ctx.store.users.find(id)
    if (user === null) return null
    const patch = { ...(await patchFor(user)), updatedAt: ctx.now() }
    const changed = await ctx.store.users.update(id, user.version, patch)
    if (changed !== null) return changed
  }
  throw new AuthError('unavailable', { retryAfter: 1 })
}

import * as z from 'zod'
import type { Context } from '../context.ts'
import { eraseUser } from '../deletion.ts'
import { AuthError } from '../errors.ts'
import { namesOf, readIdentifiers } from '../identifiers.ts'
import { type InputOf, rolesSchema } from '../input.ts'
import { once } from '../once.ts'
import { checkNewPassword, passwordSchema } from '../passwords.ts'
import { profileInput, readProfile } from '../profiles.ts'
import type { IdentifierKind, User } from '../records.ts'
import { refuseUnknownRoles } from '../roles.ts'
import { takenError } from '../taken-identifiers.ts'
import { takenField } from '../unique-violation.ts'
import { changeUser, identifiersOf, insertUser, newUser } from '../users.ts'

export const createUserInput = once(() =>
  z.strictObject({
    email: z.string().max(320).optional(),
    username: z.string().max(64).optional(),
    phone: z.string().max(64).optional(),
    password: passwordSchema(),
    roles: rolesSchema().optional(),
    profile: profileInput().optional(),
    emailVerified: z.boolean().optional(),
    phoneVerified: z.boolean().optional(),
    ifExists: z.enum(['refuse', 'return']).optional(),
  }),
)

/**
 * What `createUser` takes. Addresses count as proved only where `emailVerified` or `phoneVerified` says so. With
 * `ifExists: 'return'`, an account that exists is resolved as it is, neither its password nor its roles changed.
 */
export type CreateUserInput = InputOf<typeof createUserInput>

/**
 * Makes an active account, for the application's own code: a first administrator, a seed, a test. Nothing is sent. An
 * account that waits for its activation is taken over: else a stranger's registration could stand in the way. Throws
 * `email_taken`, `phone_taken` or `username_taken`, and `invalid_input` as registering does.
 *
 * A crash leaves nothing, or the account; a registration that was in its way may be gone.
 */
export async function createUser(ctx: Context, input: CreateUserInput): Promise<User> {
  const wanted = await readUser(ctx, input)
  const taken = await insertUser(ctx, wanted)
  const existing =
    taken !== null && input.ifExists === 'return' ? await namesake(ctx, wanted) : null
  if (existing !== null) return existing
  const created = taken === null ? wanted : await takeOver(ctx, wanted)
  ctx.emit({ type: 'user.created', userId: created.id })
  return created
}

async function readUser(ctx: Context, input: CreateUserInput): Promise<User> {
  const identifiers = readIdentifiers(ctx, input, { trusted: true })
  const roles = input.roles ?? [...ctx.settings.defaultRoles]
  refuseUnknownRoles(ctx.settings, roles)
  const profile = await readProfile(ctx, input.profile, { writer: 'administrator', current: {} })
  await checkNewPassword(ctx, '/password', input.password, namesOf(identifiers, profile))
  const passwordHash = await ctx.hasher.hash(input.password)
  const user = newUser(ctx, identifiers, 'active')
  return {
    ...user,
    emailVerifiedAt: input.emailVerified === true && user.email !== null ? user.createdAt : null,
    phoneVerifiedAt: input.phoneVerified === true && user.phone !== null ? user.createdAt : null,
    roles,
    profile,
    passwordHash,
  }
}

/** The account that has the first identifier of the one that is wanted. One that merely waits is none. */
async function namesake(ctx: Context, wanted: User): Promise<User | null> {
  const [first] = identifiersOf(wanted)
  const holder = first === undefined ? null : await ctx.store.users.findByIdentifier(first)
  return holder?.status === 'pending' ? null : holder
}

/** The credentials move, so that nothing that was sent to the address opens the account. */
async function takeOver(ctx: Context, wanted: User): Promise<User> {
  const waiting = await waitingHolder(ctx, wanted)
  const { id, createdAt, version, failedLogins, lockedUntil, claimsVersion, ...fields } = wanted
  try {
    const changed = await changeUser(ctx, waiting.user.id, (current) => {
      if (current.status !== 'pending') throw takenError(waiting.kind)
      return { ...fields, credentialEpoch: current.credentialEpoch + 1 }
    })
    // Pruned meanwhile: another attempt will go through.
    if (changed === null) throw new AuthError('unavailable', { retryAfter: 1 })
    return changed
  } catch (error) {
    const field = takenField(error)
    throw field === null || field === 'id' ? error : takenError(field)
  }
}

interface Holder {
  readonly kind: IdentifierKind
  readonly user: User
}

/** Who waits under an address. Whoever waits under the other one makes way; a username alone is nobody's to take over. */
async function waitingHolder(ctx: Context, wanted: User): Promise<Holder> {
  const holders = await holdersOf(ctx, wanted)
  const first = holders.find(({ kind }) => kind !== 'username')
  for (const { kind, user } of holders) {
    const mayGo = kind !== 'username' || user.id === first?.user.id
    if (user.status !== 'pending' || !mayGo) throw takenError(kind)
  }
  if (first === undefined) throw new AuthError('unavailable', { retryAfter: 1 })
  for (const other of holders) {
    if (other.user.id !== first.user.id) await makeWay(ctx, other)
  }
  return first
}

async function holdersOf(ctx: Context, wanted: User): Promise<readonly Holder[]> {
  const found = await Promise.all(
    identifiersOf(wanted).map(async (identifier) => ({
      kind: identifier.kind,
      user: await ctx.store.users.findByIdentifier(identifier),
    })),
  )
  return found.flatMap(({ kind, user }) => (user === null ? [] : [{ kind, user }]))
}

async function makeWay(ctx: Context, { kind, user }: Holder): Promise<void> {
  await eraseUser(ctx, user.id, {
    actorId: null,
    reason: 'made_way',
    check(current) {
      if (current.status !== 'pending') throw takenError(kind)
    },
  })
}

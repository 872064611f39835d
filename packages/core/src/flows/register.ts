import * as z from 'zod'
import type { Context, Settings } from '../context.ts'
import { newId } from '../crypto/random.ts'
import { AuthError, inputError } from '../errors.ts'
import type { Client } from '../events.ts'
import { type GivenIdentifiers, namesOf, noIdentifiers, readIdentifiers } from '../identifiers.ts'
import type { InputOf } from '../input.ts'
import { isInvited, sendInvitation } from '../invitations.ts'
import { limitAddress } from '../limits.ts'
import { mayReach, mayReachUser } from '../message-limits.ts'
import { once } from '../once.ts'
import { checkNewPassword, newPasswordUnder, passwordSchema } from '../passwords.ts'
import { profileInput, readProfile } from '../profiles.ts'
import type { IdentifierKind, User } from '../records.ts'
import {
  activationAddress,
  divideIdentifiers,
  type KeptRegistration,
  keepPending,
  keepRegistration,
  newRegistration,
  type Registration,
  type RegistrationTerms,
  reservedBy,
  sendActivation,
} from '../registrations.ts'
import { identifiersOf, insertUser, newUser } from '../users.ts'

export const registerInput = once(() =>
  z.strictObject({
    email: z.string().max(320).optional(),
    username: z.string().max(64).optional(),
    phone: z.string().max(64).optional(),
    password: passwordSchema(),
    profile: profileInput().optional(),
  }),
)

/** With these settings: the configured identifiers, each required unless it is optional; a profile where accounts have one. */
export function registerInputUnder(settings: Settings): z.ZodType {
  const { email, username, phone, profile } = registerInput().shape
  const identifiers = Object.entries({ email, username, phone }).flatMap(([name, schema]) => {
    const kind = settings.identifiers.find((one) => one === name)
    if (kind === undefined) return []
    return [[kind, settings.optionalIdentifiers.includes(kind) ? schema : schema.unwrap()]]
  })
  return z.strictObject({
    ...Object.fromEntries(identifiers),
    password: newPasswordUnder(settings),
    ...(settings.profile !== null && { profile }),
  })
}

/** What `register` takes: the configured identifiers, a password, and a profile where accounts have one. */
export type RegisterInput = InputOf<typeof registerInput>

interface Newcomer {
  /** What stands on the record from the first. */
  readonly recorded: GivenIdentifiers
  readonly terms: RegistrationTerms
  readonly client: Client
}

/**
 * Registers an account. Whether the address was free shows in the message to it and nowhere else (S012). A username
 * that is taken is told with `username_taken`; so that this tells nothing of addresses, a registration whose address is
 * taken holds its username like every other.
 *
 * A crash leaves nothing, or a pending account whose message was not sent: asking for it again goes on. Whoever
 * registers the same address and username again is told that the username is taken, by their own registration.
 */
export async function register(ctx: Context, input: RegisterInput, client: Client): Promise<void> {
  await limitAddress(ctx, 'registrations', client)
  const identifiers = readIdentifiers(ctx, input)
  const profile = await readProfile(ctx, input.profile, { writer: 'owner', current: {} })
  await checkNewPassword(ctx, '/password', input.password, namesOf(identifiers, profile))
  const passwordHash = await ctx.hasher.hash(input.password)
  const { recorded, unproved } = divideIdentifiers(ctx, identifiers)
  const newcomer = { recorded, terms: { passwordHash, profile, unproved }, client }
  if (ctx.settings.activation === 'none') return registerActive(ctx, newcomer)
  return registerPending(ctx, newcomer)
}

/** Where nothing is proved the account is open at once. That an address is taken shows at the login. */
async function registerActive(ctx: Context, newcomer: Newcomer): Promise<void> {
  const { recorded, terms, client } = newcomer
  const { passwordHash, profile } = terms
  const user = { ...newUser(ctx, recorded, 'active'), passwordHash, profile }
  const taken = await insertUser(ctx, user)
  refuseTakenUsername(taken)
  if (taken !== null) {
    await reserveUsername(ctx, recorded)
    return ctx.later('telling the owners', async () => {
      for (const owner of await findOwners(ctx, user)) await tellOwner(ctx, owner, client)
    })
  }
  ctx.emit({ type: 'user.registered', userId: user.id, client })
}

/** The token comes first: without its user it is worth nothing, and a user is never left without one. */
async function registerPending(ctx: Context, newcomer: Newcomer): Promise<void> {
  const { recorded, terms, client } = newcomer
  // An administrator who is to open the account wants to know whose it is.
  const profile = ctx.settings.activation === 'admin' ? terms.profile : {}
  const user = { ...newUser(ctx, recorded, 'pending'), profile }
  const registration = newRegistration(ctx, recorded, terms, null)
  const activation = await keepRegistration(ctx, user, '', registration)
  const taken = await insertUser(ctx, user)
  refuseTakenUsername(taken)
  if (taken !== null) return registerAgain(ctx, newcomer)
  ctx.emit({ type: 'user.registered', userId: user.id, client })
  ctx.later('sending the activation message', () => sendFirst(ctx, user, activation, client))
}

/** Its owner can ask for it again when the address had too many messages already. */
async function sendFirst(
  ctx: Context,
  user: User,
  activation: KeptRegistration,
  client: Client,
): Promise<void> {
  const address = activationAddress(ctx, user)
  if (address === null || !(await mayReach(ctx, address, { userId: user.id, client }))) return
  sendActivation(ctx, user, '', activation)
}

/** Only whether the username is free may show in the answer: all else is done off the response path. */
async function registerAgain(ctx: Context, newcomer: Newcomer): Promise<void> {
  const { recorded, terms } = newcomer
  const reservation = await reserveUsername(ctx, recorded)
  const reserved = reservation && reservedBy(reservation)
  const registration = newRegistration(ctx, recorded, terms, reserved)
  ctx.later('registering an address again', () =>
    keepForOwners(ctx, newcomer, reservation, registration),
  )
}

/** The records of whoever holds the addresses stay as they are; a pending one lives on. */
async function keepForOwners(
  ctx: Context,
  { recorded, client }: Newcomer,
  reservation: User | null,
  registration: Registration,
): Promise<void> {
  const slot = newId(ctx.now())
  if (reservation !== null) await keepRegistration(ctx, reservation, slot, registration)
  for (const owner of await ownersOf(ctx, recorded)) {
    if (owner.status === 'pending') await keepPending(ctx, owner)
    const issued = await keepRegistration(ctx, owner, slot, registration)
    if (owner.status === 'pending') await callOwner(ctx, owner, slot, issued, client)
    await tellOwner(ctx, owner, client)
  }
}

/** What an administrator gave an account is for its owner: no link opens it with the password of whoever registers it. */
async function callOwner(
  ctx: Context,
  owner: User,
  slot: string,
  kept: KeptRegistration,
  client: Client,
): Promise<void> {
  if (!(await mayReachUser(ctx, owner, { client }))) return
  if (await isInvited(ctx, owner)) return sendInvitation(ctx, owner, { actorId: null, client })
  sendActivation(ctx, owner, slot, kept)
}

async function reserveUsername(ctx: Context, { username }: GivenIdentifiers): Promise<User | null> {
  if (username === null) return null
  const reservation = newUser(ctx, { ...noIdentifiers, username }, 'pending')
  refuseTakenUsername(await insertUser(ctx, reservation))
  return reservation
}

/**
 * Whoever holds the addresses, each of them once. One that is free is held from now on by a record of its own: what
 * follows must look the same whichever of the addresses was taken (S012).
 */
async function ownersOf(ctx: Context, { email, phone }: GivenIdentifiers): Promise<User[]> {
  const owners = [
    email && (await ownerOf(ctx, { ...noIdentifiers, email })),
    phone && (await ownerOf(ctx, { ...noIdentifiers, phone })),
  ]
  return eachOnce(owners)
}

async function ownerOf(ctx: Context, address: GivenIdentifiers): Promise<User> {
  const holder = newUser(ctx, address, 'pending')
  const [owner] = await findOwners(ctx, holder)
  if (owner !== undefined) return owner
  if ((await insertUser(ctx, holder)) === null) return holder
  // Taken since: another attempt will go through.
  throw new AuthError('unavailable', { retryAfter: 1 })
}

async function findOwners(ctx: Context, user: User): Promise<User[]> {
  const addresses = identifiersOf(user).filter(({ kind }) => kind !== 'username')
  return eachOnce(
    await Promise.all(addresses.map((address) => ctx.store.users.findByIdentifier(address))),
  )
}

function eachOnce(users: readonly (User | null)[]): User[] {
  const known = users.filter((user) => user !== null)
  return [...new Map(known.map((user) => [user.id, user])).values()]
}

async function tellOwner(ctx: Context, owner: User, client: Client): Promise<void> {
  if (owner.status === 'active' && (await mayReachUser(ctx, owner, { client }))) {
    ctx.send({ kind: 'already_registered', to: owner })
  }
  const { id: userId, status } = owner
  ctx.emit({ type: 'user.registration_repeated', userId, status, client })
}

function refuseTakenUsername(taken: IdentifierKind | null): void {
  if (taken !== 'username') return
  throw inputError('/username', 'taken', 'Choose another username.', 'username_taken')
}

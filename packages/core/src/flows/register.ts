import * as z from 'zod'
import type { Context, Settings } from '../context.ts'
import { newId } from '../crypto/random.ts'
import { AuthError, inputError } from '../errors.ts'
import type { Client } from '../events.ts'
import { type GivenIdentifiers, readIdentifiers } from '../identifiers.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { issueOneTimeToken } from '../one-time-tokens.ts'
import { checkNewPassword, newPasswordUnder, passwordSchema } from '../passwords.ts'
import type { IdentifierKind, User } from '../records.ts'
import {
  keepDecoy,
  keepPending,
  newRegistration,
  type Registration,
  reservedBy,
  sendActivation,
} from '../registrations.ts'
import { insertUser, newUser } from '../users.ts'

export const registerInput = once(() =>
  z.strictObject({
    email: z.string().max(320).optional(),
    username: z.string().max(64).optional(),
    password: passwordSchema(),
  }),
)

/** With these settings: the configured identifiers, each required. */
export function registerInputUnder(settings: Settings): z.ZodType {
  const { email, username, ...others } = registerInput().shape
  return z.strictObject({
    ...(settings.identifiers.includes('email') && { email: email.unwrap() }),
    ...(settings.identifiers.includes('username') && { username: username.unwrap() }),
    ...others,
    password: newPasswordUnder(settings),
  })
}

/** What `register` takes: every configured identifier, and a password. */
export type RegisterInput = InputOf<typeof registerInput>

interface Newcomer {
  readonly identifiers: GivenIdentifiers
  readonly passwordHash: string
  readonly client: Client
}

/**
 * Registers an account. Whether the address was free shows in the mail to it and nowhere else (S012). A username that
 * is taken is told with `username_taken`; so that this tells nothing of addresses, a registration whose address is
 * taken holds its username like every other.
 *
 * A crash leaves nothing, or a pending account whose message was not sent: asking for it again goes on. Whoever
 * registers the same address and username again is told that the username is taken, by their own registration.
 */
export async function register(ctx: Context, input: RegisterInput, client: Client): Promise<void> {
  const identifiers = readIdentifiers(ctx, input)
  const { email, username } = identifiers
  const own = [email?.canonical, email?.asTyped, username?.canonical]
  await checkNewPassword(ctx, '/password', input.password, own)
  const newcomer = { identifiers, passwordHash: await ctx.hasher.hash(input.password), client }
  if (ctx.settings.activation === 'none') return registerActive(ctx, newcomer)
  return registerPending(ctx, newcomer)
}

/** Where nothing is proved the account is open at once. That an address is taken shows at the login. */
async function registerActive(ctx: Context, newcomer: Newcomer): Promise<void> {
  const { identifiers, passwordHash, client } = newcomer
  const user = { ...newUser(ctx, identifiers, 'active'), passwordHash }
  const taken = await insertUser(ctx, user)
  refuseTakenUsername(taken)
  if (taken !== null) {
    return ctx.later('telling the owner', async () =>
      tellOwner(ctx, await ownerOf(ctx, identifiers), client),
    )
  }
  ctx.emit({ type: 'user.registered', userId: user.id, client })
}

/** The token comes first: without its user it is worth nothing, and a user is never left without one. */
async function registerPending(ctx: Context, newcomer: Newcomer): Promise<void> {
  const { identifiers, passwordHash, client } = newcomer
  const user = newUser(ctx, identifiers, 'pending')
  const data = newRegistration(ctx, passwordHash, user.username, null)
  const activation = await issueOneTimeToken(ctx, user, { purpose: 'activate', slot: '', data })
  const taken = await insertUser(ctx, user)
  refuseTakenUsername(taken)
  if (taken !== null) return registerAgain(ctx, newcomer)
  ctx.emit({ type: 'user.registered', userId: user.id, client })
  ctx.send({ kind: 'activate', to: user, ...activation })
}

/** Only whether the username is free may show in the answer: all else is done off the response path. */
async function registerAgain(ctx: Context, newcomer: Newcomer): Promise<void> {
  const { identifiers, passwordHash } = newcomer
  const reservation = await reserveUsername(ctx, identifiers)
  const username = reservation?.username ?? null
  const reserved = reservation && reservedBy(reservation)
  const registration = newRegistration(ctx, passwordHash, username, reserved)
  ctx.later('registering an address again', () =>
    keepRegistration(ctx, newcomer, reservation, registration),
  )
}

/** The record of whoever holds the address stays as it is; a pending one lives on. */
async function keepRegistration(
  ctx: Context,
  { identifiers, client }: Newcomer,
  reservation: User | null,
  registration: Registration,
): Promise<void> {
  const slot = newId(ctx.now())
  if (reservation !== null) await keepDecoy(ctx, reservation, slot, registration)
  const owner = await ownerOf(ctx, identifiers)
  if (owner.status === 'pending') {
    await keepPending(ctx, owner)
    await sendActivation(ctx, owner, slot, registration)
  } else {
    await keepDecoy(ctx, owner, slot, registration)
  }
  tellOwner(ctx, owner, client)
}

async function reserveUsername(ctx: Context, identifiers: GivenIdentifiers): Promise<User | null> {
  if (identifiers.username === null) return null
  const reservation = newUser(ctx, { ...identifiers, email: null }, 'pending')
  refuseTakenUsername(await insertUser(ctx, reservation))
  return reservation
}

async function ownerOf(ctx: Context, { email }: GivenIdentifiers): Promise<User> {
  const value = email?.canonical ?? ''
  const owner = await ctx.store.users.findByIdentifier({ kind: 'email', value })
  // Deleted since the insert was refused: another attempt will go through.
  if (owner === null) throw new AuthError('unavailable', { retryAfter: 1 })
  return owner
}

function tellOwner(ctx: Context, owner: User, client: Client): void {
  if (owner.status === 'active') ctx.send({ kind: 'already_registered', to: owner })
  const { id: userId, status } = owner
  ctx.emit({ type: 'user.registration_repeated', userId, status, client })
}

function refuseTakenUsername(taken: IdentifierKind | null): void {
  if (taken !== 'username') return
  throw inputError('/username', 'taken', 'Choose another username.', 'username_taken')
}

import * as z from 'zod'
import { addressOf, addressOn } from './addresses.ts'
import type { Activation, Context } from './context.ts'
import { newId } from './crypto/random.ts'
import type { GivenIdentifiers } from './identifiers.ts'
import type { Address } from './messages.ts'
import { once } from './once.ts'
import { type IssuedOneTimeToken, issueOneTimeToken } from './one-time-tokens.ts'
import type { Channel, Identifier, JsonObject, OneTimeToken, User } from './records.ts'
import { after, DAY } from './time.ts'

const registrationSchema = once(() =>
  z.strictObject({
    passwordHash: z.string(),
    /** Read when it was given. */
    profile: z.custom<JsonObject>((value) => typeof value === 'object'),
    /** What it asked to be known by, from the first: it shows by these and by no others. */
    identifiers: z.strictObject({
      email: z.string().nullable(),
      username: z.string().nullable(),
      phone: z.string().nullable(),
    }),
    /** An address besides, which the account gets when it is proved too. */
    unproved: z
      .strictObject({
        channel: z.enum(['email', 'sms']),
        canonical: z.string(),
        asTyped: z.string(),
      })
      .nullable(),
    /** The name that waits in a user record of its own, because the record of the address existed already. */
    reserved: z
      .strictObject({ userId: z.string(), username: z.string(), usernameAsTyped: z.string() })
      .nullable(),
    /** Until when a login says that it waits (milliseconds since 1970). Sending the message again does not move it. */
    shownUntil: z.int(),
  }),
)

/**
 * What somebody asked for when they registered an address. It travels in the token of that registration and applies
 * when **that** token is used: whoever registers another's address first gains nothing (S021).
 */
export type Registration = z.output<ReturnType<typeof registrationSchema>>

/** What a new account is to be, besides what it is known by from the first. */
export type RegistrationTerms = Pick<Registration, 'passwordHash' | 'profile' | 'unproved'>

/** A registration of this moment, by these identifiers. */
export function newRegistration(
  ctx: Context,
  { email, username, phone }: GivenIdentifiers,
  terms: RegistrationTerms,
  reserved: Registration['reserved'],
): Registration {
  const identifiers = {
    email: email?.canonical ?? null,
    username: username?.canonical ?? null,
    phone: phone?.canonical ?? null,
  }
  const { activation, pendingLifetime } = ctx.settings
  // An administrator takes as long as it takes.
  const shownFor = activation === 'admin' ? pendingLifetime : DAY
  const shownUntil = after(ctx.now(), shownFor).getTime()
  return { ...terms, identifiers, reserved, shownUntil }
}

/** What stands on the record of a new account, and the address that does not before it is proved. */
export interface DividedIdentifiers {
  readonly recorded: GivenIdentifiers
  readonly unproved: Address | null
}

/**
 * Where an address activates, it stands alone on the record that waits. Another one would be held against its owner by
 * whoever named it, and would have to show in the answer if it were taken (S012, S021).
 */
export function divideIdentifiers(
  { settings }: Pick<Context, 'settings'>,
  identifiers: GivenIdentifiers,
): DividedIdentifiers {
  const { email, phone } = identifiers
  if (settings.activation === 'email') {
    const canonical = phone?.canonical
    const unproved =
      canonical === undefined ? null : ({ channel: 'sms', canonical, asTyped: canonical } as const)
    return { recorded: { ...identifiers, phone: null }, unproved }
  }
  if (settings.activation === 'phone') {
    const unproved = email && ({ channel: 'email', ...email } as const)
    return { recorded: { ...identifiers, email: null }, unproved }
  }
  return { recorded: identifiers, unproved: null }
}

/** The username that waits in a user record without an address. */
export function reservedBy(reservation: User): Registration['reserved'] {
  const { id: userId, username, usernameAsTyped } = reservation
  if (username === null || usernameAsTyped === null) return null
  return { userId, username, usernameAsTyped }
}

/** The registration that an activation token carries. */
export function registrationOf({ data, proves }: OneTimeToken): Registration {
  const { username, ...rest } = data
  if (username === undefined) return registrationSchema().parse(data)
  // From before there were phones and profiles: a week after the update there are none left.
  const identifiers = { email: proves, username, phone: null }
  return registrationSchema().parse({ ...rest, identifiers, profile: {}, unproved: null })
}

const activationChannels: Record<Exclude<Activation, 'none'>, Channel | null> = {
  email: 'email',
  phone: 'sms',
  admin: null,
}

/** The address whose proof opens an account that waits; `null` where an administrator opens it, or nobody. */
export function activationAddress(
  { settings }: Pick<Context, 'settings'>,
  user: User,
): Address | null {
  // It waits from a time when accounts did.
  if (settings.activation === 'none') return addressOf(user)
  const channel = activationChannels[settings.activation]
  return channel === null ? null : addressOn(user, channel)
}

/** Where the owner of the account can prove who they are, with the password forgotten; `null` where that opens nothing. */
export function recoveryAddress(ctx: Pick<Context, 'settings'>, user: User): Address | null {
  if (user.status === 'active') return addressOf(user)
  return user.status === 'pending' ? activationAddress(ctx, user) : null
}

/** What activates a registration, and what it says of whoever made it: the message is in their language. */
export type KeptRegistration = IssuedOneTimeToken & Pick<Registration, 'profile'>

/**
 * Keeps a registration for its activation. Only the first registration of an address has a code: with many codes for
 * one account, guessing would pay. Where the address has an owner nobody can ever activate it: it is kept because
 * registering an address and then logging in must look the same whether or not the address was taken (S012).
 */
export async function keepRegistration(
  ctx: Context,
  user: User,
  slot: string,
  registration: Registration,
): Promise<KeptRegistration> {
  const address = activationAddress(ctx, user)
  const request = { purpose: 'activate', slot, data: registration } as const
  const where = address !== null && { address }
  const issued = await issueOneTimeToken(ctx, user, { ...request, ...where })
  return { ...issued, profile: registration.profile }
}

/** Sends what activates the registration in this slot; nothing where an administrator does. */
export function sendActivation(
  ctx: Context,
  user: User,
  slot: string,
  kept: KeptRegistration,
): void {
  const address = activationAddress(ctx, user)
  if (address === null) return
  ctx.send({ kind: slot === '' ? 'activate' : 'activate_again', to: user, address, ...kept })
}

/** Lets a pending account live on for as long as a new one would: a link that is on its way must work. */
export async function keepPending(ctx: Context, user: User): Promise<void> {
  // Who loses this race need not try again: whoever won it has just kept the account alive.
  await ctx.store.users.update(user.id, user.version, { updatedAt: ctx.now() })
}

/** Whether several registrations of the address wait for their activation. */
export async function isContested(ctx: Context, user: User): Promise<boolean> {
  return (await ctx.store.oneTimeTokens.list(user.id, 'activate', ctx.now(), 2)).length > 1
}

// So many registrations of one address are looked through: more than anybody makes who is not guessing.
const MAX_LISTED = 32

/**
 * Whether the password belongs to the newest registration by this identifier that waits for its activation. The store
 * is asked and a password is verified for everybody else too, so that the answer always takes as long.
 */
export async function isAwaitingActivation(
  ctx: Context,
  user: User | null,
  identifier: Identifier | null,
  password: string,
): Promise<boolean> {
  if (ctx.settings.activation === 'none') return false
  const now = ctx.now()
  const userId = user?.id ?? newId(now)
  const waiting = await ctx.store.oneTimeTokens.list(userId, 'activate', now, MAX_LISTED)
  // An identifier shows its own registrations only: another would tell whose address it belongs to.
  const registration = waiting
    .map(registrationOf)
    .find(({ identifiers }) => identifier && identifiers[identifier.kind] === identifier.value)
  const shown = registration !== undefined && now.getTime() < registration.shownUntil
  return (await ctx.hasher.verify(shown ? registration.passwordHash : null, password)).valid
}

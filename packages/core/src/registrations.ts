import * as z from 'zod'
import type { Context } from './context.ts'
import { newId } from './crypto/random.ts'
import { issueOneTimeToken } from './one-time-tokens.ts'
import type { OneTimeToken, User } from './records.ts'
import { after, DAY } from './time.ts'

const registrationSchema = z.strictObject({
  passwordHash: z.string(),
  /** The name that waits in a user record of its own, because the record of the address existed already. */
  reserved: z
    .strictObject({ userId: z.string(), username: z.string(), usernameAsTyped: z.string() })
    .nullable(),
  /** Until when a login says that it waits (milliseconds since 1970). Sending the message again does not move it. */
  shownUntil: z.int(),
})

/**
 * What somebody asked for when they registered an address. It travels in the token of that registration and applies
 * when **that** token is used: whoever registers another's address first gains nothing (S021).
 */
export type Registration = z.output<typeof registrationSchema>

/** A registration of this moment. */
export function newRegistration(
  ctx: Context,
  passwordHash: string,
  reserved: Registration['reserved'],
): Registration {
  return { passwordHash, reserved, shownUntil: after(ctx.now(), DAY).getTime() }
}

/** The record that holds a username for a registration of an address that has an owner already. */
export function reservationFor(owner: User, record: User): User {
  return { ...record, profile: { reservedFor: owner.id } }
}

/** Whose registrations a login with this record is about. */
function ownerIdOf({ id, profile }: User): string {
  return typeof profile.reservedFor === 'string' ? profile.reservedFor : id
}

/** The username that waits in a user record without an address. */
export function reservedBy(reservation: User): Registration['reserved'] {
  const { id: userId, username, usernameAsTyped } = reservation
  if (username === null || usernameAsTyped === null) return null
  return { userId, username, usernameAsTyped }
}

/** The registration that an activation token carries. */
export function registrationOf(token: OneTimeToken): Registration {
  return registrationSchema.parse(token.data)
}

/**
 * Sends the link that activates this registration. Only the first registration of an address has a code too: with
 * many codes for one account, guessing would pay.
 */
export async function sendActivation(
  ctx: Context,
  user: User,
  slot: string,
  registration: Registration,
): Promise<void> {
  const request = { purpose: 'activate', slot, data: registration } as const
  const issued = await issueOneTimeToken(ctx, user, request)
  ctx.send({ kind: 'activate', to: user, ...issued })
}

/**
 * Keeps a registration that can never be activated, because its address has an owner: registering an address and then
 * logging in must look the same whether or not the address was taken (S012).
 */
export async function keepDecoy(
  ctx: Context,
  user: User,
  slot: string,
  registration: Registration,
): Promise<void> {
  await issueOneTimeToken(ctx, user, { purpose: 'activate', slot, data: registration })
}

/**
 * Whether the password belongs to the newest registration that waits for its activation. The store is asked and a
 * password is verified for everybody else too, so that the answer always takes as long.
 */
export async function isAwaitingActivation(
  ctx: Context,
  user: User | null,
  password: string,
): Promise<boolean> {
  const now = ctx.now()
  const userId = user === null ? newId(now) : ownerIdOf(user)
  const [newest] = await ctx.store.oneTimeTokens.list(userId, 'activate', now, 1)
  const registration = newest === undefined ? null : registrationOf(newest)
  const shown = registration !== null && now.getTime() < registration.shownUntil
  return (await ctx.hasher.verify(shown ? registration.passwordHash : null, password)).valid
}

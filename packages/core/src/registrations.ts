import * as z from 'zod'
import type { Context } from './context.ts'
import { newId } from './crypto/random.ts'
import { once } from './once.ts'
import { issueOneTimeToken } from './one-time-tokens.ts'
import type { Identifier, OneTimeToken, User } from './records.ts'
import { after, DAY } from './time.ts'

const registrationSchema = once(() =>
  z.strictObject({
    passwordHash: z.string(),
    /** The username that was asked for. */
    username: z.string().nullable(),
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

/** A registration of this moment. */
export function newRegistration(
  ctx: Context,
  passwordHash: string,
  username: string | null,
  reserved: Registration['reserved'],
): Registration {
  return { passwordHash, username, reserved, shownUntil: after(ctx.now(), DAY).getTime() }
}

/** The username that waits in a user record without an address. */
export function reservedBy(reservation: User): Registration['reserved'] {
  const { id: userId, username, usernameAsTyped } = reservation
  if (username === null || usernameAsTyped === null) return null
  return { userId, username, usernameAsTyped }
}

/** The registration that an activation token carries. */
export function registrationOf(token: OneTimeToken): Registration {
  return registrationSchema().parse(token.data)
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
  ctx.send({ kind: slot === '' ? 'activate' : 'activate_again', to: user, ...issued })
}

/** Lets a pending account live on for as long as a new one would: a link that is on its way must work. */
export async function keepPending(ctx: Context, user: User): Promise<void> {
  // Who loses this race need not try again: whoever won it has just kept the account alive.
  await ctx.store.users.update(user.id, user.version, { updatedAt: ctx.now() })
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

/** Whether several registrations of the address wait for their activation. */
export async function isContested(ctx: Context, user: User): Promise<boolean> {
  return (await ctx.store.oneTimeTokens.list(user.id, 'activate', ctx.now(), 2)).length > 1
}

// So many registrations of one address are looked through: more than anybody makes who is not guessing.
const MAX_LISTED = 32

/**
 * Whether the password belongs to the newest registration of this identifier that waits for its activation. The store
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
  // A username shows its own registration only: another would tell whose address it belongs to.
  const registration = waiting
    .map(registrationOf)
    .find(({ username }) => identifier?.kind === 'email' || username === identifier?.value)
  const shown = registration !== undefined && now.getTime() < registration.shownUntil
  return (await ctx.hasher.verify(shown ? registration.passwordHash : null, password)).valid
}

import * as z from 'zod'
import type { Context } from '../context.ts'
import { newId } from '../crypto/random.ts'
import { AuthError, inputError } from '../errors.ts'
import type { Client } from '../events.ts'
import { type GivenIdentifiers, readIdentifiers } from '../identifiers.ts'
import { checkNewPassword, passwordSchema } from '../passwords.ts'
import type { User } from '../records.ts'
import { keepDecoy, type Registration, sendActivation } from '../registrations.ts'
import { insertUser, newUser } from '../users.ts'

export const registerInput = z.strictObject({
  email: z.string().max(320).optional(),
  username: z.string().max(64).optional(),
  password: passwordSchema,
})

/** What {@link register} takes. */
export type RegisterInput = z.output<typeof registerInput>

/**
 * Registers an account. Whether the address was free shows in the mail to it and nowhere else (S012). A username that
 * is taken is told with `username_taken`; so that this tells nothing of addresses, a registration whose address is
 * taken holds its username as any other does.
 *
 * A crash leaves a pending account without a message; registering again, or asking for the message again, goes on.
 */
export async function register(ctx: Context, input: RegisterInput, client: Client): Promise<void> {
  const identifiers = readIdentifiers(ctx, input)
  await checkNewPassword(ctx, '/password', input.password, [
    identifiers.email?.canonical ?? null,
    identifiers.username?.canonical ?? null,
  ])
  const passwordHash = await ctx.hasher.hash(input.password)
  const user =
    ctx.settings.activation === 'none'
      ? { ...newUser(ctx, identifiers, 'active'), passwordHash }
      : newUser(ctx, identifiers, 'pending')
  const taken = await insertUser(ctx, user)
  if (taken === 'username') throw usernameTaken()
  if (taken !== null) return registerAgain(ctx, identifiers, passwordHash, client)
  ctx.emit({ type: 'user.registered', userId: user.id, client })
  if (hasEmail(user) && user.status === 'pending') {
    await sendActivation(ctx, user, '', { passwordHash, reserved: null })
  }
}

function usernameTaken(): AuthError {
  return inputError('/username', 'taken', 'Choose another username.', 'username_taken')
}

function hasEmail(user: User): user is User & { readonly email: string } {
  return user.email !== null
}

/** The record of whoever holds the address stays as it is. */
async function registerAgain(
  ctx: Context,
  identifiers: GivenIdentifiers,
  passwordHash: string,
  client: Client,
): Promise<void> {
  const reservation = await reserveUsername(ctx, identifiers)
  const registration: Registration = {
    passwordHash,
    reserved: reservation && reservedBy(reservation),
  }
  const owner = await ctx.store.users.findByIdentifier({
    kind: 'email',
    value: identifiers.email?.canonical ?? '',
  })
  // Deleted since the insert was refused: a new attempt will go through.
  if (owner === null || !hasEmail(owner)) throw new AuthError('unavailable', { retryAfter: 1 })
  if (owner.status === 'pending') await sendActivation(ctx, owner, newId(ctx.now()), registration)
  else await keepDecoy(ctx, owner, registration)
  if (reservation !== null) await keepDecoy(ctx, reservation, registration)
  if (owner.status === 'active') ctx.send({ kind: 'already_registered', to: owner })
  const { id: userId, status } = owner
  ctx.emit({ type: 'user.registration_repeated', userId, status, client })
}

async function reserveUsername(ctx: Context, identifiers: GivenIdentifiers): Promise<User | null> {
  if (identifiers.username === null) return null
  const reservation = newUser(ctx, { ...identifiers, email: null }, 'pending')
  if ((await insertUser(ctx, reservation)) !== null) throw usernameTaken()
  return reservation
}

function reservedBy(reservation: User): Registration['reserved'] {
  const { id: userId, username, usernameAsTyped } = reservation
  return username === null || usernameAsTyped === null
    ? null
    : { userId, username, usernameAsTyped }
}

import * as z from 'zod'
import type { Context } from '../context.ts'
import { AuthError, inputError } from '../errors.ts'
import { readIdentifiers } from '../identifiers.ts'
import { type InputOf, rolesSchema } from '../input.ts'
import { once } from '../once.ts'
import { checkNewPassword, passwordSchema } from '../passwords.ts'
import type { User } from '../records.ts'
import { takenField } from '../unique-violation.ts'
import { changeUser, insertUser, newUser } from '../users.ts'

export const createUserInput = once(() =>
  z.strictObject({
    email: z.string().max(320).optional(),
    username: z.string().max(64).optional(),
    password: passwordSchema(),
    roles: rolesSchema().optional(),
  }),
)

/** What `createUser` takes. */
export type CreateUserInput = InputOf<typeof createUserInput>

/**
 * Makes an active account, for the application's own code: a first administrator, a seed, a test. Nothing is sent and
 * no address is proved. An account that waits for its activation is taken over: else a stranger's registration could
 * stand in the way. Throws `email_taken` or `username_taken`, and `invalid_input` as registering does.
 */
export async function createUser(ctx: Context, input: CreateUserInput): Promise<User> {
  const identifiers = readIdentifiers(ctx, input, { trusted: true })
  const { email, username } = identifiers
  const own = [email?.canonical, email?.asTyped, username?.canonical]
  await checkNewPassword(ctx, '/password', input.password, own)
  const user: User = {
    ...newUser(ctx, identifiers, 'active'),
    roles: input.roles ?? [...ctx.settings.defaultRoles],
    passwordHash: await ctx.hasher.hash(input.password),
  }
  const taken = await insertUser(ctx, user)
  const created = taken === null ? user : await takeOver(ctx, user)
  ctx.emit({ type: 'user.created', userId: created.id })
  return created
}

/** The credentials move, so that nothing that was sent to the address opens the account. */
async function takeOver(ctx: Context, wanted: User): Promise<User> {
  const pending = await pendingHolder(ctx, wanted)
  if (pending === null) throw takenError('email')
  const { emailAsTyped, username, usernameAsTyped, roles, passwordHash } = wanted
  try {
    const changed = await changeUser(ctx, pending.id, (current) => {
      if (current.status !== 'pending') throw takenError('email')
      const credentialEpoch = current.credentialEpoch + 1
      const names = { emailAsTyped, username, usernameAsTyped }
      return { status: 'active', ...names, roles, passwordHash, credentialEpoch }
    })
    // Pruned meanwhile: another attempt will go through.
    if (changed === null) throw new AuthError('unavailable', { retryAfter: 1 })
    return changed
  } catch (error) {
    if (takenField(error) === 'username') throw takenError('username')
    throw error
  }
}

/** Who waits under the address. A username alone is nobody's to take over. */
async function pendingHolder(ctx: Context, { email, username }: User): Promise<User | null> {
  const holder =
    email === null ? null : await ctx.store.users.findByIdentifier({ kind: 'email', value: email })
  if (holder === null && username !== null) throw takenError('username')
  return holder?.status === 'pending' ? holder : null
}

function takenError(kind: 'email' | 'username'): AuthError {
  const code = kind === 'email' ? 'email_taken' : 'username_taken'
  return inputError(`/${kind}`, 'taken', `This ${kind} belongs to another account.`, code)
}

import * as z from 'zod'
import type { Context } from '../context.ts'
import { inputError } from '../errors.ts'
import { readIdentifiers } from '../identifiers.ts'
import { checkNewPassword, passwordSchema } from '../passwords.ts'
import type { User } from '../records.ts'
import { insertUser, newUser } from '../users.ts'

export const createUserInput = z.strictObject({
  email: z.string().max(320).optional(),
  username: z.string().max(64).optional(),
  password: passwordSchema,
  roles: z.array(z.string().min(1).max(64)).max(32).optional(),
})

/** What `createUser` takes. */
export type CreateUserInput = z.output<typeof createUserInput>

/**
 * Makes an active account, for the application's own code: a first administrator, a seed, a test. Nothing is sent and
 * no address is proved. Throws `email_taken` or `username_taken`, and `invalid_input` as registering does.
 */
export async function createUser(ctx: Context, input: CreateUserInput): Promise<User> {
  const identifiers = readIdentifiers(ctx, input, { trusted: true })
  const { email, username } = identifiers
  const own = [email?.canonical, email?.asTyped, username?.canonical]
  await checkNewPassword(ctx, '/password', input.password, own)
  const user: User = {
    ...newUser(ctx, identifiers, 'active'),
    roles: input.roles ?? ctx.settings.defaultRoles,
    passwordHash: await ctx.hasher.hash(input.password),
  }
  const taken = await insertUser(ctx, user)
  if (taken !== null) {
    const code = taken === 'email' ? 'email_taken' : 'username_taken'
    throw inputError(`/${taken}`, 'taken', `This ${taken} belongs to another account.`, code)
  }
  ctx.emit({ type: 'user.created', userId: user.id })
  return user
}

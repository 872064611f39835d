import type { Context } from '../context.ts'
import { inputError } from '../errors.ts'
import type { User } from '../records.ts'
import { takenField } from '../unique-violation.ts'
import { newUser } from '../users.ts'
import type { ImportedAccount } from './import-row.ts'
import { patiently } from './patience.ts'

/** Adds the account of a row. Throws `invalid_input` when something of it was taken meanwhile. */
export async function addAccount(ctx: Context, account: ImportedAccount): Promise<void> {
  const { password, passwordHash } = account
  const hash = password === undefined ? null : await patiently(() => ctx.hasher.hash(password))
  try {
    await ctx.store.users.insert(recordOf(ctx, account, passwordHash ?? hash))
  } catch (error) {
    const field = takenField(error)
    if (field === null) throw error
    throw inputError(`/${field}`, 'taken', 'This belongs to another account.')
  }
}

function recordOf(ctx: Context, account: ImportedAccount, passwordHash: string | null): User {
  const { emailVerified, phoneVerified, roles, newProfile: profile } = account
  const user = newUser(ctx, account.identifiers, 'active')
  const now = ctx.now()
  return {
    ...user,
    id: account.id ?? user.id,
    emailVerifiedAt: emailVerified === true && user.email !== null ? now : null,
    phoneVerifiedAt: phoneVerified === true && user.phone !== null ? now : null,
    passwordHash,
    roles: roles === undefined ? user.roles : [...new Set(roles)],
    status: account.status ?? 'active',
    profile,
    createdAt: account.createdAt ?? now,
  }
}

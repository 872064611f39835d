import type { Context } from './context.ts'
import { eraseUser } from './deletion.ts'
import { AuthError } from './errors.ts'
import type { Identifier } from './records.ts'
import { takenField } from './unique-violation.ts'
import { isDueForDeletion } from './users.ts'

const takenCodes = {
  email: 'email_taken',
  phone: 'phone_taken',
  username: 'username_taken',
} as const

const MAX_ATTEMPTS = 5

/**
 * Writes what gives a proved address to an account. Whoever holds it unproved, because they registered it and never
 * opened the account, gives way: else a stranger's registration could keep an owner from their own address. So does an
 * account whose time to be deleted has come. Throws `email_taken` or `phone_taken` for everybody else's.
 */
export async function claimAddress<Written>(
  ctx: Context,
  address: Identifier,
  write: () => Promise<Written>,
): Promise<Written> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    try {
      return await write()
    } catch (error) {
      if (takenField(error) === null) throw error
    }
    await removeHolder(ctx, address)
  }
  throw new AuthError('unavailable', { retryAfter: 1 })
}

async function removeHolder(ctx: Context, address: Identifier): Promise<void> {
  const holder = await ctx.store.users.findByIdentifier(address)
  if (holder === null) return
  await eraseUser(ctx, holder.id, {
    actorId: null,
    reason: 'made_way',
    check(current) {
      const gives = current.status === 'pending' || isDueForDeletion(current, ctx.now())
      if (!gives) throw new AuthError(takenCodes[address.kind])
    },
  })
}

import type { Context } from './context.ts'
import type { Client } from './events.ts'
import { readIdentifier } from './identifiers.ts'
import { limit, limitAddress, limitKey } from './limits.ts'
import type { User } from './records.ts'

/**
 * Counts a guess at a one-time code, before it is compared: by the client's address, and by account, whichever message
 * it came in (S079). Throws `rate_limited`, alike for who has no account.
 */
export async function limitCodes(
  ctx: Context,
  account: User | string,
  client: Client,
): Promise<void> {
  await limitAddress(ctx, 'codesFromAddress', client)
  if (typeof account !== 'string') {
    return limit(ctx, 'codes', account.id, { userId: account.id, client })
  }
  const { kind = 'text', value = account } = readIdentifier(ctx, account) ?? {}
  return limit(ctx, 'codes', limitKey(ctx, kind, value), { client })
}

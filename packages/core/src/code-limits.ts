import type { Context } from './context.ts'
import type { Client } from './events.ts'
import { readIdentifier } from './identifiers.ts'
import { limitAddress, limited, limitKey } from './limits.ts'
import { isKnownThere } from './login-limits.ts'
import type { User } from './records.ts'
import { identifiersOf } from './users.ts'

/**
 * Counts a guess at a one-time code, before it is compared: by the client's address, and by account, whichever message
 * it came in (S079). Throws `rate_limited`, alike for who has no account. Where the owner was logged in before, what
 * others guess elsewhere keeps nobody out (S029): each message has its five attempts all the same.
 */
export async function limitCodes(
  ctx: Context,
  account: User | string,
  client: Client,
): Promise<void> {
  await limitAddress(ctx, 'codesFromAddress', client)
  const { key, identifier, subject } = countedBy(ctx, account)
  const wait = await ctx.limits.count('codes', key)
  if (wait === null || (await isKnownThere(ctx, identifier, client))) return
  throw await limited(ctx, 'codes', key, wait, { ...subject, client })
}

function countedBy(ctx: Context, account: User | string) {
  if (typeof account !== 'string') {
    const [identifier = null] = identifiersOf(account)
    return { key: account.id, identifier, subject: { userId: account.id } }
  }
  const identifier = readIdentifier(ctx, account)
  const { kind, value } = identifier ?? { kind: 'text', value: account }
  return { key: limitKey(ctx, kind, value), identifier, subject: {} }
}

import type { Context } from './context.ts'
import { AuthError } from './errors.ts'
import type { Client } from './events.ts'
import { addressKey, limit, limitAddress, limited, limitKey } from './limits.ts'
import type { Identifier, User } from './records.ts'
import { identifiersOf } from './users.ts'

/** What a login that goes on was counted by, so that it can be forgotten when the login succeeds. */
export interface LoginAttempt {
  readonly accounts: readonly string[]
  readonly client: Client
  /** Whether the account had too many attempts by another of its names. That must look like a wrong password. */
  readonly isBarred: boolean
}

/**
 * Counts a login before any password is looked at: by the client's address, by account and address, and by account.
 * Throws `rate_limited`. Counted is the identifier that was given: so an account that does not exist has the same
 * limits (S026). What is refused here does not count on the record of the account.
 */
export async function beginLogin(
  ctx: Context,
  identifier: Identifier | null,
  text: string,
  client: Client,
): Promise<LoginAttempt> {
  const account = accountKey(ctx, identifier, text)
  const address = await limitAddress(ctx, 'loginsFromAddress', client)
  try {
    await countLogin(ctx, account, client)
    const other = await otherKey(ctx, identifier, account)
    if (other === null) return { accounts: [account], client, isBarred: false }
    const isBarred = await isRefused(countLogin(ctx, other, client))
    return { accounts: [account, other], client, isBarred }
  } catch (error) {
    // Nobody has looked at the password: whoever shares the address pays for no more than was tried.
    if (address !== null) await ctx.limits.giveBack('loginsFromAddress', address)
    throw error
  }
}

/**
 * The key of the identifier that the account is best known by, where it was named by another: whoever guesses by
 * username, phone and address in turn has no more attempts than by one of them (S027). Everybody else costs the same.
 */
async function otherKey(
  ctx: Context,
  identifier: Identifier | null,
  own: string,
): Promise<string | null> {
  if (identifier === null || identifier.kind === firstKind(ctx)) return null
  const user = await ctx.store.users.findByIdentifier(identifier)
  const [first = identifier] = user === null ? [] : identifiersOf(user)
  const account = accountKey(ctx, first, first.value)
  // Somebody else's count, or nobody's: the work is the same.
  return account === own ? `${own}:again` : account
}

/** Told as it is, it would say that two names belong to one account, and so that there is one (S023). */
async function isRefused(counting: Promise<void>): Promise<boolean> {
  try {
    await counting
    return false
  } catch (error) {
    if (error instanceof AuthError && error.code === 'rate_limited') return true
    throw error
  }
}

/** Forgets the attempts of this client that failed before, and knows its address from now on. */
export async function endLogin(ctx: Context, { accounts, client }: LoginAttempt): Promise<void> {
  const address = addressKey(ctx, client)
  if (address !== null) await ctx.limits.giveBack('loginsFromAddress', address)
  for (const account of accounts) {
    await ctx.limits.clear('logins', pairOf(account, address))
    await ctx.limits.giveBack('loginsOfAccount', account)
    await ctx.limits.know(pairOf(account, address))
  }
}

/** Whoever has chosen a password by a link or code logs in next, whatever was guessed meanwhile. */
export async function welcomeOwner(ctx: Context, user: User, client: Client): Promise<void> {
  const address = addressKey(ctx, client)
  for (const identifier of identifiersOf(user)) {
    const pair = pairOf(accountKey(ctx, identifier, identifier.value), address)
    await ctx.limits.clear('logins', pair)
    await ctx.limits.know(pair)
  }
}

/** Whether the account that is best known by this identifier was logged in to from there within 24 days. */
export async function isKnownThere(
  ctx: Context,
  identifier: Identifier | null,
  client: Client,
): Promise<boolean> {
  const address = addressKey(ctx, client)
  if (identifier === null || address === null) return false
  return ctx.limits.isKnown(pairOf(accountKey(ctx, identifier, identifier.value), address))
}

/** The count of the pair comes first: what it refuses does not count against the account (S029). */
async function countLogin(ctx: Context, account: string, client: Client): Promise<void> {
  const pair = pairOf(account, addressKey(ctx, client))
  await limit(ctx, 'logins', pair, { client })
  const wait = await ctx.limits.count('loginsOfAccount', account)
  // Whoever logged in from there before is not kept out by what others do elsewhere.
  if (wait === null || (await ctx.limits.isKnown(pair))) return
  await ctx.limits.giveBack('logins', pair)
  throw await limited(ctx, 'loginsOfAccount', account, wait, { client })
}

function accountKey(ctx: Context, identifier: Identifier | null, text: string): string {
  return identifier === null
    ? limitKey(ctx, 'text', text)
    : limitKey(ctx, identifier.kind, identifier.value)
}

function pairOf(account: string, address: string | null): string {
  return `${account}:${address ?? 'anywhere'}`
}

/** In the order of `identifiersOf`. */
function firstKind({ settings }: Context) {
  return (['email', 'phone', 'username'] as const).find((kind) =>
    settings.identifiers.includes(kind),
  )
}

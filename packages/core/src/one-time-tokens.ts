import * as z from 'zod'
import { addressOf } from './addresses.ts'
import { limitCodes } from './code-limits.ts'
import type { Context, DerivedKeys, Settings } from './context.ts'
import { equalInConstantTime, mac, sha256 } from './crypto/digest.ts'
import { newId, randomDigits, randomToken } from './crypto/random.ts'
import { AuthError, inputError } from './errors.ts'
import type { Client } from './events.ts'
import type { Address } from './messages.ts'
import { once } from './once.ts'
import type { Channel, JsonObject, OneTimeToken, TokenPurpose, User } from './records.ts'
import { after, DAY, HOUR, MINUTE, type Seconds } from './time.ts'
import { findUser } from './users.ts'

interface Terms {
  readonly linkLifetime: (settings: Settings) => Seconds
  /** How many digits the code has, `null` for no code. */
  readonly codeDigits: number | null
}

// NIST SP 800-63B-4, sections 3.1.3.2 and 4.2.1.2; OWASP Forgot Password Cheat Sheet.
const terms: Record<TokenPurpose, Terms> = {
  // An administrator takes as long as it takes.
  activate: {
    linkLifetime: ({ activation, pendingLifetime }) =>
      activation === 'admin' ? pendingLifetime : DAY,
    codeDigits: 6,
  },
  reset_password: { linkLifetime: () => 30 * MINUTE, codeDigits: 8 },
  change_email: { linkLifetime: () => HOUR, codeDigits: 6 },
  undo_email_change: { linkLifetime: ({ undoWindow }) => undoWindow, codeDigits: null },
  change_phone: { linkLifetime: () => HOUR, codeDigits: 6 },
  invite: { linkLifetime: ({ pendingLifetime }) => pendingLifetime, codeDigits: null },
}

// NIST SP 800-63B-4, section 3.1.3.2, allows for 10 minutes.
const codeLifetime: Record<Channel, Seconds> = { email: 10 * MINUTE, sms: 5 * MINUTE }

// ASVS 5.0, 6.6.3: guessing a code of six digits succeeds once in 200,000 tries of five.
const ATTEMPTS = 5
const LINK_TOKEN = /^[A-Za-z0-9_-]{43}$/
const CODE = /^\d{6,8}$/

/** What a new token is for. */
export interface OneTimeTokenRequest {
  readonly purpose: TokenPurpose
  /** Where it stands beside others of its user and purpose; `''` is the only slot with a code. */
  readonly slot: string
  readonly data: JsonObject
  /** What it proves and where it is sent, in place of the user's own address. */
  readonly address?: Address
  /** The secret of its link, where that must come out the same if it is made again. 256 bit, base64url. */
  readonly token?: string
}

/** The secrets of a new token, for the message and nowhere else. */
export interface IssuedOneTimeToken {
  readonly token: string
  readonly code?: string
  readonly expiresAt: Date
  readonly codeExpiresAt?: Date
}

/**
 * Stores a token that proves an address, the user's own unless the request names another, in place of the one before,
 * and resolves its secrets. For a user without an address it proves nothing, and is void.
 */
export async function issueOneTimeToken(
  ctx: Context,
  user: User,
  request: OneTimeTokenRequest,
): Promise<IssuedOneTimeToken> {
  const now = ctx.now()
  const { address = addressOf(user), token = randomToken(32), purpose, slot, data } = request
  const channel = address?.channel ?? 'email'
  const { linkLifetime, codeDigits } = terms[purpose]
  const code = slot === '' && codeDigits !== null ? randomDigits(codeDigits) : null
  const expiresAt = after(now, linkLifetime(ctx.settings))
  const codeExpiresAt = after(now, codeLifetime[channel])
  const attemptsLeft = await ctx.store.oneTimeTokens.put({
    purpose,
    slot,
    data,
    id: newId(now),
    userId: user.id,
    channel,
    linkHash: sha256(token),
    codeHash: code === null ? null : codeHash(ctx.keys.current, user.id, purpose, code),
    codeExpiresAt: code === null ? null : codeExpiresAt,
    attemptsLeft: ATTEMPTS,
    proves: address?.canonical ?? '',
    credentialEpoch: user.credentialEpoch,
    createdAt: now,
    expiresAt,
  })
  // A code that cannot work is not sent: asking for the message again gives no new attempts.
  const usable = code !== null && attemptsLeft > 0
  return usable ? { token, expiresAt, code, codeExpiresAt } : { token, expiresAt }
}

/** The members of an input that prove who reads a mailbox: `token`, or `identifier` and `code`. */
export const proofMembers = once(() => ({
  token: z
    .string()
    .max(256)
    .optional()
    .meta({ description: 'From the link in the message. Give it, or identifier and code.' }),
  identifier: z
    .string()
    .max(320)
    .optional()
    .meta({ description: 'Of the account, together with the code.' }),
  code: z.string().max(16).optional().meta({ description: 'From the message.' }),
}))

/** The two ways to prove it, as they can be told by a schema, with what else an input has: for the description of routes. */
export function eitherProof(others: z.ZodRawShape = {}): z.ZodType {
  const { token, identifier, code } = proofMembers()
  return z.union([
    z.strictObject({ token: token.unwrap(), ...others }),
    z.strictObject({ identifier: identifier.unwrap(), code: code.unwrap(), ...others }),
  ])
}

type Proof = { readonly [Member in keyof ReturnType<typeof proofMembers>]?: string | undefined }

/**
 * The live token that a link or a code stands for, left in place. A code costs one of the attempts, right or wrong. Throws `invalid_one_time_token` for everything else.
 */
export async function findByProof(
  ctx: Context,
  purpose: TokenPurpose,
  { token, identifier, code }: Proof,
  client: Client,
): Promise<OneTimeToken> {
  const byLink = token !== undefined && identifier === undefined && code === undefined
  const byCode = token === undefined && identifier !== undefined && code !== undefined
  if (!byLink && !byCode) {
    throw inputError('', 'proof_required', 'Give either "token", or "identifier" and "code".')
  }
  const found = byLink
    ? await findByLink(ctx, purpose, token)
    : await findByCode(ctx, purpose, identifier ?? '', code ?? '', client)
  if (found === null) throw new AuthError('invalid_one_time_token')
  return found
}

/** The live token that a link stands for, left in place; `null` for every other text. */
export async function findByLink(
  ctx: Context,
  purpose: TokenPurpose,
  token: string,
): Promise<OneTimeToken | null> {
  if (!LINK_TOKEN.test(token)) return null
  return ctx.store.oneTimeTokens.find(sha256(token), purpose, ctx.now())
}

async function findByCode(
  ctx: Context,
  purpose: TokenPurpose,
  identifier: string,
  code: string,
  client: Client,
): Promise<OneTimeToken | null> {
  if (!CODE.test(code)) return null
  const user = await findUser(ctx, identifier)
  await limitCodes(ctx, identifier, client)
  return findByCodeOf(ctx, purpose, user, code, client)
}

/**
 * The live token of the user that a code stands for, left in place; `null` for every other code. Costs one of the
 * attempts. Without a user the store is asked all the same, so that the answer takes as long.
 */
export async function findByCodeOf(
  ctx: Context,
  purpose: TokenPurpose,
  user: User | null,
  code: string,
  client: Client,
): Promise<OneTimeToken | null> {
  if (!CODE.test(code)) return null
  const userId = user?.id ?? newId(ctx.now())
  const stored = await ctx.store.oneTimeTokens.tryCode(userId, purpose, ctx.now())
  const expected = stored?.codeHash ?? ''
  const matches = ctx.keys.all
    .map((keys) => codeHash(keys, userId, purpose, code))
    .some((hash) => equalInConstantTime(hash, expected))
  if (matches) return stored
  if (user !== null) ctx.emit({ type: 'one_time_code.refused', purpose, userId, client })
  return null
}

/**
 * Removes a token that was used, off the response path. What makes it single-use is the change of the user that it
 * allowed: that moves the credentials, and the token is void whether or not it is removed.
 */
export function removeUsedToken(ctx: Context, { linkHash, purpose }: OneTimeToken): void {
  ctx.later('removing a used token', () =>
    ctx.store.oneTimeTokens.take(linkHash, purpose, ctx.now()),
  )
}

// More than anybody has who is not guessing. Those beyond go when they expire.
const MAX_REMOVED = 100

/**
 * Removes what a user was sent before the credentials became these, and with it the addresses that it holds, off the
 * response path. What is sent meanwhile stays.
 */
export function removeOlderTokens(ctx: Context, { id, credentialEpoch }: User): void {
  ctx.later('removing the older tokens of a user', async () => {
    const now = ctx.now()
    for (const purpose of Object.keys(terms) as TokenPurpose[]) {
      const tokens = await ctx.store.oneTimeTokens.list(id, purpose, now, MAX_REMOVED)
      const older = tokens.filter((token) => token.credentialEpoch < credentialEpoch)
      for (const { linkHash } of older) await ctx.store.oneTimeTokens.take(linkHash, purpose, now)
    }
  })
}

/** A token is void once the credentials moved, or once the address that it proves is no longer the user's. */
export function isVoid(token: OneTimeToken, user: User): boolean {
  const address = token.channel === 'email' ? user.email : user.phone
  return token.credentialEpoch !== user.credentialEpoch || token.proves !== address
}

function codeHash(keys: DerivedKeys, userId: string, purpose: TokenPurpose, code: string): string {
  return mac(keys.code, purpose, userId, code)
}

import * as z from 'zod'
import type { Context, DerivedKeys } from './context.ts'
import { equalInConstantTime, mac, sha256 } from './crypto/digest.ts'
import { newId, randomDigits, randomToken } from './crypto/random.ts'
import { AuthError, inputError } from './errors.ts'
import type { Client } from './events.ts'
import { once } from './once.ts'
import type { JsonObject, OneTimeToken, TokenPurpose, User } from './records.ts'
import { after, DAY, MINUTE, type Seconds } from './time.ts'
import { findUser } from './users.ts'

interface Terms {
  readonly linkLifetime: Seconds
  readonly codeLifetime: Seconds
  readonly codeDigits: number
}

// NIST SP 800-63B-4, sections 3.1.3.2 and 4.2.1.2; OWASP Forgot Password Cheat Sheet.
const terms: Record<TokenPurpose, Terms> = {
  activate: { linkLifetime: DAY, codeLifetime: 10 * MINUTE, codeDigits: 6 },
  reset_password: { linkLifetime: 30 * MINUTE, codeLifetime: 10 * MINUTE, codeDigits: 8 },
}

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
}

/** The secrets of a new token, for the message and nowhere else. */
export interface IssuedOneTimeToken {
  readonly token: string
  readonly code?: string
  readonly expiresAt: Date
  readonly codeExpiresAt?: Date
}

/**
 * Stores a token that proves the user's e-mail address, in place of the one before, and resolves its secrets. For a
 * user without an address it proves nothing, and is void.
 */
export async function issueOneTimeToken(
  ctx: Context,
  user: User,
  request: OneTimeTokenRequest,
): Promise<IssuedOneTimeToken> {
  const now = ctx.now()
  const { linkLifetime, codeLifetime, codeDigits } = terms[request.purpose]
  const token = randomToken(32)
  const code = request.slot === '' ? randomDigits(codeDigits) : null
  const expiresAt = after(now, linkLifetime)
  const codeExpiresAt = after(now, codeLifetime)
  const attemptsLeft = await ctx.store.oneTimeTokens.put({
    ...request,
    id: newId(now),
    userId: user.id,
    channel: 'email',
    linkHash: sha256(token),
    codeHash: code === null ? null : codeHash(ctx.keys.current, user.id, request.purpose, code),
    codeExpiresAt: code === null ? null : codeExpiresAt,
    attemptsLeft: ATTEMPTS,
    proves: user.email ?? '',
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

async function findByLink(
  ctx: Context,
  purpose: TokenPurpose,
  token: string,
): Promise<OneTimeToken | null> {
  if (!LINK_TOKEN.test(token)) return null
  return ctx.store.oneTimeTokens.find(sha256(token), purpose, ctx.now())
}

/** Without a user the store is asked all the same, so that the answer takes as long. */
async function findByCode(
  ctx: Context,
  purpose: TokenPurpose,
  identifier: string,
  code: string,
  client: Client,
): Promise<OneTimeToken | null> {
  if (!CODE.test(code)) return null
  const user = await findUser(ctx, identifier)
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

/** A token is void once the credentials moved, or once the address that it proves is no longer the user's. */
export function isVoid(token: OneTimeToken, user: User): boolean {
  return token.credentialEpoch !== user.credentialEpoch || token.proves !== user.email
}

function codeHash(keys: DerivedKeys, userId: string, purpose: TokenPurpose, code: string): string {
  return mac(keys.code, purpose, userId, code)
}

import { KeyObject } from 'node:crypto'
import { CompactSign, compactVerify } from 'jose'
import * as z from 'zod'
import type { AccessKey, Context, Settings, SigningAccessKey } from '../context.ts'
import { equalInConstantTime, mac } from '../crypto/digest.ts'
import { randomToken } from '../crypto/random.ts'
import { AuthError } from '../errors.ts'
import { once } from '../once.ts'
import type { Session, User } from '../records.ts'
import { after, earlier, HOUR, numericDate, type Seconds } from '../time.ts'
import { hasLowS, withLowS } from './low-s.ts'

/** No token lives longer, whatever it says; revocations must be remembered for this long (S044). */
export const ACCESS_TOKEN_CAP: Seconds = HOUR

// Ours are about 500 bytes long. Checked before anything is decoded (S048).
const MAX_LENGTH = 4096
// A signature has 32 bytes, or 64 where the key has two parts.
const COMPACT = /^[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43}(?:[A-Za-z0-9_-]{43})?)$/

const claimsSchema = once(() =>
  z.strictObject({
    iss: z.string(),
    aud: z.string(),
    sub: z.string().min(1),
    sid: z.string().min(1),
    gen: z.int().min(1),
    epoch: z.int().min(0),
    cv: z.int().min(0),
    roles: z.array(z.string()),
    auth_time: z.int().min(0),
    amr: z.array(z.string()),
    act: z.strictObject({ sub: z.string().min(1) }).optional(),
    iat: z.int().min(0),
    exp: z.int().min(0),
    jti: z.string().min(1),
  }),
)

/** The claims of an access token (RFC 9068, section 2.2, and ours). None of them is personal data. */
export type AccessClaims = z.output<ReturnType<typeof claimsSchema>>

/** An access token, and how many seconds it lives. */
export interface AccessToken {
  readonly token: string
  readonly expiresIn: Seconds
}

/** Signs an access token for the session. It never outlives the session's idle or absolute limit. */
export async function signAccessToken(
  ctx: Context,
  session: Session,
  user: User,
): Promise<AccessToken> {
  const now = ctx.now()
  const limit = earlier(session.idleExpiresAt, session.absoluteExpiresAt)
  const iat = numericDate(now)
  const exp = numericDate(earlier(after(now, ctx.settings.accessTokenLifetime), limit))
  const claims: AccessClaims = {
    iss: ctx.settings.issuer,
    aud: ctx.settings.audience,
    sub: user.id,
    sid: session.id,
    gen: session.generation,
    epoch: session.credentialEpoch,
    cv: user.claimsVersion,
    roles: [...user.roles],
    auth_time: numericDate(session.authTime),
    amr: [...session.amr],
    ...(session.actorId !== null && { act: { sub: session.actorId } }),
    iat,
    exp,
    jti: randomToken(16),
  }
  const token = await sign(Buffer.from(JSON.stringify(claims)), ctx.keys.access().current)
  return { token, expiresIn: exp - iat }
}

/**
 * The payload as a compact JWS (RFC 7515, section 7.1). A MAC takes 5 µs here and 60 on the way through the thread pool,
 * where passwords are hashed besides.
 */
async function sign(payload: Buffer, key: SigningAccessKey): Promise<string> {
  const { header, segment, signs } = key
  if (signs instanceof KeyObject) {
    const input = `${segment}.${payload.toString('base64url')}`
    return `${input}.${mac(signs, input)}`
  }
  const token = await new CompactSign(payload).setProtectedHeader(header).sign(signs)
  return header.alg === 'ES256' ? withLowS(token) : token
}

/** The claims of a live access token of ours. Every other string throws `invalid_token`, whatever is wrong with it. */
export async function verifyAccessToken(ctx: Context, token: string): Promise<AccessClaims> {
  const claims = await verifyIgnoringExpiry(ctx, token)
  if (claims.exp <= ctx.now().getTime() / 1000) throw new AuthError('invalid_token')
  return claims
}

/** Like {@link verifyAccessToken}, for logout: an access token that has expired still says whose it was. */
export async function verifyIgnoringExpiry(ctx: Context, token: string): Promise<AccessClaims> {
  const key = keyOf(ctx, token)
  if (key === undefined) throw new AuthError('invalid_token')
  const payload = await payloadOf(token, key)
  const claims = payload === null ? null : parseClaims(payload)
  if (claims === null || !isOurs(claims, ctx.settings, ctx.now())) {
    throw new AuthError('invalid_token')
  }
  return claims
}

/**
 * Only a header that we write ourselves, byte for byte, names a key: no algorithm, `jwk`, `crit`, `b64` or `zip` is
 * ever read from a token (S038–S042, S045). The segments must be canonical base64url: jose alone also takes padding,
 * white space and other spellings of the last character (S043). Of the two signatures that ES256 has for each one is
 * taken, the one that we write.
 */
function keyOf(ctx: Context, token: string): AccessKey | undefined {
  if (typeof token !== 'string' || token.length > MAX_LENGTH) return undefined
  const segments = COMPACT.exec(token)
  if (segments === null || !segments.slice(1).every(isCanonical)) return undefined
  const header = token.slice(0, token.indexOf('.'))
  const key = ctx.keys.access().all.find(({ segment }) => segment === header)
  return key?.header.alg === 'ES256' && !hasLowS(token) ? undefined : key
}

function isCanonical(segment: string): boolean {
  return Buffer.from(segment, 'base64url').toString('base64url') === segment
}

/** What the token says, if its signature is one of this key. */
async function payloadOf(
  token: string,
  { header, verifies }: AccessKey,
): Promise<Uint8Array | null> {
  if (verifies instanceof KeyObject) {
    const end = token.lastIndexOf('.')
    const input = token.slice(0, end)
    if (!equalInConstantTime(token.slice(end + 1), mac(verifies, input))) return null
    return Buffer.from(input.slice(input.indexOf('.') + 1), 'base64url')
  }
  try {
    return (await compactVerify(token, verifies, { algorithms: [header.alg] })).payload
  } catch {
    return null
  }
}

function parseClaims(payload: Uint8Array): AccessClaims | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload)
    const value: unknown = JSON.parse(text)
    // We write no white space and no member twice: what reads back otherwise is not ours (S049).
    if (JSON.stringify(value) !== text) return null
    return claimsSchema().safeParse(value).data ?? null
  } catch {
    return null
  }
}

function isOurs(claims: AccessClaims, settings: Settings, now: Date): boolean {
  const lifetime = claims.exp - claims.iat
  return (
    claims.iss === settings.issuer &&
    claims.aud === settings.audience &&
    lifetime > 0 &&
    lifetime <= ACCESS_TOKEN_CAP &&
    claims.iat <= numericDate(now) + settings.clockTolerance
  )
}

import { createHmac, type KeyObject } from 'node:crypto'
import type { AccessKeys, Context, Settings } from '../../src/context.ts'
import type { Session, User } from '../../src/records.ts'
import { type FakeClock, fakeClock } from '../../src/testing/fake-clock.ts'
import { keysOf } from '../../src/tokens/keys.ts'

export const SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'
export const OTHER_SECRET = 'another-secret-for-tests-9876543210-zyxwv'

const settings = {
  issuer: 'https://app.example',
  audience: 'https://app.example',
  accessTokenLifetime: 600,
  idleLifetime: 7 * 86_400,
  absoluteLifetime: 30 * 86_400,
  clockTolerance: 5,
} satisfies Partial<Settings>

/** A context of which only what tokens need exists, and its clock. */
export interface TokenContext {
  readonly ctx: Context
  readonly clock: FakeClock
}

/** A context for tokens: settings, keys and time. Whoever asks for anything else gets an exception. */
export function tokenContext(
  changes: Partial<Settings> = {},
  secrets: readonly [string, ...string[]] = [SECRET],
  signing: AccessKeys | null = null,
): TokenContext {
  const clock = fakeClock()
  const known = {
    settings: { ...settings, ...changes },
    keys: keysOf(secrets, signing),
    now: clock.now,
  }
  const ctx = new Proxy(known, {
    get(target, name) {
      if (Reflect.has(target, name)) return Reflect.get(target, name)
      throw new Error(`a token has no business with ctx.${String(name)}`)
    },
  })
  return { ctx: ctx as unknown as Context, clock }
}

/** A session opened at the start of the fake clock. */
export function session(changes: Partial<Session> = {}): Session {
  const start = new Date('2030-01-01T00:00:00Z')
  const days = (count: number) => new Date(start.getTime() + count * 86_400_000)
  return {
    id: '0195f0a0-0000-7000-8000-000000000001',
    userId: '0195f0a0-0000-7000-8000-0000000000aa',
    salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    generation: 1,
    parentGeneration: null,
    recent: [],
    confirmedGeneration: 0,
    burntBelow: 0,
    credentialEpoch: 0,
    authTime: start,
    amr: ['pwd'],
    actorId: null,
    actorSessionId: null,
    device: { name: 'phone', userAgent: 'a browser', ip: '192.0.2.7' },
    createdAt: start,
    lastSeenAt: start,
    idleExpiresAt: days(7),
    absoluteExpiresAt: days(30),
    revokedAt: null,
    revokedReason: null,
    ...changes,
  }
}

/** The user of {@link session}, with everything personal that a user may have. */
export function user(changes: Partial<User> = {}): User {
  const start = new Date('2030-01-01T00:00:00Z')
  return {
    id: '0195f0a0-0000-7000-8000-0000000000aa',
    email: 'ada@example.com',
    emailAsTyped: 'Ada@example.com',
    emailVerifiedAt: start,
    username: 'ada',
    usernameAsTyped: 'Ada',
    phone: '+12025550100',
    phoneVerifiedAt: start,
    passwordHash: '$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA',
    roles: ['user'],
    status: 'active',
    credentialEpoch: 0,
    claimsVersion: 0,
    failedLogins: 0,
    lockedUntil: null,
    leavingAdmin: false,
    deleteAfter: null,
    profile: { nickname: 'countess' },
    createdAt: start,
    updatedAt: start,
    version: 1,
    ...changes,
  }
}

/** HKDF-SHA-256 as RFC 5869 writes it, without salt, by nothing but HMAC. At most 32 bytes. */
export function hkdf(secret: string, info: string, length: number): Buffer {
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(secret).digest()
  const expanded = createHmac('sha256', extracted)
    .update(info)
    .update(Buffer.from([1]))
    .digest()
  return expanded.subarray(0, length)
}

/** What signs access tokens under the secret. */
export function accessSecret(secret: string = SECRET): Buffer {
  return hkdf(secret, 'latchkey/1 access token', 32)
}

export function base64url(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64url')
}

/** Signs whatever it is given as a compact JWS: header and payload are texts, so that they can be anything. */
export function signed(
  header: string,
  payload: string | Uint8Array,
  key: Uint8Array | KeyObject | string = accessSecret(),
  hash: 'sha256' | 'sha384' | 'sha512' = 'sha256',
): string {
  const input = `${base64url(header)}.${base64url(payload)}`
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`
}

import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { AccessKey, DerivedKeys, Keys } from '../context.ts'

/** Derives the keys of all secrets by HKDF-SHA-256 (RFC 5869): one key per purpose, so that no token passes for another. */
export function deriveKeys(secrets: readonly [string, ...string[]]): Keys {
  const [current, ...previous] = secrets
  const first = deriveFrom(current)
  return { current: first, all: [first, ...previous.map(deriveFrom)] }
}

function deriveFrom(secret: string): DerivedKeys {
  const id = expand(secret, 'key id', 9).toString('base64url')
  return {
    id,
    access: accessKey(id, keyFor(secret, 'access token')),
    refresh: keyFor(secret, 'refresh token'),
    code: keyFor(secret, 'one-time code'),
  }
}

function accessKey(kid: string, secret: KeyObject): AccessKey {
  const header = { alg: 'HS256', typ: 'at+jwt', kid } as const
  return {
    header,
    segment: Buffer.from(JSON.stringify(header)).toString('base64url'),
    key: secret.toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']),
  }
}

/** A KeyObject, not bytes: neither `console.log` nor `JSON.stringify` shows what it holds. */
function keyFor(secret: string, purpose: string): KeyObject {
  return createSecretKey(expand(secret, purpose, 32))
}

function expand(secret: string, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `latchkey/1 ${purpose}`, length))
}

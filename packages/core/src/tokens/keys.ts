import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { AccessKey, AccessKeys, DerivedKeys, Keys, SigningAccessKey } from '../context.ts'

/** Secrets, the current one first. */
export type Secrets = readonly [string, ...string[]]

/**
 * The keys of an installation. Those of access tokens are derived from the secrets too, unless there are others: never
 * both (S039).
 */
export function keysOf(secrets: Secrets, signing: AccessKeys | null = null): Keys {
  const [current, ...previous] = secrets
  const first = deriveFrom(current)
  let access = signing ?? hmacKeys(secrets)
  return {
    current: first,
    all: [first, ...previous.map(deriveFrom)],
    access: () => access,
    replaceAccess(keys) {
      access = keys
    },
  }
}

/** A key of access tokens, with the header that it signs and verifies. */
export function accessKey(
  alg: AccessKey['header']['alg'],
  kid: string,
  verifies: AccessKey['verifies'],
): AccessKey {
  const header = { alg, typ: 'at+jwt', kid } as const
  const segment = Buffer.from(JSON.stringify(header)).toString('base64url')
  return { header, segment, verifies }
}

/** Derives by HKDF-SHA-256 (RFC 5869): one key per purpose, so that no token passes for another. */
function deriveFrom(secret: string): DerivedKeys {
  return {
    id: idOf(secret),
    refresh: keyFor(secret, 'refresh token'),
    csrf: keyFor(secret, 'csrf token'),
    code: keyFor(secret, 'one-time code'),
    limit: keyFor(secret, 'limit'),
  }
}

function hmacKeys([current, ...previous]: Secrets): AccessKeys {
  const first = hmacKey(current)
  return { current: first, all: [first, ...previous.map(hmacKey)], published: [] }
}

function hmacKey(secret: string): SigningAccessKey {
  const key = keyFor(secret, 'access token')
  return { ...accessKey('HS256', idOf(secret), key), signs: key }
}

function idOf(secret: string): string {
  return expand(secret, 'key id', 9).toString('base64url')
}

/** A KeyObject, not bytes: neither `console.log` nor `JSON.stringify` shows what it holds. */
function keyFor(secret: string, purpose: string): KeyObject {
  return createSecretKey(expand(secret, purpose, 32))
}

function expand(secret: string, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `latchkey/1 ${purpose}`, length))
}

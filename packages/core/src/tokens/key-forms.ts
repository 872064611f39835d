import { createPrivateKey, createPublicKey } from 'node:crypto'
import { algorithmOf } from './public-jwk.ts'

/** Says what is wrong with a key, and what to do. */
export type Refuse = (remedy: string) => never

/** The members of a JWK that make the key, and no other. */
export interface KeyParts {
  readonly kty: 'OKP' | 'EC'
  readonly crv: 'Ed25519' | 'P-256'
  readonly x: string
  readonly y?: string
  /** The private part, where there is one. */
  readonly d?: string
}

/** What is said of parts that make no key. */
export const NO_KEY = 'is no key: its parts have the wrong form, or do not belong together'

/** How to get another one, with and without our command line. */
export const REMEDY =
  'make one with "latchkey keys generate" or "openssl genpkey -algorithm ed25519"'

/** Reads a JWK, as an object or as JSON, or PEM: PKCS#8, and SPKI for a public key. */
export function readKey(given: string | object | undefined, refuse: Refuse): KeyParts {
  if (given === undefined) return refuse(`is missing (is its variable set?): ${REMEDY}`)
  return readJwk(typeof given === 'string' ? parse(given.trim(), refuse) : given, refuse)
}

function parse(text: string, refuse: Refuse): object {
  if (text.startsWith('-----BEGIN ')) return readPem(text, refuse)
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // What is no JSON is refused like JSON that is no object.
  }
  return refuse(`must be a private JWK, or PEM: ${REMEDY}`)
}

function readPem(text: string, refuse: Refuse): object {
  // Some files of variables cannot hold line breaks and write them as two characters.
  const pem = text.replaceAll('\\n', '\n')
  try {
    if (pem.startsWith('-----BEGIN PRIVATE KEY-----')) {
      return createPrivateKey(pem).export({ format: 'jwk' })
    }
    if (pem.startsWith('-----BEGIN PUBLIC KEY-----')) {
      return createPublicKey(pem).export({ format: 'jwk' })
    }
  } catch {
    return refuse(`cannot be read: ${REMEDY}`)
  }
  return refuse('must be PKCS#8 without a password: convert it by "openssl pkcs8 -topk8 -nocrypt"')
}

function readJwk(jwk: object, refuse: Refuse): KeyParts {
  const { kty, crv, x, y, d, alg, use, key_ops }: Partial<Record<string, unknown>> = { ...jwk }
  const known = algorithmOf(kty, crv)
  if (known === null) {
    return refuse(
      `must be a key on Ed25519 or P-256, not a secret, RSA, or another curve: ${REMEDY}`,
    )
  }
  if (alg !== undefined && alg !== known) {
    return refuse(`says that it is for another "alg" than "${known}", under which it signs here`)
  }
  if (use !== undefined && use !== 'sig') {
    return refuse('says by "use" that it is for something else than signatures')
  }
  if (key_ops !== undefined && !allows(key_ops, d === undefined ? 'verify' : 'sign')) {
    return refuse('says by "key_ops" that it is for something else than signatures')
  }
  const parts = { kty, crv, x, ...(known === 'ES256' && { y }), ...(d !== undefined && { d }) }
  if (Object.values(parts).some((part) => typeof part !== 'string' || part.length > 64)) {
    return refuse(NO_KEY)
  }
  // All of them are strings, and `algorithmOf` knows these two.
  return parts as KeyParts
}

function allows(operations: unknown, needed: 'sign' | 'verify'): boolean {
  return (
    Array.isArray(operations) &&
    operations.includes(needed) &&
    operations.every((operation) => operation === 'sign' || operation === 'verify')
  )
}

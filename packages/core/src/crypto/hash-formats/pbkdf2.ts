import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { fromBase64, type HashFormat, type StoredHash } from './stored-hash.ts'

// OWASP asks for at most 1.3 million, and Django raises its 1.2 million with every release; up to about a second (S009).
const MAX_ITERATIONS = 3_000_000
// Another length would be another number of blocks, and multiply the work.
const KEY_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 }

const derive = promisify(pbkdf2)

/** PBKDF2 (RFC 8018, section 5.2) with HMAC, as Werkzeug, Django and passlib write it. */
export const pbkdf2Formats: readonly HashFormat[] = [
  {
    pattern:
      /^pbkdf2:(sha1|sha256|sha512):([1-9]\d{0,6})\$([^$]{1,128})\$((?:[0-9a-f]{2}){20,64})$/,
    read: (digest, iterations, salt = '', key = '') =>
      readPbkdf2(digest, iterations, Buffer.from(salt), Buffer.from(key, 'hex')),
  },
  {
    pattern: /^pbkdf2_(sha1|sha256)\$([1-9]\d{0,6})\$([^$]{1,128})\$([A-Za-z0-9+/]{27,43}=)$/,
    read: (digest, iterations, salt = '', key = '') =>
      readPbkdf2(digest, iterations, Buffer.from(salt), fromBase64(key)),
  },
  {
    pattern:
      /^\$pbkdf2(|-sha256|-sha512)\$([1-9]\d{0,6})\$([A-Za-z0-9./]{0,171})\$([A-Za-z0-9./]{27,86})$/,
    read: (digest = '', iterations, salt, key) =>
      readPbkdf2(digest.slice(1) || 'sha1', iterations, fromAb64(salt), fromAb64(key)),
  },
]

function readPbkdf2(
  digest = '',
  iterations = '',
  salt: Buffer | null,
  key: Buffer | null,
): StoredHash | null {
  const count = Number(iterations)
  if (count > MAX_ITERATIONS || salt === null || key === null) return null
  if (key.length !== KEY_BYTES[digest]) return null
  return {
    cost: null,
    async matches(password) {
      return timingSafeEqual(await derive(password, salt, count, key.length, digest), key)
    },
  }
}

/** passlib's base64: without padding, and with `.` in place of `+`. */
function fromAb64(text = ''): Buffer | null {
  return fromBase64(text.replaceAll('.', '+'))
}

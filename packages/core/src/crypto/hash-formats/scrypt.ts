import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { fromBase64, type HashFormat, type StoredHash } from './stored-hash.ts'

// Of 128 * N * r * p: the first three are the memory, all four the work, about a second (S009). OWASP's most is half.
const BUDGET = 256 * 1024 * 1024

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** scrypt (RFC 7914), off the event loop. */
export function deriveScrypt(
  password: string,
  salt: Buffer,
  length: number,
  { N, r, p }: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  // Node's own limit counts what the budget does not; nothing within the budget is to meet it.
  return derive(password, salt, length, { N, r, p, maxmem: 3 * BUDGET })
}

/** scrypt as Werkzeug, Django and passlib write it. */
export const scryptFormats: readonly HashFormat[] = [
  {
    pattern:
      /^scrypt:([1-9]\d{0,7}):([1-9]\d{0,3}):([1-9]\d{0,3})\$([^$]{1,128})\$([0-9a-f]{128})$/,
    read: (N, r, p, salt = '', key = '') =>
      readScrypt([N, r, p], Buffer.from(salt), Buffer.from(key, 'hex')),
  },
  {
    pattern:
      /^scrypt\$([1-9]\d{0,7})\$([^$]{1,128})\$([1-9]\d{0,3})\$([1-9]\d{0,3})\$([A-Za-z0-9+/]{86}==)$/,
    read: (N, salt = '', r, p, key = '') =>
      readScrypt([N, r, p], Buffer.from(salt), fromBase64(key)),
  },
  {
    pattern:
      /^\$scrypt\$ln=([1-9]\d?),r=([1-9]\d{0,3}),p=([1-9]\d{0,3})\$([A-Za-z0-9+/]{0,171})\$([A-Za-z0-9+/]{43})$/,
    read: (ln, r, p, salt = '', key = '') =>
      readScrypt([2 ** Number(ln), r, p], fromBase64(salt), fromBase64(key)),
  },
]

function readScrypt(
  parameters: readonly (number | string | undefined)[],
  salt: Buffer | null,
  key: Buffer | null,
): StoredHash | null {
  const [N = 0, r = 0, p = 0] = parameters.map(Number)
  // RFC 7914, section 2: a power of two above 1, and below 2^(16 r).
  const workable = N > 1 && Number.isInteger(Math.log2(N)) && Math.log2(N) < 16 * r
  if (!workable || 128 * N * r * p > BUDGET || salt === null || key === null) return null
  return {
    cost: null,
    async matches(password) {
      return timingSafeEqual(await deriveScrypt(password, salt, key.length, { N, r, p }), key)
    },
  }
}

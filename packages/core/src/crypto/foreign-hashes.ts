import { argon2Formats } from './hash-formats/argon2.ts'
import { bcryptFormats } from './hash-formats/bcrypt.ts'
import { firebaseScryptFormats } from './hash-formats/firebase-scrypt.ts'
import { pbkdf2Formats } from './hash-formats/pbkdf2.ts'
import { scryptFormats } from './hash-formats/scrypt.ts'
import type { HashFormat, StoredHash } from './hash-formats/stored-hash.ts'

/** Every form of a stored hash: our own first, then those of other systems. No text has two of them. */
const formats: readonly HashFormat[] = [
  ...argon2Formats,
  ...bcryptFormats,
  ...pbkdf2Formats,
  ...scryptFormats,
  ...firebaseScryptFormats,
]

/** Reads a stored hash, which is untrusted data: `null` for what is malformed or over budget (S009). */
export function readStoredHash(stored: string): StoredHash | null {
  for (const { pattern, read } of formats) {
    const match = pattern.exec(stored)
    if (match !== null) return read(...match.slice(1))
  }
  return null
}

/** Whether a login can verify this text, as far as the text can tell: some forms need a package or an option besides. */
export function isVerifiable(hash: string): boolean {
  return readStoredHash(hash) !== null
}

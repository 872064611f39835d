import { createHash } from 'node:crypto'
import { type HashFormat, MissingRequirement, type StoredHash } from './stored-hash.ts'

const PACKAGE = '@node-rs/bcrypt'
// 14 takes about a second, as much as the most that any other form may; each step more doubles it (S009).
const MAX_COST = 14
// bcrypt looks at no more, and would take every password that begins with the same bytes (S008).
const MAX_BYTES = 72

/**
 * bcrypt as everybody writes it, and in two forms of Django, of which one hashes the password before bcrypt sees it.
 * The last characters of salt and hash are those that leave no bits over: with others the library knows no password.
 */
export const bcryptFormats: readonly HashFormat[] = [
  {
    pattern:
      /^(|bcrypt\$|bcrypt_sha256\$)(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26])$/,
    read: (prefix, hash, cost) => readBcrypt(hash, Number(cost), prefix === 'bcrypt_sha256$'),
  },
]

function readBcrypt(hash = '', cost: number, ofDigest: boolean): StoredHash | null {
  if (cost < 4 || cost > MAX_COST) return null
  return {
    cost: null,
    async matches(password) {
      const { verify } = await loadLibrary()
      const text = ofDigest ? createHash('sha256').update(password).digest('hex') : password
      return (await verify(text, hash)) && Buffer.byteLength(text) <= MAX_BYTES
    },
  }
}

/** Loaded with the first hash of this form: most applications never meet one. */
async function loadLibrary() {
  try {
    return await import('@node-rs/bcrypt')
  } catch (cause) {
    throw new MissingRequirement(`the package ${PACKAGE}`, `run npm install ${PACKAGE}`, { cause })
  }
}

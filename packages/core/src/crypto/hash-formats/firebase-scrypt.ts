import { createCipheriv, timingSafeEqual } from 'node:crypto'
import { deriveScrypt } from './scrypt.ts'
import {
  type FirebaseScrypt,
  fromBase64,
  type HashFormat,
  MissingRequirement,
} from './stored-hash.ts'

const OPTION = 'passwords.firebaseScrypt'

/**
 * Firebase's own scrypt, which is AES-256-CTR of the project's signer key under a key that scrypt makes of the
 * password. Firebase has no text form for it: ours is `firebase-scrypt$salt$hash`, both as an export has them, in
 * base64 or base64url.
 */
export const firebaseScryptFormats: readonly HashFormat[] = [
  {
    pattern: /^firebase-scrypt\$([\w+/-]{2,171}={0,2})\$([\w+/-]{86}(?:|==))$/,
    read(salt, hash) {
      const [saltBytes, expected] = [salt, hash].map(fromEitherBase64)
      if (!saltBytes || !expected) return null
      return {
        cost: null,
        async matches(password, project) {
          if (project === null) {
            const remedy = 'give createAuth the password hash parameters of the Firebase project'
            throw new MissingRequirement(`the option ${OPTION}`, remedy)
          }
          return timingSafeEqual(await firebaseHash(password, saltBytes, project), expected)
        },
      }
    },
  },
]

async function firebaseHash(
  password: string,
  salt: Buffer,
  { signerKey, saltSeparator, rounds, memCost }: FirebaseScrypt,
): Promise<Buffer> {
  const cost = { N: 2 ** memCost, r: rounds, p: 1 }
  const key = await deriveScrypt(password, Buffer.concat([salt, saltSeparator]), 32, cost)
  // The initial counter is zero: no key is used twice, since salts differ.
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(signerKey)
}

function fromEitherBase64(text = ''): Buffer | null {
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
}

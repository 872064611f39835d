import * as z from 'zod'
import type { FirebaseScrypt } from './crypto/hash-formats/stored-hash.ts'

// What Firebase itself takes; its projects have 8 and 14.
const MAX_ROUNDS = 8
const MAX_MEM_COST = 14
const SIGNER_KEY_BYTES = 64

/** The option `passwords.firebaseScrypt`, decoded. No message repeats a value: the signer key is a secret. */
export function firebaseScryptSchema(): z.ZodType<FirebaseScrypt> {
  return z.strictObject(
    {
      signerKey: base64(
        SIGNER_KEY_BYTES,
        SIGNER_KEY_BYTES,
        'must be "base64_signer_key" of the Firebase console: 64 bytes in base64',
      ),
      saltSeparator: base64(
        1,
        16,
        'must be "base64_salt_separator" of the Firebase console, such as "Bw=="',
      ),
      rounds: whole(MAX_ROUNDS, 'must be "rounds" of the Firebase console, such as 8'),
      memCost: whole(MAX_MEM_COST, 'must be "mem_cost" of the Firebase console, such as 14'),
    },
    'must be the password hash parameters of the Firebase console',
  )
}

function base64(minBytes: number, maxBytes: number, message: string) {
  return z
    .base64(message)
    .transform((text) => Buffer.from(text, 'base64'))
    .refine(({ length }) => length >= minBytes && length <= maxBytes, message)
}

function whole(max: number, message: string) {
  return z.int(message).min(1, message).max(max, message)
}

import * as z from 'zod'
import type { SigningAlgorithm } from './context.ts'
import { once } from './once.ts'

/** The keys that access tokens are signed with in place of the secret, so that other services can verify them. */
export interface SigningOptions {
  /** What the first key must be, to be sure of it: `EdDSA` is Ed25519, `ES256` is P-256. @default whatever it is */
  readonly alg?: SigningAlgorithm | undefined
  /**
   * Each a JWK, as an object or as JSON, or PEM (PKCS#8, or SPKI for a public key). The first signs and must be
   * private; all verify. A rotation goes `[old, new]` everywhere, then `[new, old]`, then `[new]` once
   * `accessToken.lifetime` has passed. The `kid` of each is its thumbprint (RFC 7638), whatever a JWK says.
   */
  readonly keys: readonly (string | object | undefined)[]
}

// A rotation has two. More make each answer of the key set longer, and the search for a token's key.
const MAX_KEYS = 16

/** The schema of {@link SigningOptions}. */
export const signingSchema = once(() =>
  z.strictObject(
    {
      alg: z.enum(['EdDSA', 'ES256'], 'must be "EdDSA" or "ES256"').optional(),
      keys: z
        .array(
          z.custom<string | object | undefined>(isKey, 'must be a JWK or PEM'),
          'must be a list of keys, the one that signs first',
        )
        .min(1, 'must not be empty')
        .max(MAX_KEYS, `must be at most ${MAX_KEYS} keys`),
    },
    'must be an object such as { keys: [process.env.AUTH_SIGNING_KEY] }',
  ),
)

function isKey(value: unknown): boolean {
  return (
    ['string', 'undefined'].includes(typeof value) || (typeof value === 'object' && value !== null)
  )
}

import type { Context, PublicJwk } from '../context.ts'
import { ConfigurationError } from '../errors.ts'
import { toConfigurationError } from '../input.ts'
import { type SigningOptions, signingSchema } from '../signing-options.ts'
import { importSigningKeys } from '../tokens/signing-keys.ts'

/** A set of public keys (RFC 7517, section 5). */
export interface Jwks {
  readonly keys: readonly PublicJwk[]
}

/** The keys of access tokens. */
export interface KeyFunctions {
  /** The public keys that verify access tokens, as `/.well-known/jwks.json` answers; none where the secret signs. */
  jwks(): Jwks
  /**
   * Takes these keys in place of those of the option `signing`, in this process and at once: no request sees a part of
   * them. Throws `ConfigurationError`, and goes on with the old ones, when one of them is wrong; and where `createAuth`
   * was given no `signing`, since nobody's tokens would be accepted any more.
   */
  replaceSigningKeys(signing: SigningOptions): void
}

export function keyFunctions(ctx: Context): KeyFunctions {
  return {
    jwks: () => ({ keys: structuredClone(ctx.keys.access().published) }),
    replaceSigningKeys(signing) {
      const where = 'replaceSigningKeys'
      if (!ctx.settings.publishesKeys) {
        throw new ConfigurationError(where, 'keys', 'needs the option "signing" of createAuth')
      }
      const parsed = signingSchema().safeParse(signing)
      if (!parsed.success) throw toConfigurationError(where, parsed.error)
      ctx.keys.replaceAccess(importSigningKeys(where, '', parsed.data))
      // A key that is gone verifies nothing any more, seen before or not.
      ctx.memory.forgetAll()
    },
  }
}

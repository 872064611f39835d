import { verify } from '@node-rs/argon2'
import { fromBase64, type HashFormat, type StoredHash } from './stored-hash.ts'

// What a stored hash may demand: verifying one with m=99999999 would take the process down (S009). Lanes share the
// memory and the work; Django has 8 of them.
const BUDGET = { memory: 262_144, passes: 10, parallelism: 8 }

/**
 * Argon2 (RFC 9106) in the PHC string format, whoever made it, and as Django writes it. Version 16 may stand there by
 * its number or, as in the time before there was another, not at all.
 */
export const argon2Formats: readonly HashFormat[] = [
  {
    pattern:
      /^(|argon2)(\$argon2(id|i|d)(|\$v=16|\$v=19)\$m=([1-9]\d{0,6}),t=([1-9]\d?),p=([1-9])\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86}))$/,
    read(prefix, phc, variant, version, ...rest) {
      const isOurs = prefix === '' && variant === 'id' && version === '$v=19'
      return readArgon2(phc, isOurs, rest)
    },
  },
]

function readArgon2(phc = '', isOurs: boolean, rest: readonly string[]): StoredHash | null {
  const [memory = 0, passes = 0, parallelism = 0] = rest.slice(0, 3).map(Number)
  const affordable =
    memory <= BUDGET.memory && passes <= BUDGET.passes && parallelism <= BUDGET.parallelism
  // Below 8 KiB a lane argon2 refuses to work (RFC 9106, section 3.1). Stray bits would make the binding throw.
  const workable =
    memory >= 8 * parallelism && rest.slice(3).every((text) => fromBase64(text) !== null)
  if (!affordable || !workable) return null
  return {
    cost: isOurs ? { memory, passes } : null,
    matches: (password) => verify(phc, password),
  }
}

import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { PasswordHasher, PasswordVerdict } from '../context.ts'
import type { BoundedQueue } from './bounded-queue.ts'
import { readStoredHash } from './foreign-hashes.ts'
import {
  type Argon2Cost,
  type FirebaseScrypt,
  MissingRequirement,
  type StoredHash,
  unpadded,
} from './hash-formats/stored-hash.ts'

/** What the hashes of other systems need. */
export interface ForeignHashOptions {
  readonly firebaseScrypt: FirebaseScrypt | null
  /** Hears of hashes that cannot be verified before the operator has done something. */
  report(error: unknown, what: string): void
}

const ARGON2ID = 2
const PARALLELISM = 1

/**
 * argon2id (RFC 9106) in the PHC string format, with a salt of 16 bytes and a tag of 32. Hashes of other systems are
 * verified too, and always outdated.
 */
export function argon2Hasher(
  cost: Argon2Cost,
  queue: BoundedQueue,
  foreign: ForeignHashOptions,
): PasswordHasher {
  const decoy = decoyHash(cost)
  const options = {
    algorithm: ARGON2ID,
    memoryCost: cost.memory,
    timeCost: cost.passes,
    parallelism: PARALLELISM,
  }

  /** `null` when there was nothing to compare with. */
  async function compare(stored: StoredHash | null, password: string): Promise<boolean | null> {
    try {
      if (stored !== null) return await stored.matches(password, foreign.firebaseScrypt)
    } catch (error) {
      if (!(error instanceof MissingRequirement)) throw error
      foreign.report(error, `verifying a stored hash that needs ${error.requirement}`)
    }
    // Without the decoy an unknown address would answer 8 ms sooner than a wrong password.
    await verify(decoy, password)
    return null
  }

  return {
    hash: (password) => queue(() => hash(password, options)),
    async verify(stored, password): Promise<PasswordVerdict> {
      const found = stored === null ? null : readStoredHash(stored)
      const matches = await queue(() => compare(found, password))
      return {
        valid: matches === true,
        outdated: found !== null && isWeaker(found.cost, cost),
        unusable: stored !== null && matches === null,
      }
    },
  }
}

function isWeaker(than: Argon2Cost | null, cost: Argon2Cost): boolean {
  return than === null || than.memory < cost.memory || than.passes < cost.passes
}

/** A hash that no password has, of the same cost as a real one. */
function decoyHash(cost: Argon2Cost): string {
  const salt = unpadded(randomBytes(16))
  const tag = unpadded(randomBytes(32))
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${PARALLELISM}$${salt}$${tag}`
}

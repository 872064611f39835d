import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { PasswordHasher, PasswordVerdict } from '../context.ts'
import type { BoundedQueue } from './bounded-queue.ts'

/** The cost of an argon2id hash. */
export interface Argon2Cost {
  /** Memory in KiB. */
  readonly memory: number
  readonly passes: number
}

// What a stored hash may demand: verifying one with m=99999999 would take the process down (S009).
const BUDGET = { memory: 262_144, passes: 10, parallelism: 4 }
const ARGON2ID = 2
const PARALLELISM = 1
const PHC =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,6}),t=([1-9]\d?),p=([1-9])\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/

/** argon2id (RFC 9106) in the PHC string format, with a salt of 16 bytes and a tag of 32. */
export function argon2Hasher(cost: Argon2Cost, queue: BoundedQueue): PasswordHasher {
  const decoy = decoyHash(cost)
  const options = {
    algorithm: ARGON2ID,
    memoryCost: cost.memory,
    timeCost: cost.passes,
    parallelism: PARALLELISM,
  }
  return {
    hash: (password) => queue(() => hash(password, options)),
    async verify(stored, password): Promise<PasswordVerdict> {
      const found = stored === null ? null : costOf(stored)
      // Without the decoy an unknown address would answer 8 ms sooner than a wrong password.
      const target = found === null || stored === null ? decoy : stored
      const matches = await queue(() => verify(target, password))
      return {
        valid: matches && found !== null,
        outdated: found !== null && (found.memory < cost.memory || found.passes < cost.passes),
        unusable: stored !== null && found === null,
      }
    },
  }
}

function costOf(stored: string): Argon2Cost | null {
  const match = PHC.exec(stored)
  if (match === null) return null
  const [memory = 0, passes = 0, parallelism = 0] = match.slice(1, 4).map(Number)
  const affordable =
    memory <= BUDGET.memory && passes <= BUDGET.passes && parallelism <= BUDGET.parallelism
  // Below 8 KiB a lane argon2 refuses to work (RFC 9106, section 3.1).
  const workable = memory >= 8 * parallelism && match.slice(4).every(isBase64)
  return affordable && workable ? { memory, passes } : null
}

/** Without padding, as the PHC format has it; stray bits would make the binding throw. */
function isBase64(text: string): boolean {
  return unpadded(Buffer.from(text, 'base64')) === text
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

/** A hash that no password has, of the same cost as a real one. */
function decoyHash(cost: Argon2Cost): string {
  const salt = unpadded(randomBytes(16))
  const tag = unpadded(randomBytes(32))
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${PARALLELISM}$${salt}$${tag}`
}

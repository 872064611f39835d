import { sha256 } from '../crypto/digest.ts'

/** Remembers which texts it has met, in at most 32 bytes for each: of an import of millions, nothing else grows. */
export interface SeenValues {
  /** Remembers the text, and says whether it was there before. */
  add(text: string): boolean
}

const FIRST_CAPACITY = 1024
const MAX_LOAD = 0.5

/**
 * By 64 bits of a hash: that one of a million texts is taken for another has a chance of one in thirty million. An open
 * table with linear probing, for an object for each text would take ten times as much.
 */
export function seenValues(): SeenValues {
  let table = new BigUint64Array(FIRST_CAPACITY)
  let size = 0

  function grow(): void {
    const old = table
    table = new BigUint64Array(old.length * 2)
    for (const print of old) if (print !== 0n) table[placeOf(table, print)] = print
  }

  return {
    add(text) {
      const print = fingerprint(text)
      const place = placeOf(table, print)
      if (table[place] === print) return true
      table[place] = print
      size += 1
      if (size > table.length * MAX_LOAD) grow()
      return false
    },
  }
}

/** Where it stands, or may stand. */
function placeOf(table: BigUint64Array, print: bigint): number {
  const mask = table.length - 1
  let place = Number(BigInt.asUintN(32, print)) & mask
  while (table[place] !== 0n && table[place] !== print) place = (place + 1) & mask
  return place
}

/** Never 0, which is an empty place. */
function fingerprint(text: string): bigint {
  const print = Buffer.from(sha256(text), 'base64url').readBigUInt64LE()
  return print === 0n ? 1n : print
}

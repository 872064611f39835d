/** Chance that a seed determines: the same seed, the same choices. */
export interface Chance {
  /** A whole number from `min` to `max`. */
  whole(min: number, max: number): number
  happens(probability: number): boolean
  pick<T>(items: readonly [T, ...T[]]): T
}

/** mulberry32: small, and good enough for stories. */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (min: number, max: number) => min + Math.floor(fraction() * (max - min + 1))
  return {
    whole,
    happens: (probability) => fraction() < probability,
    pick: (items) => items[whole(0, items.length - 1)] ?? items[0],
  }
}

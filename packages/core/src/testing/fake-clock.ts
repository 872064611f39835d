/** A clock that stands still until it is told. */
export interface FakeClock {
  /** Give this to `createAuth({ now })`. */
  now(): Date
  /** Moves on by so many seconds; back, if negative. */
  advance(seconds: number): void
}

/** A clock for tests: time moves only when told. */
export function fakeClock(start: Date = new Date('2030-01-01T00:00:00Z')): FakeClock {
  let time = start.getTime()
  return {
    now: () => new Date(time),
    advance(seconds) {
      time += seconds * 1000
    },
  }
}

import type { Limiter, LimiterOptions, LimiterState } from './limiter.ts'

interface Window {
  readonly points: number
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

// About 20 MB for a rule. Whoever floods us with keys pushes out the counts that nobody has touched the longest.
const MAX_KEYS = 100_000
// Each new key takes away at most so many old ones: no request pays for what a flood has left behind.
const SWEEP = 2

/**
 * Counts in the memory of this process. It has no timer: a window that is over goes when its key is asked for, when it
 * is among the oldest and a new key comes, or when there are too many.
 */
export function memoryLimiter(
  { points: allowed, duration }: Pick<LimiterOptions, 'points' | 'duration'>,
  now: () => Date,
  maxKeys = MAX_KEYS,
): Limiter {
  // In the order in which they were touched, the oldest first.
  const windows = new Map<string, Window>()

  function find(key: string, at: number): Window | null {
    const window = windows.get(key)
    return window !== undefined && window.endsAt > at ? window : null
  }

  function put(key: string, window: Window, at: number): LimiterState {
    const isNew = !windows.delete(key)
    if (isNew) sweep(at)
    windows.set(key, window)
    return { consumedPoints: window.points, msBeforeNext: window.endsAt - at }
  }

  function sweep(at: number): void {
    let looks = 0
    for (const [key, { endsAt }] of windows) {
      if (windows.size < maxKeys && (endsAt > at || looks >= SWEEP)) return
      windows.delete(key)
      looks += 1
    }
  }

  function add(key: string, points: number, seconds: number): LimiterState {
    const at = now().getTime()
    const window = find(key, at) ?? { points: 0, endsAt: at + seconds * 1000 }
    return put(key, { points: window.points + points, endsAt: window.endsAt }, at)
  }

  return {
    async consume(key, points = 1, { customDuration = duration } = {}) {
      const state = add(key, points, customDuration)
      if (state.consumedPoints > allowed) throw state
      return state
    },
    async reward(key, points = 1) {
      if (find(key, now().getTime()) !== null) add(key, -points, duration)
    },
    async set(key, points, seconds) {
      const at = now().getTime()
      put(key, { points, endsAt: at + seconds * 1000 }, at)
    },
    async get(key) {
      const at = now().getTime()
      const window = find(key, at)
      return window && { consumedPoints: window.points, msBeforeNext: window.endsAt - at }
    },
    async delete(key) {
      windows.delete(key)
    },
  }
}

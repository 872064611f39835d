import { setTimeout as wait } from 'node:timers/promises'
import type { Engine } from './engines/engine.ts'

const LONGEST_PAUSE_MS = 25

/** Does the work again while it fails for a reason that passes, for at most so many milliseconds. Rejects as it did last. */
export async function persist<T>(
  engine: Engine,
  patience: number,
  work: () => Promise<T>,
): Promise<T> {
  const began = performance.now()
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work()
    } catch (error) {
      const impatient = performance.now() - began > patience
      if (impatient || !engine.mayRunAgain(error)) throw error
      // Those who collided come back at different times.
      await wait(pause * (0.5 + Math.random()))
    }
  }
}

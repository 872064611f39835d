import { AuthError } from '../errors.ts'

/** Runs work, at most some at a time. */
export type BoundedQueue = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Runs at most `concurrency` pieces of work at a time and lets at most `capacity` wait, in the order of their coming;
 * one more is refused with `overloaded`, so that memory and waiting time stay bounded (OWASP ASVS 5.0, 15.2.2).
 */
export function boundedQueue(concurrency: number, capacity: number): BoundedQueue {
  const waiting: (() => void)[] = []
  let running = 0

  function admit(): Promise<void> | undefined {
    if (running < concurrency) {
      running += 1
      return undefined
    }
    if (waiting.length >= capacity) throw new AuthError('overloaded', { retryAfter: 1 })
    return new Promise((resolve) => waiting.push(resolve))
  }

  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) running -= 1
    else next() // its place passes on: `running` stays
  }

  return async (work) => {
    await admit()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}

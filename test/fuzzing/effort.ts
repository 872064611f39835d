import type { Parameters } from 'fast-check'

// CONTRIBUTING.md says what they are for.
const { FUZZ_RUNS, FUZZ_SECONDS, FUZZ_SEED, FUZZ_PATH } = process.env
const seconds = FUZZ_SECONDS === undefined ? null : Number(FUZZ_SECONDS)

/** How long a property is tried: so many times, unless the environment says otherwise. */
export function effort<Input = unknown>(runs: number): Parameters<Input> {
  return {
    numRuns: seconds === null ? Math.ceil(runs * Number(FUZZ_RUNS ?? 1)) : Number.MAX_SAFE_INTEGER,
    ...(seconds !== null && { interruptAfterTimeLimit: seconds * 1000 }),
    ...(FUZZ_SEED !== undefined && { seed: Number(FUZZ_SEED) }),
    ...(FUZZ_PATH !== undefined && { path: FUZZ_PATH }),
  }
}

/** Whether one input is tried again, of which nothing can be said in general. */
export const isReplay = FUZZ_PATH !== undefined

/** Milliseconds, for the test around a property. */
export const patience = 120_000 + (seconds ?? 0) * 1000 + 60_000 * Number(FUZZ_RUNS ?? 0)

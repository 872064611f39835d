/** As many calls as a store must stand at once. */
export const MANY = 50

/** Starts all calls before any of them can end, and resolves every result. */
export function race<T>(call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: MANY }, (_, index) => call(index)))
}

/** Like {@link race}, for calls of which some are meant to reject. */
export async function raceToReject<T>(call: (index: number) => Promise<T>) {
  const results = await Promise.allSettled(Array.from({ length: MANY }, (_, index) => call(index)))
  return {
    resolved: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    reasons: results.flatMap((result): unknown[] =>
      result.status === 'rejected' ? [result.reason] : [],
    ),
  }
}

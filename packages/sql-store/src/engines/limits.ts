/** How long a verb may take, in milliseconds. Feed and flows count on it: see `revoked-since.ts`. */
export const TIMEOUT_MS = 5000

/** Longer than the server's own limit, for a server that no longer says anything. */
const SILENCE_MS = TIMEOUT_MS + 1000

/** What is left of {@link SILENCE_MS} for a verb that began then: it may have waited for a connection first. */
export function timeLeft(began: number): number {
  return Math.max(0, began + SILENCE_MS - performance.now())
}

export const NO_FREE_CONNECTION = {
  code: 'overloaded',
  message: `no connection of the pool became free within ${TIMEOUT_MS / 1000} s: the database is slow, or the pool is too small`,
} as const

export const NO_ANSWER = {
  code: 'timeout',
  message: `the database did not answer within ${SILENCE_MS / 1000} s`,
} as const

export const CLOSED = {
  code: 'unreachable',
  message: 'there are no connections any more: the store was closed, or the pool that it was given',
} as const

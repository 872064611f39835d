/** How long a verb may take, in milliseconds. Feed and flows count on it: see `revoked-since.ts`. */
export const TIMEOUT_MS = 5000

/** Longer than the server's own limit, for a server that no longer says anything. */
export const SILENCE_MS = TIMEOUT_MS + 1000

export const NO_FREE_CONNECTION = {
  code: 'overloaded',
  message: `no connection of the pool became free within ${TIMEOUT_MS / 1000} s: the database is slow, or the pool is too small`,
} as const

export const NO_ANSWER = {
  code: 'timeout',
  message: `the database did not answer a statement within ${SILENCE_MS / 1000} s`,
} as const

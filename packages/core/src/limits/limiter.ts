/** What a limiter says of a key. */
export interface LimiterState {
  /** So much was consumed in this window, this time included. */
  readonly consumedPoints: number
  /** How long the window still lasts, in milliseconds. */
  readonly msBeforeNext: number
}

/**
 * Counts by key, each step atomic. This is what we use of a limiter of rate-limiter-flexible: any of its backends is one.
 */
export interface Limiter {
  /**
   * Adds to the key, whose window begins if it has none. Resolves its state, or rejects with it when that is more than
   * the limiter's points.
   */
  consume(
    key: string,
    points?: number,
    options?: { readonly customDuration?: number },
  ): Promise<LimiterState>
  /** Takes from the key. */
  reward(key: string, points?: number): Promise<unknown>
  /** Gives the key so many points, and a window of so many seconds from now. */
  set(key: string, points: number, seconds: number): Promise<unknown>
  /** The state of the key, `null` when it has no window. */
  get(key: string): Promise<LimiterState | null>
  /** Forgets the key. */
  delete(key: string): Promise<unknown>
}

/** What a limiter is made of, in the words of rate-limiter-flexible. */
export interface LimiterOptions {
  /** Stands before every key of this limiter, such as `latchkey:logins`. */
  readonly keyPrefix: string
  /** More than so many points of a key are refused. */
  readonly points: number
  /** The length of a window, in seconds. */
  readonly duration: number
}

/** Makes the limiter of a rule: `(options) => new RateLimiterRedis({ ...options, storeClient })`. */
export type MakeLimiter = (options: LimiterOptions) => Limiter

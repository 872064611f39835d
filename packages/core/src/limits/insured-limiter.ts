import type { ErrorListener } from '../background.ts'
import { withinDeadline } from '../deadline.ts'
import { atMostOnceIn } from '../failures.ts'
import { after, MINUTE, type Seconds } from '../time.ts'
import type { Limiter, LimiterState } from './limiter.ts'

// Slower than any counter, sooner than anybody gives up on a login.
const PATIENCE: Seconds = 1
// So long nobody waits for a backend that failed.
const PAUSE: Seconds = 5
const REPORT_INTERVAL: Seconds = MINUTE

/** Whether the backend is worth asking. All limiters of a backend share it: what one finds out, the others need not. */
export interface BackendHealth {
  /** Whether to ask it now. One that failed is tried again after a while, by one call alone. */
  isWorthAsking(): boolean
  worked(): void
  failed(error: unknown): void
}

/** A failure that lasts is reported once a minute. */
export function backendHealth(now: () => Date, report: ErrorListener): BackendHealth {
  let retryAt: Date | null = null
  const tell = atMostOnceIn(REPORT_INTERVAL, now, report)
  return {
    isWorthAsking() {
      if (retryAt === null) return true
      if (now() < retryAt) return false
      retryAt = after(now(), PAUSE)
      return true
    },
    worked() {
      retryAt = null
    },
    failed(error) {
      retryAt = after(now(), PAUSE)
      tell(error, 'the backend of the limits')
    },
  }
}

/**
 * A limiter that counts in its backend, and in memory while that is down or does not answer within a second. It never
 * fails: because the backend is gone no request is refused, let through or kept waiting.
 */
export function insuredLimiter(backend: Limiter, memory: Limiter, health: BackendHealth): Limiter {
  async function ask<T>(verb: (limiter: Limiter) => Promise<T>): Promise<T> {
    if (!health.isWorthAsking()) return verb(memory)
    try {
      const answer = await withinDeadline(PATIENCE, () => verb(backend))
      health.worked()
      return answer
    } catch (outcome) {
      if (isState(outcome)) {
        health.worked()
        throw outcome
      }
      health.failed(outcome)
      return verb(memory)
    }
  }
  return {
    consume: (...input) => ask((limiter) => limiter.consume(...input)),
    reward: (...input) => ask((limiter) => limiter.reward(...input)),
    set: (...input) => ask((limiter) => limiter.set(...input)),
    get: (...input) => ask((limiter) => limiter.get(...input)),
    delete: (...input) => ask((limiter) => limiter.delete(...input)),
  }
}

/** A refusal, as against a failure. */
export function isState(outcome: unknown): outcome is LimiterState {
  const { consumedPoints, msBeforeNext }: Partial<LimiterState> = Object(outcome)
  return typeof consumedPoints === 'number' && typeof msBeforeNext === 'number'
}

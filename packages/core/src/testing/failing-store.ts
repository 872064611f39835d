import type { Store } from '../store.ts'
import { interceptedStore } from './intercepted-store.ts'

/** Whether the verb that fails did nothing (`before`), or did all it should and only its answer was lost (`after`). */
export type FailureMoment = 'before' | 'after'

/** A store that can be told to fail. */
export interface FailingStore {
  /** Give this to `createAuth({ store })`. */
  readonly store: Store
  /**
   * The `n`-th call from now on throws a {@link StoreFailure}, whatever verb it is, except for `close` and for the polls
   * of the revocation feed, which belong to no flow. The others work.
   * Replaces what was planned before.
   */
  failAt(n: number, moment: FailureMoment): void
  /** From now on every verb works. Returns the name of the verb that threw, such as `users.insert`; `null` when none did. */
  heal(): string | null
}

/** What a {@link FailingStore} throws. Flows answer it with `unavailable`; it is the `cause` of that error. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
}

interface Plan {
  left: number
  readonly moment: FailureMoment
  failed: string | null
}

/**
 * Wraps a store, so that a test can see what your application does when the database fails in the midst of a flow.
 *
 * ```ts
 * const failing = failingStore(memoryStore())
 * const auth = createAuth({ ...options, store: failing.store })
 * failing.failAt(2, 'after')
 * await assert.rejects(auth.login(ada), { code: 'unavailable' })
 * failing.heal()
 * ```
 */
export function failingStore(store: Store): FailingStore {
  let plan: Plan | null = null

  async function run(verb: string, call: () => Promise<unknown>): Promise<unknown> {
    const current = verb === 'revokedSince' ? null : plan
    const fails = current !== null && --current.left === 0
    if (!fails) return call()
    current.failed = verb
    // Also when the verb refuses: its refusal is lost with its answer.
    if (current.moment === 'after') await call().catch(() => null)
    throw new StoreFailure(`${verb} failed`)
  }

  return {
    store: interceptedStore(store, run),
    failAt(n, moment) {
      plan = { left: n, moment, failed: null }
    },
    heal() {
      const failed = plan?.failed ?? null
      plan = null
      return failed
    },
  }
}

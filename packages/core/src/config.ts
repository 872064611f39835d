import { background, type ErrorListener } from './background.ts'
import { breachCheck } from './breach-check.ts'
import type { Context } from './context.ts'
import { argon2Hasher } from './crypto/argon2.ts'
import { boundedQueue } from './crypto/bounded-queue.ts'
import { type EventListeners, eventListeners } from './event-listeners.ts'
import { eventLog } from './event-log.ts'
import { printFailure, reporter } from './failures.ts'
import { guardStore } from './guarded-store.ts'
import { openCounters } from './limits/counters.ts'
import { logEvent, logFailure } from './logger.ts'
import { startMaintenance } from './maintenance.ts'
import { messageSender } from './messages/sender.ts'
import type { AuthOptions } from './options.ts'
import { parseOptions } from './settings.ts'
import { NodeMemory } from './token-memory.ts'
import { keysOf } from './tokens/keys.ts'
import { importSigningKeys } from './tokens/signing-keys.ts'
import { watchStore } from './watched-store.ts'

/** A context, and how to end what runs in it. */
export interface Runtime {
  readonly ctx: Context
  readonly on: EventListeners['on']
  /** Tells `onError` and the logger. Never throws. */
  report: ErrorListener
  /** Ends maintenance, and resolves when all background work has ended. */
  close(): Promise<void>
}

// A mailer that hangs must not hold up a deploy for ever.
const CLOSE_DEADLINE = 10

/** The only place where the parts of a context meet. */
export function buildRuntime(options: AuthOptions<object>): Runtime {
  const parsed = parseOptions(options)
  const { settings, secrets, cost, concurrency, maxQueue, firebaseScrypt } = parsed
  const { maintenance, messages, signing } = parsed
  const report = reporterOf(options)
  const { later, settled } = background(report)
  const now = options.now ?? (() => new Date())
  const guarded = guardStore(options.store)
  const memory = new NodeMemory({
    store: guarded,
    now,
    report,
    push: options.revocation?.push ?? null,
  })
  const store = watchStore(guarded, memory.heard, () => memory.feed.announce())
  const { on, tell } = eventListeners({ later })
  const { logger, mailer, sms } = options
  if (logger) on('*', (event) => logEvent(logger, event))
  const senders = { email: mailer, sms }
  const ctx: Context = {
    settings,
    store,
    memory,
    keys: keysOf(secrets, signing && importSigningKeys('createAuth', 'signing.', signing)),
    hasher: argon2Hasher(cost, boundedQueue(concurrency, maxQueue), { firebaseScrypt, report }),
    limits: openCounters(parsed.limits, { now, report }),
    isBreached: breachCheck(parsed.breachCheck, { now, report }),
    now,
    later,
    emit: eventLog({ store, later, now }, tell),
    send: messageSender({ later, now }, { settings, ...messages, senders }),
  }
  const stopMaintenance = maintenance ? startMaintenance(ctx) : () => {}
  return {
    ctx,
    on,
    report,
    async close() {
      stopMaintenance()
      await memory.feed.close()
      await settled(CLOSE_DEADLINE)
    },
  }
}

/** Where nobody listens, a failure is printed. */
function reporterOf({ onError, logger }: AuthOptions<object>): ErrorListener {
  const listeners = [
    ...(onError ? [reporter(onError)] : []),
    ...(logger ? [reporter((error, what) => logFailure(logger, error, what))] : []),
  ]
  if (listeners.length === 0) return reporter(printFailure)
  return (error, what) => {
    for (const tell of listeners) tell(error, what)
  }
}

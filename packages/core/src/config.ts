import { background, type ErrorListener } from './background.ts'
import type { Context } from './context.ts'
import { argon2Hasher } from './crypto/argon2.ts'
import { boundedQueue } from './crypto/bounded-queue.ts'
import { eventLog } from './event-log.ts'
import { guardStore } from './guarded-store.ts'
import { startMaintenance } from './maintenance.ts'
import { composeMessage } from './message-text.ts'
import type { MessageDraft } from './messages.ts'
import type { AuthOptions } from './options.ts'
import { parseOptions } from './settings.ts'
import { deriveKeys } from './tokens/keys.ts'

/** A context, and how to end what runs in it. */
export interface Runtime {
  readonly ctx: Context
  /** Tells `onError`. Never throws. */
  report: ErrorListener
  /** Ends maintenance, and resolves when all background work has ended. */
  close(): Promise<void>
}

// A mailer that hangs must not hold up a deploy for ever.
const CLOSE_DEADLINE = 10

/** The only place where the parts of a context meet. */
export function buildRuntime(options: AuthOptions): Runtime {
  const { settings, secrets, cost, concurrency, maxQueue, maintenance } = parseOptions(options)
  const report = reporter(options.onError ?? printError)
  const { later, settled } = background(report)
  const store = guardStore(options.store)
  const now = options.now ?? (() => new Date())
  const ctx: Context = {
    settings,
    store,
    keys: deriveKeys(secrets),
    hasher: argon2Hasher(cost, boundedQueue(concurrency, maxQueue)),
    now,
    later,
    emit: eventLog({ store, later, now }, options.onEvent ?? (() => {})),
    send(draft: MessageDraft) {
      later(`sending the message "${draft.kind}"`, async () => {
        const message = composeMessage(settings, draft)
        if (message !== null) await options.mailer?.(message)
      })
    },
  }
  const stopMaintenance = maintenance ? startMaintenance(ctx) : () => {}
  return {
    ctx,
    report,
    async close() {
      stopMaintenance()
      await settled(CLOSE_DEADLINE)
    },
  }
}

/** A listener that throws must not take down what it listens to. */
function reporter(listener: ErrorListener): ErrorListener {
  return (error, what) => {
    const tell = async () => listener(error, what)
    // Nobody is left to tell.
    tell().catch(() => {})
  }
}

const MAX_PRINTED = 200

/** One short line. No words of the error: a mail server's hold addresses, a database's hold values (S116, S117). */
function printError(error: unknown, what: string): void {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : null
  const why = cause === null ? '' : ` because of ${nameOf(cause)}`
  const line = `latchkey: ${what} failed: ${nameOf(error)}${why}; give createAuth an onError to see more`
  process.stderr.write(
    `${line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ').slice(0, MAX_PRINTED)}\n`,
  )
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  return 'code' in error ? `${error.name} (${String(error.code)})` : error.name
}

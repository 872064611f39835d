import type { ErrorListener } from './background.ts'
import { oneLine } from './one-line.ts'
import type { Seconds } from './time.ts'

const MAX_PRINTED = 200
const MAX_NAME = 64

/** What failed, by names and codes. No words of the error: a mail server's hold addresses, a database's hold values (S116). */
export interface NamedFailure {
  readonly error: string
  readonly cause: string | null
}

/** See {@link NamedFailure}. */
export function nameFailure(error: unknown): NamedFailure {
  const hasCause = error instanceof Error && error.cause !== undefined
  return { error: nameOf(error), cause: hasCause ? nameOf(error.cause) : null }
}

/** One short line on standard error. */
export function printFailure(failure: unknown, what: string): void {
  const { error, cause } = nameFailure(failure)
  const why = cause === null ? '' : ` because of ${cause}`
  const line = `latchkey: ${what} failed: ${error}${why}; give createAuth an onError to see more`
  process.stderr.write(`${oneLine(line, MAX_PRINTED)}\n`)
}

/** Tells a listener that may fail itself. */
export function reporter(listener: ErrorListener): ErrorListener {
  return (error, what) => {
    const tell = async () => listener(error, what)
    // Nobody is left to tell.
    tell().catch(() => {})
  }
}

/** What lasts is one message in a period, not one for each time that it was met. */
export function atMostOnceIn(
  period: Seconds,
  now: () => Date,
  report: ErrorListener,
): ErrorListener {
  let last = Number.NEGATIVE_INFINITY
  return (error, what) => {
    const time = now().getTime()
    // Also when the clock was set back.
    if (Math.abs(time - last) < period * 1000) return
    last = time
    report(error, what)
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const name = 'code' in error ? `${error.name} (${String(error.code)})` : error.name
  return oneLine(name, MAX_NAME)
}

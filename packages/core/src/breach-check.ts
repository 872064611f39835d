import type { ErrorListener } from './background.ts'
import type { BreachRules, FetchRange } from './breach-options.ts'
import { boundedQueue } from './crypto/bounded-queue.ts'
import { sha1Hex } from './crypto/digest.ts'
import { withinDeadline } from './deadline.ts'
import { AuthError } from './errors.ts'
import { atMostOnceIn } from './failures.ts'
import { MINUTE } from './time.ts'

/** Whether a password is known from a breach. Throws `unavailable` where nobody can tell, and that is to be refused. */
export type BreachCheck = (password: string) => Promise<boolean>

// The range is what the service learns: one of a million, in which about two thousand known passwords lie.
const PREFIX_DIGITS = 5
const ENTRY = /^([0-9A-F]{35}):(\d{1,15})$/i
// A padded range has about 80 KiB (measured); more than this is something else.
const MAX_ANSWER = 1024 * 1024
// So many answers are held in memory at a time: one more counts as a lookup that failed.
const MAX_LOOKUPS = 64

/**
 * Looks passwords up by k-anonymity: five digits of the hash go out, and whether the rest is in the answer is seen
 * here. Neither the request nor its time depends on whose password it is.
 */
export function breachCheck(
  rules: BreachRules | null,
  { now, report }: { now(): Date; report: ErrorListener },
): BreachCheck {
  if (rules === null) return async () => false
  const { timeout, minCount, onFailure } = rules
  const fetchRange = rules.fetchRange ?? rangeFetcher(rules.url)
  const bounded = boundedQueue(MAX_LOOKUPS, 0)
  // A service that is down is one message, not one for each registration.
  const tell = atMostOnceIn(MINUTE, now, report)

  return async (password) => {
    const digest = sha1Hex(password)
    const prefix = digest.slice(0, PREFIX_DIGITS)
    try {
      // A fetcher of the application may disregard the signal: the time is up all the same.
      const range = await bounded(() =>
        withinDeadline(timeout, (signal) => fetchRange(prefix, signal)),
      )
      return countIn(range, digest.slice(PREFIX_DIGITS)) >= minCount
    } catch (error) {
      tell(error, 'looking a password up among breached ones')
      if (onFailure === 'accept') return false
      // Without the cause, which would be reported again with every refusal.
      throw new AuthError('unavailable', { retryAfter: 1 })
    }
  }
}

/** An answer that is not a range is a failure: the page of a proxy would otherwise say that no password is known. */
function countIn(range: unknown, suffix: string): number {
  if (typeof range !== 'string' || range.length > MAX_ANSWER) throw notARange()
  const entries = range.split(/\r?\n/).filter((line) => line !== '')
  let found = 0
  for (const entry of entries) {
    const [, digits, count] = ENTRY.exec(entry) ?? []
    if (digits === undefined) throw notARange()
    // Padding has a count of zero, which is less than any `minCount`.
    if (digits.toUpperCase() === suffix) found = Number(count)
  }
  return found
}

function notARange(): Error {
  return new Error('the answer is not a range of breached passwords')
}

function rangeFetcher(url: string): FetchRange {
  return async (prefix, signal) => {
    const response = await fetch(`${url}${prefix}`, {
      // Padding hides from who watches the line how long the answer is, and so which range it was.
      headers: { 'add-padding': 'true', accept: 'text/plain', 'user-agent': 'latchkey' },
      redirect: 'error',
      signal,
    })
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel()
      throw new Error(`the answer was ${response.status}`)
    }
    return readAtMost(MAX_ANSWER, response.body)
  }
}

async function readAtMost(limit: number, body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop cancels the rest.
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > limit) throw new Error(`the answer has more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

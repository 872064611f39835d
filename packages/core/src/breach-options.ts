import * as z from 'zod'
import type { Seconds } from './time.ts'

// A name that only its owner's DNS could point elsewhere, and that nothing of a request ever becomes a part of (S105).
const PWNED_PASSWORDS = 'https://api.pwnedpasswords.com/range/'
const LOCAL = ['localhost', '127.0.0.1', '[::1]']

/**
 * Fetches the known breached passwords of a range: of the first five hexadecimal digits of SHA-1, in upper case. The
 * answer has one line each, the other 35 digits, a colon and a count. What it rejects with is reported to `onError`.
 */
export type FetchRange = (prefix: string, signal: AbortSignal) => Promise<string>

/** How new passwords are looked up among those that breaches made known. */
export interface BreachCheckOptions {
  /**
   * Where ranges are fetched from, the five digits appended: a mirror of Pwned Passwords, such as
   * `https://pwned.internal.example/range/`. Redirects are not followed. @default the public service
   */
  readonly url?: string | undefined
  /** Fetches ranges in place of `url`: by a proxy, or from a file. Anything else about it is the same. @default none */
  readonly fetchRange?: FetchRange | undefined
  /** So long a lookup may take, in seconds, 1 to 10. @default 1 */
  readonly timeout?: number | undefined
  /** So often a password must have been seen in breaches to be refused. 1 to 1000000. @default 1 */
  readonly minCount?: number | undefined
  /**
   * What becomes of a password that cannot be looked up: `accept` takes it, as if there were no check; `refuse` answers
   * 503 with `Retry-After`. Both tell `onError`, at most once a minute. @default 'accept'
   */
  readonly onFailure?: 'accept' | 'refuse' | undefined
}

/** The {@link BreachCheckOptions}, checked, with every default filled in. */
export interface BreachRules {
  readonly url: string
  readonly fetchRange: FetchRange | null
  readonly timeout: Seconds
  readonly minCount: number
  readonly onFailure: 'accept' | 'refuse'
}

/** The option `passwords.breachCheck`; `null` is no check. */
export function breachCheckSchema(): z.ZodOptional<z.ZodType<BreachRules | null>> {
  const rules = z.strictObject(
    {
      url: z.string(URL_ADVICE).refine(isRangeUrl, URL_ADVICE).default(PWNED_PASSWORDS),
      fetchRange: z
        .custom<FetchRange>((value) => typeof value === 'function', 'must be a function')
        .nullable()
        .default(null),
      timeout: whole(10, 1, ' of seconds'),
      minCount: whole(1_000_000, 1),
      onFailure: z.enum(['accept', 'refuse'], 'must be "accept" or "refuse"').default('accept'),
    },
    'must be true, false, or an object of its own options',
  )
  return z.preprocess(written, rules.nullable()).optional()
}

const URL_ADVICE =
  'must begin with "https://" and end with "/" ("http://localhost:…" is fine in development)'

function isRangeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, href, username, password, search, hash } = new URL(text)
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOCAL.includes(hostname))
  return isSafe && username + password + search + hash === '' && href.endsWith('/')
}

function whole(max: number, fallback: number, unit = '') {
  const message = `must be a whole number${unit} from 1 to ${max}`
  return z.int(message).min(1, message).max(max, message).default(fallback)
}

function written(option: unknown): unknown {
  if (option === false) return null
  return option === true ? {} : option
}

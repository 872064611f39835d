import { DAY, HOUR, MINUTE, type Seconds } from './time.ts'

/** How much a rule of the limits allows. */
export interface Allowance {
  /** So often within a window. */
  readonly points: number
  /** How long a window lasts. */
  readonly window: Seconds
}

/** A rule of the limits. */
export interface LimitRule extends Allowance {
  /** What is counted. */
  readonly counts: string
  /** What each has a count of its own for. */
  readonly per: string
  /** Where the numbers come from. */
  readonly source: string
  /** The most that `points` may be set to. @default a million */
  readonly maxPoints?: number
  /**
   * Instead of refusing the rest of the window, makes each further attempt wait twice as long as the one before. The
   * window then begins anew with each attempt.
   */
  readonly delays?: true
}

// A password may fail 100 times in a row, NIST SP 800-63B-4, section 3.2.2: nobody is to set more by mistake.
const GUESSES = 100

/** Every limit, once. The numbers are defaults of the option `limits.rules`. */
export const limitTable = {
  requests: {
    counts: 'requests to routes that anyone may call',
    per: 'address',
    points: 100,
    window: MINUTE,
    source: 'own number, over the 10 in 10 s that others have for a single page',
  },
  logins: {
    counts: 'logins that fail',
    per: 'account and address',
    points: 5,
    window: 15 * MINUTE,
    maxPoints: GUESSES,
    delays: true,
    source: 'OWASP Authentication Cheat Sheet; NIST SP 800-63B-4, section 3.2.2',
  },
  loginsOfAccount: {
    counts: 'logins that fail, but from where the account was logged in to',
    per: 'account',
    points: 20,
    window: HOUR,
    maxPoints: GUESSES,
    delays: true,
    source: 'ASVS 5.0, 6.3.1; the 20 of Devise',
  },
  loginsFromAddress: {
    counts: 'logins that fail',
    per: 'address',
    points: 30,
    window: 5 * MINUTE,
    source: 'ASVS 5.0, 6.3.1; the 30 of Supabase',
  },
  passwordProofs: {
    counts: 'current passwords that are wrong',
    per: 'account',
    points: 5,
    window: 15 * MINUTE,
    maxPoints: GUESSES,
    delays: true,
    source: 'as for logins; ASVS 5.0, 6.2.3',
  },
  codes: {
    counts: 'one-time codes',
    per: 'account',
    points: 20,
    window: HOUR,
    maxPoints: GUESSES,
    source: 'ASVS 5.0, 6.6.3: four messages with five attempts each',
  },
  codesFromAddress: {
    counts: 'one-time codes',
    per: 'address',
    points: 30,
    window: 5 * MINUTE,
    source: 'as for logins',
  },
  registrations: {
    counts: 'registrations',
    per: 'address',
    points: 10,
    window: HOUR,
    source: 'ASVS 5.0, 2.4.1, own number',
  },
  messages: {
    counts: 'messages that somebody asked for',
    per: 'destination',
    points: 3,
    window: 15 * MINUTE,
    source: 'OWASP Forgot Password Cheat Sheet, own number',
  },
  otherMessages: {
    counts: 'those of them that are not for a new password',
    per: 'destination',
    points: 2,
    window: 15 * MINUTE,
    source: 'ASVS 5.0, 6.1.1: of the 3, one is left for a reset',
  },
  textMessages: {
    counts: 'text messages that somebody asked for',
    per: 'destination',
    points: 1,
    window: MINUTE,
    source: 'the 60 s of Supabase',
  },
  textMessagesOfDay: {
    counts: 'text messages that somebody asked for',
    per: 'destination',
    points: 10,
    window: DAY,
    source: 'ASVS 5.0, 2.4.1, own number',
  },
  otherTextMessagesOfDay: {
    counts: 'those of them that are not for a new password',
    per: 'destination',
    points: 5,
    window: DAY,
    source: 'ASVS 5.0, 6.1.1: of the 10, five are left for resets',
  },
  messagesFromAddress: {
    counts: 'requests for a message',
    per: 'address',
    points: 20,
    window: HOUR,
    source: 'OWASP Forgot Password Cheat Sheet, own number',
  },
  messagesOfAccount: {
    counts: 'messages to new addresses that somebody with a session asked for',
    per: 'account',
    points: 10,
    window: HOUR,
    source: 'ASVS 5.0, 2.4.1, own number',
  },
  refreshes: {
    counts: 'rotations of the refresh token; a repeated answer is none',
    per: 'session',
    points: 30,
    window: MINUTE,
    source: 'own number: a client needs one in ten minutes',
  },
  refreshesFromAddress: {
    counts: 'refreshes that fail',
    per: 'address',
    points: 150,
    window: 5 * MINUTE,
    source: 'the 150 of Supabase',
  },
} as const satisfies Record<string, LimitRule>

/** The name of a rule. */
export type LimitName = keyof typeof limitTable

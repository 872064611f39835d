/** Every reason for which Latchkey refuses something. Stable: clients may switch on it. */
export type AuthErrorCode =
  | 'invalid_request'
  | 'invalid_input'
  | 'password_too_short'
  | 'password_blocked'
  | 'unauthenticated'
  | 'invalid_credentials'
  | 'wrong_password'
  | 'invalid_token'
  | 'token_stale'
  | 'invalid_one_time_token'
  | 'account_not_activated'
  | 'forbidden'
  | 'reauth_required'
  | 'csrf_failed'
  | 'not_found'
  | 'method_not_allowed'
  | 'username_taken'
  | 'email_taken'
  | 'phone_taken'
  | 'last_administrator'
  | 'wrong_status'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'overloaded'
  | 'unavailable'
  | 'internal_error'

/** What is wrong with a member of the input, and what to do. Stable: clients may switch on it. */
export const inputErrors = {
  required: 'it is missing',
  unknown_member: 'there is no such member: leave it out',
  not_accepted: 'this identifier is not used here: leave it out',
  wrong_type: 'it must be of another type',
  too_short: 'it must be longer',
  too_long: 'it must be shorter',
  invalid: 'it has not the right form',
  taken: 'somebody else has it',
  duplicate: 'an earlier row has it too',
  unknown_role: 'there is no such role',
  not_allowed: 'your own role does not allow it',
  last_administrator: 'at least one administrator must remain',
  proof_required:
    'give one proof: `token`, or `code` (with `identifier` where nobody is logged in)',
  password_too_short: 'choose a longer password',
  password_blocked: 'choose a password that is harder to guess',
  password_breached: 'choose a password that no breach has made known',
} as const

/** See {@link inputErrors}. */
export type InputErrorCode = keyof typeof inputErrors

/** One member of the input that is wrong. */
export interface InputError {
  /** JSON Pointer (RFC 6901) to the member, such as `/email`; the empty string is the whole input. */
  readonly pointer: string
  readonly code: InputErrorCode
  /** One sentence for a developer. Never repeats the value. */
  readonly detail: string
}

/** The rule that refuses, and what it allows. */
export interface ReachedLimit {
  readonly rule: string
  readonly points: number
  /** In seconds. */
  readonly window: number
}

/** What an {@link AuthError} may carry besides its code. */
export interface AuthErrorOptions {
  /** The members of the input that are wrong, for the 422 codes. */
  readonly errors?: readonly InputError[] | undefined
  /** Seconds after which a retry makes sense, for 429 and the 503 codes. */
  readonly retryAfter?: number | undefined
  /** For `rate_limited`. */
  readonly limit?: ReachedLimit | undefined
  /** What failed underneath; reported to `onError`, never sent to a client. */
  readonly cause?: unknown
}

/** A refusal. Every flow that says no throws this and nothing else. */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: AuthErrorCode
  readonly errors: readonly InputError[]
  readonly retryAfter: number | null
  readonly limit: ReachedLimit | null

  constructor(code: AuthErrorCode, options: AuthErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.errors = options.errors ?? []
    this.retryAfter = options.retryAfter ?? null
    this.limit = options.limit ?? null
  }
}

/** A 422 about one member of the input. */
export function inputError(
  pointer: string,
  reason: InputErrorCode,
  detail: string,
  code: AuthErrorCode = 'invalid_input',
): AuthError {
  return new AuthError(code, { errors: [{ pointer, code: reason, detail }] })
}

/** Thrown at construction when an option is missing or wrong. The message names the option and the remedy. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  /** The path of the option, such as `passwords.minLength`. */
  readonly option: string

  /** @param where The function that was called, such as `createAuth`. */
  constructor(where: string, option: string, remedy: string) {
    super(`${where}: option "${option}" ${remedy}`)
    this.option = option
  }
}

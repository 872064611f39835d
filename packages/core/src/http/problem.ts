import type { AuthError, AuthErrorCode } from '../errors.ts'
import { securityHeaders } from './headers.ts'
import type { TextReply } from './request.ts'

interface ProblemKind {
  readonly status: number
  readonly title: string
  /** The `WWW-Authenticate` that goes with it (RFC 6750, section 3; RFC 9470). */
  readonly challenge?: string
}

const INVALID_TOKEN = 'Bearer error="invalid_token"'

/** What each refusal looks like on the wire. A new code does not compile until it stands here. */
export const problems: Record<AuthErrorCode, ProblemKind> = {
  invalid_request: { status: 400, title: 'The request is malformed' },
  invalid_one_time_token: { status: 400, title: 'The link or code is wrong, used or expired' },
  unauthenticated: { status: 401, title: 'A credential is needed', challenge: 'Bearer' },
  invalid_credentials: {
    status: 401,
    title: 'The identifier or the password is wrong',
    challenge: 'Bearer',
  },
  invalid_token: { status: 401, title: 'The token is not valid', challenge: INVALID_TOKEN },
  token_stale: {
    status: 401,
    title: 'The token is out of date: refresh it',
    challenge: INVALID_TOKEN,
  },
  account_not_activated: { status: 403, title: 'The account is not activated' },
  wrong_password: { status: 403, title: 'The current password is wrong' },
  forbidden: {
    status: 403,
    title: 'This is not allowed',
    challenge: 'Bearer error="insufficient_scope"',
  },
  reauth_required: {
    status: 403,
    title: 'A fresh login is needed',
    challenge: 'Bearer error="insufficient_user_authentication"',
  },
  csrf_failed: { status: 403, title: 'The request does not come from a page that may make it' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'This method is not allowed here' },
  username_taken: { status: 409, title: 'The username is taken' },
  email_taken: { status: 409, title: 'The e-mail address is taken' },
  phone_taken: { status: 409, title: 'The phone number is taken' },
  last_administrator: { status: 409, title: 'At least one administrator must remain' },
  wrong_status: { status: 409, title: 'The account is not in a state that allows this' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON in UTF-8' },
  invalid_input: { status: 422, title: 'The input is not valid' },
  password_too_short: { status: 422, title: 'The password is too short' },
  password_blocked: { status: 422, title: 'The password is too easy to guess' },
  rate_limited: { status: 429, title: 'Too many attempts: try again later' },
  internal_error: { status: 500, title: 'Something went wrong' },
  overloaded: { status: 503, title: 'Too much to do: try again soon' },
  unavailable: { status: 503, title: 'Not available: try again soon' },
}

/** The refusal as problem details (RFC 9457). Says what is wrong with the input, never why inside. */
export function problemDetails({ code, errors }: Pick<AuthError, 'code' | 'errors'>) {
  const { status, title } = problems[code]
  const type = `urn:latchkey:problem:${code}`
  return { type, title, status, code, ...(errors.length > 0 && { errors }) }
}

/** What an answer tells of a refusal. */
type Told = Pick<AuthError, 'code' | 'errors' | 'retryAfter' | 'limit'>

/** The refusal as it is answered. */
export function problemReply(
  error: Told,
  extraHeaders: Readonly<Record<string, string>> = {},
): TextReply {
  const { status, challenge } = problems[error.code]
  const headers = {
    ...securityHeaders,
    'content-type': 'application/problem+json; charset=utf-8',
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
    ...(error.retryAfter !== null && { 'retry-after': String(error.retryAfter) }),
    ...rateLimitHeaders(error),
    ...extraHeaders,
  }
  return { status, headers, setCookies: [], body: JSON.stringify(problemDetails(error)) }
}

/** What was allowed and when it is again, as draft-ietf-httpapi-ratelimit-headers-10 has it. */
function rateLimitHeaders({ limit, retryAfter }: Told): Readonly<Record<string, string>> {
  if (limit === null) return {}
  const { rule, points, window } = limit
  return {
    'ratelimit-policy': `"${rule}";q=${points};w=${window}`,
    ratelimit: `"${rule}";r=0;t=${retryAfter ?? window}`,
  }
}

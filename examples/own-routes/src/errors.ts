import { AuthError, type AuthErrorCode } from '@latchkey/core'
import type { ErrorRequestHandler } from 'express'

type Refusal = readonly [status: number, code: string, message: string]

/** Each refusal in the words of this API. With a code missing, this does not compile. */
export const refusals: Record<AuthErrorCode, Refusal> = {
  invalid_request: [400, 'bad_request', 'The request is malformed.'],
  invalid_one_time_token: [400, 'bad_proof', 'The link or code is wrong, used or too old.'],
  unauthenticated: [401, 'sign_in_required', 'Sign in first.'],
  invalid_credentials: [401, 'bad_credentials', 'The address or the password is wrong.'],
  invalid_token: [401, 'bad_token', 'The token is not valid, or no longer.'],
  token_stale: [401, 'stale_token', 'Get another token: your rights have changed.'],
  account_not_activated: [403, 'not_activated', 'Activate the account first.'],
  wrong_password: [403, 'wrong_password', 'The current password is wrong.'],
  forbidden: [403, 'not_allowed', 'This is not allowed.'],
  reauth_required: [403, 'sign_in_again', 'Sign in again, then repeat this.'],
  csrf_failed: [403, 'wrong_page', 'This page may not do that.'],
  not_found: [404, 'not_found', 'There is no such thing.'],
  method_not_allowed: [405, 'bad_method', 'This method is not allowed here.'],
  username_taken: [409, 'name_taken', 'This name is taken.'],
  email_taken: [409, 'address_taken', 'This address is taken.'],
  phone_taken: [409, 'number_taken', 'This number is taken.'],
  last_administrator: [409, 'last_administrator', 'Somebody must remain who administers.'],
  wrong_status: [409, 'wrong_status', 'The account is in no state for this.'],
  payload_too_large: [413, 'too_large', 'The body is too large.'],
  unsupported_media_type: [415, 'not_json', 'Send application/json, in UTF-8.'],
  invalid_input: [422, 'bad_fields', 'Some members are missing or wrong.'],
  password_too_short: [422, 'weak_password', 'Choose a longer password.'],
  password_blocked: [422, 'weak_password', 'Choose a password that is harder to guess.'],
  rate_limited: [429, 'slow_down', 'Too many attempts. Try again later.'],
  internal_error: [500, 'internal', 'Something went wrong.'],
  overloaded: [503, 'busy', 'Try again soon.'],
  unavailable: [503, 'busy', 'Try again soon.'],
}

/** Answers `{"error": {"code", "message", "fields"}}`, whatever a handler has thrown. */
export const answerError: ErrorRequestHandler = (thrown: unknown, _request, response, next) => {
  if (response.headersSent) return next(thrown)
  const error = toAuthError(thrown)
  const [status, code, message] = refusals[error.code]
  if (status >= 500) report(error)
  if (status === 401) response.set('www-authenticate', 'Bearer')
  if (error.retryAfter !== null) response.set('retry-after', String(error.retryAfter))
  response.status(status).json({ error: { code, message, fields: fieldsOf(error) } })
}

/** What Express and its parsers throw says with `status` when the client is at fault. */
const parserCodes: Readonly<Record<number, AuthErrorCode>> = {
  400: 'invalid_request',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
}

function toAuthError(thrown: unknown): AuthError {
  if (thrown instanceof AuthError) return thrown
  const code = parserCodes[Object(thrown).status]
  return new AuthError(code ?? 'internal_error', { cause: thrown })
}

/** By the names of this API: what Latchkey calls otherwise. */
const names: Readonly<Record<string, string>> = {
  '/identifier': 'email',
  '/newPassword': 'new_password',
  '/currentPassword': 'current_password',
  '/refreshToken': 'refresh_token',
  '/device/name': 'device_name',
}

/** What is wrong with which member; nothing when the members are right. */
function fieldsOf({ errors }: AuthError): Readonly<Record<string, string>> | undefined {
  if (errors.length === 0) return undefined
  return Object.fromEntries(
    errors.map(({ pointer, detail }) => [names[pointer] ?? pointer.slice(1), detail]),
  )
}

/** Nobody else does: a flow leaves its failure to whoever called it. Only the stack: some errors hold the whole body. */
function report({ code, cause }: AuthError): void {
  console.error(cause instanceof Error ? cause.stack : code)
}

import type { ErrorListener } from '../background.ts'
import type { Context } from '../context.ts'
import { AuthError, type AuthErrorCode } from '../errors.ts'
import { matchPath } from './path.ts'
import { problemReply } from './problem.ts'
import { type ProblemOptions, pointerOf } from './problem-options.ts'
import type { TextReply } from './request.ts'
import { routesUnder } from './routes.ts'

/** What was thrown, where, and how it is answered. */
export interface ProblemInput extends ProblemOptions {
  /** The path below the mount point of the router; `''` where none of our routes is. */
  readonly path?: string | undefined
}

/**
 * The answer to a refusal; `null` for any other error, unless all are to be answered. On a path of ours, what a body
 * parser of the host refused is answered as if we had read the body.
 */
export function problemOf(
  ctx: Context,
  report: ErrorListener,
  error: unknown,
  { path = '', catchAll = false, pointers = {} }: ProblemInput,
): TextReply | null {
  if (error instanceof AuthError) {
    if (error.cause !== undefined) report(error.cause, 'a flow')
    return problemReply(inNamesOf(pointers, error))
  }
  const code = catchAll ? faultOf(error) : isOurs(ctx, path) ? parserRefusal(error) : undefined
  if (code === undefined && !catchAll) return null
  if (code === undefined) report(error, 'a handler')
  return problemReply(new AuthError(code ?? 'internal_error'))
}

function isOurs({ settings }: Context, path: string): boolean {
  return matchPath(routesUnder(settings, settings.transport.byDefault), path).length > 0
}

function inNamesOf(pointers: Readonly<Record<string, string>>, error: AuthError) {
  const { code, errors, retryAfter, limit } = error
  const renamed = errors.map((one) => ({ ...one, pointer: pointerOf(pointers, one.pointer) }))
  return { code, errors: renamed, retryAfter, limit }
}

// What body parsers throw says so with `status`, unless unpacking failed. Other errors are the application's own.
const parserRefusals: Readonly<Record<number, AuthErrorCode>> = {
  400: 'invalid_request',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
}

function parserRefusal(error: unknown): AuthErrorCode | undefined {
  const { status, code, type, body }: Partial<Record<string, unknown>> = Object(error)
  // Node's codes for data that zlib or Brotli cannot unpack.
  if (typeof code === 'string' && /^(?:Z|ERR_)_/.test(code)) return 'invalid_request'
  const byParser = PARSER_TYPE.test(String(type)) || body !== undefined || status === 415
  return byParser && typeof status === 'number' ? parserRefusals[status] : undefined
}

// Of body-parser and raw-body. Koa's parsers leave the body itself in the error.
const PARSER_TYPE = /^(?:entity|encoding|charset|request|stream|parameters|querystring)\./

const faults: Readonly<Record<number, AuthErrorCode>> = {
  ...parserRefusals,
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
}

/** The code for an error by which the client is at fault. A `status` alone says nothing: it may be that of another server. */
function faultOf(error: unknown): AuthErrorCode | undefined {
  const { status, expose }: Partial<Record<string, unknown>> = Object(error)
  // Express's for a path that cannot be decoded, which it does not mark.
  const isTold = expose === true || error instanceof URIError
  return parserRefusal(error) ?? (isTold ? faults[Number(status)] : undefined)
}

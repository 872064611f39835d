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
  const refusal = isOurs(ctx, path) ? parserRefusal(error) : undefined
  if (refusal !== undefined) return problemReply(new AuthError(refusal))
  return catchAll ? problemReply(new AuthError(caught(report, error))) : null
}

/** A failure is reported; what the client is at fault for is not: it may hold the body. */
function caught(report: ErrorListener, error: unknown): AuthErrorCode {
  const fault = faultOf(error)
  if (fault !== undefined) return fault
  report(error, 'a handler')
  // Koa's parsers throw it as it comes, and so would a handler that unpacks something else.
  return isUnpacking(error) ? 'invalid_request' : 'internal_error'
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
  const { status, type, body }: Partial<Record<string, unknown>> = Object(error)
  if (isUnpacking(error)) return 'invalid_request'
  const byParser = PARSER_TYPE.test(String(type)) || body !== undefined || status === 415
  return byParser && typeof status === 'number' ? parserRefusals[status] : undefined
}

// Of body-parser and raw-body. Koa's parsers leave the body itself in the error.
const PARSER_TYPE = /^(?:entity|encoding|charset|request|stream|parameters|querystring)\./

/** Node's codes for data that zlib or Brotli cannot unpack. */
function isUnpacking(error: unknown): boolean {
  const { code }: { readonly code?: unknown } = Object(error)
  return typeof code === 'string' && /^(?:Z|ERR_)_/.test(code)
}

const faults: Readonly<Record<number, AuthErrorCode>> = {
  ...parserRefusals,
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  429: 'rate_limited',
}

/**
 * The code for an error by which the client is at fault. A `status` alone says nothing: HTTP clients put that of another
 * server there. With `expose`, which http-errors always sets, it is about this request.
 */
function faultOf(error: unknown): AuthErrorCode | undefined {
  const { status, expose, message }: Partial<Record<string, unknown>> = Object(error)
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined
  if (typeof expose === 'boolean') return faults[status] ?? 'invalid_request'
  // A path that Express cannot decode, and a body that Koa's parsers cannot read.
  if (status === 400 && (error instanceof URIError || error instanceof SyntaxError)) {
    return 'invalid_request'
  }
  const isEncoding = status === 415 && /^unsupported content-encoding/i.test(String(message))
  return isEncoding ? 'unsupported_media_type' : undefined
}

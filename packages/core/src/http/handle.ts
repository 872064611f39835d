import type { ErrorListener } from '../background.ts'
import type { Context } from '../context.ts'
import { AuthError, type AuthErrorCode } from '../errors.ts'
import { limitAddress } from '../limits.ts'
import type { Transport } from '../transport.ts'
import { clientOf } from './client.ts'
import { triesBasic } from './credential.ts'
import { enter } from './enter.ts'
import { type Match, matchPath } from './path.ts'
import { problemReply } from './problem.ts'
import { withCookies } from './reply.ts'
import type { PlainRequest, Reply, RequestHead, TextReply } from './request.ts'
import { routesUnder } from './routes.ts'
import { readyToSend } from './streamed-reply.ts'

const BASIC_CHALLENGE = 'Basic realm="login", charset="UTF-8"'

/** Answers a request; `null` when none of our routes has its path, which is then the host's affair. */
export async function handle(
  ctx: Context,
  report: ErrorListener,
  request: PlainRequest,
  transport: Transport = ctx.settings.transport.byDefault,
): Promise<Reply | null> {
  const matches = matchPath(routesUnder(ctx.settings, transport), request.path)
  if (matches.length === 0) return null
  return answered(report, request, async () => {
    // HEAD is GET without the body, which the host leaves away (RFC 9110, section 9.3.2).
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const match = matches.find(({ route }) => route.method === method)
    if (match === undefined) return methodNotAllowed(matches)
    const client = clientOf(ctx, request)
    const { access, isStatic } = match.route
    if (access === 'anyone' && isStatic !== true) await limitAddress(ctx, 'requests', client)
    const { heard, principal, setCookies, refusal } = await enter(ctx, request, match, transport)
    const reply = await answered(report, request, async () => {
      if (refusal !== null) throw refusal
      const call = { client, id: match.id, transport }
      const made = await match.route.respond(ctx, heard, call, principal)
      // Some hosts print what a stream throws: what failed underneath is not for them.
      const failed = (error: unknown) => new AuthError(toRefusal(report, request, error).code)
      return readyToSend(made, request.method, failed)
    })
    return withCookies(reply, setCookies)
  })
}

/** The answer that the work makes, or else the one to what it throws. */
async function answered(
  report: ErrorListener,
  request: PlainRequest,
  work: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work()
  } catch (error) {
    return refuse(request, toRefusal(report, request, error))
  }
}

// What body parsers throw says so with `status`, unless unpacking failed. Other errors are the application's own.
const parserRefusals: Readonly<Record<number, AuthErrorCode>> = {
  400: 'invalid_request',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
}

/**
 * The answer to a refusal; `null` for any other error. On a path of ours, what a body parser of the host refused is
 * answered as if we had read the body.
 */
export function problemOf(
  ctx: Context,
  report: ErrorListener,
  error: unknown,
  path: string,
): TextReply | null {
  if (error instanceof AuthError) {
    if (error.cause !== undefined) report(error.cause, 'a flow')
    return problemReply(error)
  }
  const isOurs =
    matchPath(routesUnder(ctx.settings, ctx.settings.transport.byDefault), path).length > 0
  const code = isOurs ? parserRefusal(error) : undefined
  return code === undefined ? null : problemReply(new AuthError(code))
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

/** What is thrown while a request is answered is a refusal, or a failure; what failed is reported. */
export function toRefusal(report: ErrorListener, request: RequestHead, error: unknown): AuthError {
  const refusal =
    error instanceof AuthError ? error : new AuthError('internal_error', { cause: error })
  if (refusal.cause !== undefined) report(refusal.cause, `${request.method} ${request.path}`)
  return refusal
}

/** The refusal as the answer to a request. */
export function refuse(request: RequestHead, refusal: AuthError): TextReply {
  const basic = refusal.code === 'invalid_credentials' && triesBasic(request)
  return problemReply(refusal, basic ? { 'www-authenticate': BASIC_CHALLENGE } : {})
}

function methodNotAllowed(matches: readonly Match[]): Reply {
  const methods = matches.map(({ route }) => route.method)
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ')
  return problemReply(new AuthError('method_not_allowed'), { allow })
}

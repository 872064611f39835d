import type { ErrorListener } from '../background.ts'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
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

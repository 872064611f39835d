import type { ErrorListener } from '../background.ts'
import type { Context } from '../context.ts'
import type { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { UserSource } from '../http/authentication.ts'
import { clientOf } from '../http/client.ts'
import { admit, type Requirement, readRequirement, recognize } from '../http/guard.ts'
import { handle, refuse, toRefusal } from '../http/handle.ts'
import { type OpenapiDocument, openapiDocument } from '../http/openapi.ts'
import { type ProblemInput, problemOf } from '../http/problem-of.ts'
import { checkProblemOptions } from '../http/problem-options.ts'
import { withCookies } from '../http/reply.ts'
import type { PlainRequest, Reply, RequestHead, TextReply } from '../http/request.ts'
import { routesUnder } from '../http/routes.ts'
import type { Principal } from '../principal.ts'
import type { Transport } from '../transport.ts'

/**
 * Whether a request may go on, and for whom; `principal` is `null` for an anonymous one where that is allowed. Each of
 * `setCookies`, where a session in cookies was renewed on the way, has to go out as a `set-cookie` of your answer.
 */
export type Admission =
  | {
      readonly admitted: true
      readonly principal: Principal | null
      readonly setCookies: readonly string[]
    }
  | { readonly admitted: false; readonly reply: TextReply; readonly refusal: AuthError }

/**
 * Lets requests in, or says what to answer: `reply` is our answer, `refusal` the reason for one of your own. Never throws
 * or rejects. Without a promise where memory suffices: `await` takes either.
 */
export type Guard = (request: RequestHead) => Admission | Promise<Admission>

/** Requests and answers, as plain data. */
export interface HttpSurface {
  /**
   * The answer to a refusal that one of these functions threw; `null` for any other error, unless `catchAll`. For error
   * handlers: what failed underneath goes to `onError`. With `path`, the one below the mount point, also the answer to
   * what a body parser of the host refused on a path of ours. Throws `ConfigurationError` for an option that cannot be.
   */
  problem(error: unknown, options?: ProblemInput): TextReply | null
  /** Who makes a request, for the last argument of the other functions. Heeds the option `trustProxy`. */
  client(request: Pick<RequestHead, 'ip' | 'header'>): Client
  /**
   * Answers a request to the HTTP surface; `null` when the path is none of ours. Never throws.
   *
   * @param transport How tokens travel on this mount. @default the option `transport`
   */
  handle(request: PlainRequest, transport?: Transport): Promise<Reply | null>
  /** What `handle` serves, as an OpenAPI 3.1 document: for tools that want it without a running server. */
  openapi(transport?: Transport): OpenapiDocument
  /**
   * Makes a guard for routes of the application. Throws `ConfigurationError` for a requirement that cannot be; `where`
   * names in it the function that was called. @default 'guard'
   */
  guard(requirement?: Requirement, where?: string): Guard
}

/** What a host needs of an `Auth`, whatever its profiles are. */
export interface HostedAuth extends HttpSurface, UserSource {}

export function httpSurface(ctx: Context, report: ErrorListener): HttpSurface {
  return {
    problem(error, options = {}) {
      checkProblemOptions('problem', options)
      return problemOf(ctx, report, error, options)
    },
    client: (request) => clientOf(ctx, request),
    handle: (request, transport) => handle(ctx, report, request, transport),
    openapi(transport = ctx.settings.transport.byDefault) {
      const { settings } = ctx
      const routes = routesUnder(settings, transport)
      return structuredClone(openapiDocument(routes, settings, transport))
    },
    guard(requirement = {}, where = 'guard') {
      const checked = readRequirement(ctx, where, requirement)
      const findOut = async (request: RequestHead): Promise<Admission> => {
        const entry = await admit(ctx, request, checked).catch(refused)
        const { refusal: error, principal, setCookies } = entry
        if (error === null) return { admitted: true, principal, setCookies }
        const refusal = toRefusal(report, request, error)
        const reply = withCookies(refuse(request, refusal), setCookies)
        return { admitted: false, reply, refusal }
      }
      return (request) => {
        const principal = recognized(ctx, request, checked)
        if (principal === null) return findOut(request)
        return { admitted: true, principal, setCookies: NO_COOKIES }
      }
    },
  }
}

const NO_COOKIES: readonly string[] = Object.freeze([])

/** `null` also for whom memory refuses: why stands in the answer that is found out then. */
function recognized(
  ctx: Context,
  request: RequestHead,
  requirement: Requirement,
): Principal | null {
  try {
    return recognize(ctx, request, requirement)
  } catch {
    return null
  }
}

function refused(error: unknown) {
  return { refusal: error, principal: null, setCookies: [] }
}

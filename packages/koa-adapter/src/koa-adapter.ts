import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type Admission,
  AuthError,
  type Client,
  type HostedAuth,
  type PlainRequest,
  type Reply,
  type Requirement,
} from '@latchkey/core'
import * as node from '@latchkey/core/node'

/** What we need of a Koa context, in words that fit the types of Koa 2 and 3 and of its routers. */
export interface Context {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  /** Where body parsers leave what they have parsed, as `body`. */
  readonly request: object
  readonly headerSent: boolean
  /** `false` for who answers past Koa. */
  readonly respond?: boolean | undefined
  status: number
  body: unknown
  set(headers: Record<string, string | string[]>): void
}

/** A Koa middleware. */
export type Middleware = (context: Context, next: () => Promise<unknown>) => Promise<unknown>

/**
 * Serves the HTTP surface: `app.use(authRouter(auth, { prefix: '/auth' }))`, or `app.use(mount('/auth', authRouter(auth)))`
 * with koa-mount. Works before or after a body parser, on Koa 3 and 2.16+. A path that is none of ours goes on to the
 * next middleware. Throws `ConfigurationError` for an option that cannot be.
 */
export function authRouter(auth: HostedAuth, options: node.MountOptions = {}): Middleware {
  const prefix = node.checkMount('authRouter', auth, options)
  return async (ctx, next) => {
    const reply = await auth.handle(toPlain(ctx, prefix), options.transport)
    if (reply === null) await next()
    else answer(ctx, reply)
  }
}

/**
 * Lets in who has a valid access token and meets the requirement, and answers everybody else with a problem. Works
 * without the router. Throws `ConfigurationError` for a requirement that cannot be.
 */
export function requireAuth(auth: HostedAuth, requirement: Requirement = {}): Middleware {
  node.checkMount('requireAuth', auth)
  const guard = auth.guard(requirement, 'requireAuth')
  return (ctx, next) => {
    const goOn = (admission: Admission) => {
      if (!admission.admitted) return Promise.resolve(answer(ctx, admission.reply))
      node.letIn(ctx.req, ctx.res, auth, admission)
      return next()
    }
    const admission = guard(node.requestHead(ctx.req, { url: ctx.req.url ?? '' }))
    return admission instanceof Promise ? admission.then(goOn) : goOn(admission)
  }
}

/**
 * Who makes this request. Throws an error that says which guard is missing when no `requireAuth` let it in.
 * `authOf<typeof auth>(ctx)` knows the type of the profile.
 */
export function authOf<Users extends node.UserSource = node.Anybody>(
  ctx: Pick<Context, 'req'>,
): node.Authentication<node.ProfileOf<Users>> {
  return node.authOf<Users>(ctx.req)
}

/**
 * Who makes this request; `null` for an anonymous one that `requireAuth(auth, { optional: true })` let pass, and for one
 * that no guard has seen.
 */
export function optionalAuthOf<Users extends node.UserSource = node.Anybody>(
  ctx: Pick<Context, 'req'>,
): node.Authentication<node.ProfileOf<Users>> | null {
  return node.optionalAuthOf<Users>(ctx.req)
}

/** Who makes a request, for the last argument of a flow. Heeds the option `trustProxy` of `createAuth`, not Koa's `proxy`. */
export function clientOf(auth: Pick<HostedAuth, 'client'>, ctx: Pick<Context, 'req'>): Client {
  return node.clientOf(auth, ctx.req)
}

/**
 * The token of `Authorization`, read as strictly as by guards, whether or not it is a good one: for a logout, which takes
 * one that has expired too. Throws `unauthenticated` without one, `invalid_token` for what is none, `invalid_request` for two.
 */
export function bearerToken(ctx: Pick<Context, 'req'>): string {
  return node.bearerToken(ctx.req)
}

/**
 * Answers what a flow threw in a middleware of yours, such as `authOf(ctx).loadUser()` when the store is down, with its
 * problem: `app.use(authErrors(auth))` before all others. With the prefix of the router it also answers what a body
 * parser in front of the router refused, and with `catchAll` all that was thrown anywhere, and what no middleware has
 * answered (`not_found`). Other errors go on. Throws `ConfigurationError` for an option that cannot be.
 */
export function authErrors(auth: HostedAuth, options: node.ErrorHandlerOptions = {}): Middleware {
  const prefix = node.checkErrorHandler('authErrors', auth, options)
  const { catchAll, pointers } = options
  return async (ctx, next) => {
    const path = options.prefix === undefined ? '' : node.pathBelow(prefix, ctx.req.url ?? '')
    try {
      await next()
      if (catchAll === true && isUnanswered(ctx)) throw new AuthError('not_found')
    } catch (error) {
      const reply = ctx.headerSent ? null : auth.problem(error, { path, catchAll, pointers })
      if (reply === null) throw error
      answer(ctx, reply)
    }
  }
}

/** Koa would say so in plain text. */
function isUnanswered({ status, body, headerSent, respond }: Context): boolean {
  return status === 404 && body == null && !headerSent && respond !== false
}

/** The target as it came: what koa-mount has taken away is gone from it, and nothing else has been decoded. */
function toPlain(ctx: Context, prefix: string): PlainRequest {
  const { body }: { body?: unknown } = ctx.request
  return node.plainRequest(ctx.req, { url: ctx.req.url ?? '', prefix, parsedBody: body })
}

/** Koa sends no body for `null`, and takes 204 for it: so the status comes last. */
function answer(ctx: Context, reply: Reply): void {
  const body = typeof reply.body === 'string' ? reply.body : node.streamOf(ctx.res, reply.body)
  if (ctx.headerSent) return
  node.forgetBody(ctx.res)
  ctx.body = body === '' ? null : body
  ctx.set({ ...node.replyHeaders(ctx.req, ctx.res, reply) })
  ctx.status = reply.status
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Admission, HostedAuth, PlainRequest, Reply, Requirement } from '@latchkey/core'
import {
  checkErrorHandler,
  checkMount,
  type ErrorHandlerOptions,
  letIn,
  type MountOptions,
  pathBelow,
  plainRequest,
  requestHead,
  sendReply,
} from '@latchkey/core/node'

/** A request handler, in the words of Node: it fits the types of Express 4 and of Express 5. */
export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/** An error handler, in the words of Node. */
export type ErrorHandler = (
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Serves the HTTP surface: `app.use('/auth', authRouter(auth))`, or `app.use(authRouter(auth, { prefix: '/auth' }))`.
 * Works at any path, before or after `express.json()`, on Express 5 and 4.18+. A path that is none of ours goes on to
 * the next handler. Throws `ConfigurationError` for an option that cannot be.
 */
export function authRouter(auth: HostedAuth, options: MountOptions = {}): Handler {
  const prefix = checkMount('authRouter', auth, options)
  return handler(async (request, response, next) => {
    const reply = await auth.handle(toPlain(request, prefix), options.transport)
    if (reply === null) return next()
    send(request, response, reply)
  })
}

/**
 * Lets in who has a valid access token and meets the requirement, and answers everybody else with a problem. Works
 * without the router. Throws `ConfigurationError` for a requirement that cannot be.
 */
export function requireAuth(auth: HostedAuth, requirement: Requirement = {}): Handler {
  checkMount('requireAuth', auth)
  const guard = auth.guard(requirement, 'requireAuth')
  const goOn = (admission: Admission, ...[request, response, next]: Parameters<Handler>) => {
    if (!admission.admitted) return send(request, response, admission.reply)
    letIn(request, response, auth, admission)
    next()
  }
  return (request, response, next) => {
    const admission = guard(requestHead(request, { url: request.url ?? '' }))
    if (admission instanceof Promise) {
      admission.then((found) => goOn(found, request, response, next)).catch(next)
    } else goOn(admission, request, response, next)
  }
}

/**
 * Answers what a flow threw in a handler of yours, such as `authOf(request).loadUser()` when the store is down, with
 * its problem: `app.use(authErrors(auth))` behind the routes. With the mount point of the router as `prefix`, it also
 * answers what a body parser in front of the router refused, and with `catchAll` all that was thrown anywhere. Other
 * errors go on. Express 4 does not see what an async handler rejects with: there, hand it on with `.catch(next)`.
 * Throws `ConfigurationError` for an option that cannot be.
 */
export function authErrors(auth: HostedAuth, options: ErrorHandlerOptions = {}): ErrorHandler {
  const prefix = checkErrorHandler('authErrors', auth, options)
  const { catchAll, pointers } = options
  return (error, request, response, next) => {
    if (response.headersSent) return next(error)
    const path = options.prefix === undefined ? '' : pathAt(prefix, request.url ?? '')
    const reply = auth.problem(error, { path, catchAll, pointers })
    if (reply === null) return next(error)
    send(request, response, reply)
  }
}

/** Express does not mind the case of a mount point. */
function pathAt(prefix: string, url: string): string {
  const start = url.slice(0, prefix.length)
  const isThere = start.toLowerCase() === prefix.toLowerCase()
  return isThere ? pathBelow(start, url) : ''
}

/** `request.url` is what follows the mount point; `body` is what a parser of the host left. */
function toPlain(
  request: IncomingMessage & { readonly body?: unknown },
  prefix: string,
): PlainRequest {
  return plainRequest(request, { url: request.url ?? '', prefix, parsedBody: request.body })
}

/** The same bytes as on every other host: Express would add its name. */
function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (!response.headersSent) response.removeHeader('X-Powered-By')
  sendReply(request, response, reply)
}

/** Express 4 does not wait for a handler, Express 5 does: what goes wrong reaches `next` in both. */
function handler(handle: (...input: Parameters<Handler>) => Promise<void>): Handler {
  return (request, response, next) => {
    handle(request, response, next).catch(next)
  }
}

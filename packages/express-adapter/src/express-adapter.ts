import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Auth, PlainRequest, Principal, Reply, Requirement, ShownUser } from '@latchkey/core'
import { plainRequest, sendReply } from '@latchkey/core/node'

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

/** Who makes a request that `requireAuth` let in. */
export interface Authentication extends Principal {
  /** The user's own record, from the store. Rejects with `AuthError` `invalid_token` when the user is gone. */
  loadUser(): Promise<ShownUser>
}

const authentications = new WeakMap<IncomingMessage, Authentication>()

/**
 * Serves the HTTP surface: `app.use('/auth', authRouter(auth))`. Works at any path, before or after `express.json()`,
 * on Express 5 and 4.18+. A path that is none of ours goes on to the next handler.
 */
export function authRouter(auth: Auth): Handler {
  return handler(async (request, response, next) => {
    const reply = await auth.handle(toPlain(request))
    if (reply === null) return next()
    send(request, response, reply)
  })
}

/**
 * Lets in who has a valid access token and meets the requirement, and answers everybody else with a problem. Throws
 * `ConfigurationError` for a requirement that cannot be.
 */
export function requireAuth(auth: Auth, requirement: Requirement = {}): Handler {
  const guard = auth.guard(requirement)
  return handler(async (request, response, next) => {
    const admission = await guard(toPlain(request))
    if (!admission.admitted) return send(request, response, admission.reply)
    const { principal } = admission
    if (principal !== null) {
      const loadUser = () => auth.loadUser(principal)
      authentications.set(request, { ...principal, loadUser })
    }
    next()
  })
}

/** Who makes this request. Throws when no `requireAuth` let it in: the route lacks its guard. */
export function authOf(request: IncomingMessage): Authentication {
  const authentication = optionalAuthOf(request)
  if (authentication !== null) return authentication
  throw new Error('authOf: nobody is authenticated; put requireAuth(auth) before this handler')
}

/** Who makes this request; `null` for an anonymous one that `requireAuth(auth, { optional: true })` let pass. */
export function optionalAuthOf(request: IncomingMessage): Authentication | null {
  return authentications.get(request) ?? null
}

/**
 * Answers what a flow threw in a handler of yours, such as `authOf(request).loadUser()` when the store is down, with
 * its problem. Put it behind the routes: `app.use(authErrors(auth))`. Other errors go on. Express 4 does not see what an
 * async handler rejects with: there, hand it on with `.catch(next)`.
 */
export function authErrors(auth: Auth): ErrorHandler {
  return (error, request, response, next) => {
    const reply = response.headersSent ? null : auth.problem(error)
    if (reply === null) return next(error)
    send(request, response, reply)
  }
}

/** `request.url` is what follows the mount point; `body` is what a parser of the host left. */
function toPlain(request: IncomingMessage & { readonly body?: unknown }): PlainRequest {
  return plainRequest(request, { url: request.url ?? '', parsedBody: request.body })
}

/** The same bytes as on every other host: Express would add its name. */
function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  response.removeHeader('X-Powered-By')
  sendReply(request, response, reply)
}

/** Express 4 does not wait for a handler, Express 5 does: what goes wrong reaches `next` in both. */
function handler(handle: (...input: Parameters<Handler>) => Promise<void>): Handler {
  return (request, response, next) => {
    handle(request, response, next).catch(next)
  }
}

import type { HostedAuth } from './auth/http-surface.ts'
import { AuthError } from './errors.ts'
import type { Client } from './events.ts'
import { admitRequest } from './http/authentication.ts'
import { requireBearer } from './http/credential.ts'
import type { Requirement } from './http/guard.ts'
import { checkMount, type MountOptions, pathBelow } from './http/mount.ts'
import { problemReply } from './http/problem.ts'
import type { PlainRequest, Reply, RequestBody } from './http/request.ts'
import type { Principal } from './principal.ts'

export {
  type Anybody,
  type Authentication,
  authOf,
  optionalAuthOf,
  type ProfileOf,
  type UserSource,
} from './http/authentication.ts'
export type { MountOptions } from './http/mount.ts'

/** What a host knows of a request besides the request itself. */
export interface Peer {
  /** The address of the socket's peer: for limits, the audit log and the list of sessions. See the option `trustProxy`. */
  readonly ip?: string | null | undefined
  /** What the host has parsed, if it has read the body. Else hand over a clone of the request, made before. */
  readonly parsedBody?: unknown
}

/** Answers a request of the Fetch API. Never rejects. */
export type FetchHandler = (request: Request, peer?: Peer) => Promise<Response>

/**
 * Whether a request may go on, and for whom; `principal` is `null` for an anonymous one where that is allowed. Each of
 * `setCookies`, where a session in cookies was renewed on the way, has to be appended to your answer as a `set-cookie`.
 */
export type FetchAdmission =
  | {
      readonly admitted: true
      readonly principal: Principal | null
      readonly setCookies: readonly string[]
    }
  | { readonly admitted: false; readonly response: Response; readonly refusal: AuthError }

/** Lets requests in, or has the answer to those that it does not let in. Never rejects. */
export type FetchGuard = (request: Request, peer?: Peer) => Promise<FetchAdmission>

/**
 * Serves the HTTP surface on hosts that speak the Fetch API, such as Hono. A path that is none of ours
 * is answered with 404 `not_found`. Throws `ConfigurationError` for an option that cannot be.
 */
export function fetchHandler(auth: HostedAuth, options: MountOptions = {}): FetchHandler {
  const prefix = checkMount('fetchHandler', auth, options)
  return async (request, peer = {}) => {
    const { pathname, search } = new URL(request.url)
    const target = { path: pathBelow(prefix, pathname), query: search.slice(1) }
    const plain = plainRequest(request, peer, target, bodyOf(request, peer))
    const reply = await auth.handle(plain, options.transport)
    return toResponse(reply ?? problemReply(new AuthError('not_found')))
  }
}

/**
 * Lets in who has a valid access token and meets the requirement, and answers everybody else with a problem. Whom it let
 * in, `authOf(request)` knows. Throws `ConfigurationError` for a requirement that cannot be.
 */
export function fetchGuard(auth: HostedAuth, requirement: Requirement = {}): FetchGuard {
  checkMount('fetchGuard', auth)
  const guard = auth.guard(requirement, 'fetchGuard')
  return async (request, peer = {}) => {
    // The body is nothing to a guard.
    const target = { path: new URL(request.url).pathname, query: '' }
    const admission = await guard(plainRequest(request, peer, target, null))
    if (admission.admitted) {
      admitRequest(request, auth, admission.principal)
      return admission
    }
    const { reply, refusal } = admission
    return { admitted: false, response: toResponse(reply), refusal }
  }
}

/** Who makes a request, for the last argument of a flow. Heeds the option `trustProxy`. */
export function clientOf(
  auth: Pick<HostedAuth, 'client'>,
  request: Request,
  { ip = null }: Pick<Peer, 'ip'> = {},
): Client {
  return auth.client({ ip, header: (name) => request.headers.get(name) })
}

/**
 * The token of `Authorization`, read as strictly as by guards, whether or not it is a good one: for a logout, which takes
 * one that has expired too. Throws `unauthenticated` without one, `invalid_token` for what is none, `invalid_request` for two.
 */
export function bearerToken(request: Request): string {
  return requireBearer({ header: (name) => request.headers.get(name) })
}

function plainRequest(
  request: Request,
  { ip = null }: Peer,
  target: Pick<PlainRequest, 'path' | 'query'>,
  body: RequestBody | null,
): PlainRequest {
  const header = (name: string) => request.headers.get(name)
  return { method: request.method, ...target, header, body, ip }
}

function bodyOf(request: Request, { parsedBody }: Peer): RequestBody | null {
  if (parsedBody !== undefined) return { kind: 'parsed', value: parsedBody }
  if (request.body === null || !announcesBody(request)) return null
  if (request.bodyUsed || request.body.locked) return { kind: 'parsed', value: undefined }
  // Leaving off early must not break the connection: the refusal is still to be sent.
  return { kind: 'unread', chunks: request.body.values({ preventCancel: true }) }
}

/** Some servers have a stream for every POST. Without a length, HTTP/2 and requests made by hand still have a type. */
function announcesBody({ headers }: Request): boolean {
  if (headers.has('content-length')) return headers.get('content-length') !== '0'
  return headers.has('transfer-encoding') || headers.has('content-type')
}

/** A status such as 204 has to have `null` for a body. */
function toResponse({ status, headers, setCookies, body }: Reply): Response {
  const given = typeof body === 'string' ? body || null : streamOf(body)
  const all = new Headers(headers)
  for (const line of setCookies) all.append('set-cookie', line)
  return new Response(given, { status, headers: all })
}

/** Nothing is read before it is asked for; what nobody wants any more is told to end. */
function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { pathBelow } from './http/mount.ts'
import type { PlainRequest, Reply, RequestBody } from './http/request.ts'

export {
  type Authentication,
  admitRequest,
  authOf,
  optionalAuthOf,
} from './http/authentication.ts'
export { checkMount, pathBelow } from './http/mount.ts'

/** What a Node host knows of a request besides the request itself. */
export interface NodeRequestOptions {
  /** The target, as the host shows it to what is mounted: with or without a query. */
  readonly url: string
  /** What still stands before our paths in `url`, as {@link checkMount} returns it. */
  readonly prefix?: string
  /** What the host has parsed, if it has read the body. Counts only then: some parsers leave `{}` behind unread bodies. */
  readonly parsedBody?: unknown
}

/** Translates a request of Node's `http` for `auth.handle` and guards. */
export function plainRequest(request: IncomingMessage, options: NodeRequestOptions): PlainRequest {
  return {
    method: request.method ?? '',
    path: pathBelow(options.prefix ?? '', options.url),
    header: (name) => headerOf(request.rawHeaders, name),
    body: announcesBody(request) ? bodyOf(request, options.parsedBody) : null,
    ip: request.socket.remoteAddress ?? null,
  }
}

/**
 * The headers with which an answer goes out over Node's `http`: a body that was not read to its end ends the connection
 * with it.
 */
export function replyHeaders(
  request: IncomingMessage,
  reply: Reply,
): Readonly<Record<string, string>> {
  const unread = !request.readableEnded && request.httpVersionMajor === 1 && announcesBody(request)
  return unread ? { ...reply.headers, connection: 'close' } : reply.headers
}

/** Sends an answer, unless the host has answered meanwhile. */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.headersSent) return
  response.statusCode = reply.status
  const headers = replyHeaders(request, reply)
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  // Node itself leaves it away on an answer to HEAD.
  if (reply.body !== '') response.setHeader('content-length', Buffer.byteLength(reply.body))
  response.end(reply.body)
}

/** From the raw list: Node's own table silently keeps the first of two `Authorization` headers. */
function headerOf(raw: readonly string[], name: string): string | null {
  let value: string | null = null
  for (let at = 0; at < raw.length; at += 2) {
    if (raw[at]?.toLowerCase() !== name) continue
    value = value === null ? (raw[at + 1] ?? '') : `${value}, ${raw[at + 1]}`
  }
  return value
}

function bodyOf(request: IncomingMessage, parsed: unknown): RequestBody {
  if (request.readableEnded) return { kind: 'parsed', value: parsed }
  // Leaving off early must not destroy the socket: the refusal is still to be sent.
  return { kind: 'unread', chunks: request.iterator({ destroyOnReturn: false }) }
}

function announcesBody(request: IncomingMessage): boolean {
  const { headers, httpVersionMajor } = request
  if (httpVersionMajor > 1) return !endsWithHeaders(request)
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
}

interface Http2Request extends IncomingMessage {
  readonly stream?: { readonly endAfterHeaders?: boolean }
}

/** HTTP/2 needs no length: the headers themselves say whether anything follows. */
function endsWithHeaders(request: Http2Request): boolean {
  return request.stream?.endAfterHeaders === true
}

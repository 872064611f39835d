import type { IncomingMessage, ServerResponse } from 'node:http'
import type { PlainRequest, Reply, RequestBody } from './http/request.ts'

/** What a Node host knows of a request besides the request itself. */
export interface NodeRequestOptions {
  /** The URL below the mount point, with or without a query. */
  readonly url: string
  /** What the host has parsed, if it has read the body. Counts only then: some parsers leave `{}` behind unread bodies. */
  readonly parsedBody?: unknown
}

/** Translates a request of Node's `http` for `auth.handle` and guards. */
export function plainRequest(request: IncomingMessage, options: NodeRequestOptions): PlainRequest {
  return {
    method: request.method ?? '',
    path: options.url.split('?', 1)[0] ?? '',
    headers: (name) => headerValues(request.rawHeaders, name),
    body: bodyOf(request, options.parsedBody),
    ip: request.socket.remoteAddress ?? null,
  }
}

/** Sends an answer. A body that was not read to its end ends the connection with it. */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  response.statusCode = reply.status
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value)
  if (!request.readableEnded && request.httpVersionMajor === 1 && announcesBody(request)) {
    response.setHeader('connection', 'close')
  }
  response.end(reply.body)
}

/** From the raw list: Node's own table silently keeps the first of two `Authorization` headers. */
function headerValues(raw: readonly string[], name: string): readonly string[] {
  const values: string[] = []
  for (let at = 0; at < raw.length; at += 2) {
    if (raw[at]?.toLowerCase() === name) values.push(raw[at + 1] ?? '')
  }
  return values
}

function bodyOf(request: IncomingMessage, parsed: unknown): RequestBody {
  if (request.readableEnded) return { kind: 'parsed', value: parsed }
  // Leaving off early must not destroy the socket: the refusal is still to be sent.
  return { kind: 'unread', chunks: request.iterator({ destroyOnReturn: false }) }
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { pathBelow, queryOf } from './http/mount.ts'
import type { PlainRequest, RequestBody, RequestHead } from './http/request.ts'

/** What a Node host knows of a request besides the request itself. */
export interface NodeRequestOptions {
  /** The target, as the host shows it to what is mounted: with or without a query. */
  readonly url: string
  /** What still stands before our paths in `url`, as {@link checkMount} returns it. */
  readonly prefix?: string | undefined
  /** What the host has parsed, if it has read the body. Counts only then: some parsers leave `{}` behind unread bodies. */
  readonly parsedBody?: unknown
}

/** Translates a request of Node's `http` for a guard: nothing is looked at before the guard wants to know it. */
export function requestHead(
  request: IncomingMessage,
  options: Pick<NodeRequestOptions, 'url' | 'prefix'>,
): RequestHead {
  return new NodeRequestHead(request, options.url, options.prefix ?? '')
}

class NodeRequestHead implements RequestHead {
  readonly #request: IncomingMessage
  readonly #url: string
  readonly #prefix: string

  constructor(request: IncomingMessage, url: string, prefix: string) {
    this.#request = request
    this.#url = url
    this.#prefix = prefix
  }

  get method(): string {
    return this.#request.method ?? ''
  }

  get path(): string {
    return pathBelow(this.#prefix, this.#url)
  }

  get ip(): string | null {
    // Node takes the socket away from a request that was destroyed after it had come whole.
    return (this.#request.socket as Socket | null)?.remoteAddress ?? null
  }

  header(name: string): string | null {
    return headerOf(this.#request.rawHeaders, name)
  }
}

/** Translates a request of Node's `http` for `auth.handle`, and for guards. */
export function plainRequest(request: IncomingMessage, options: NodeRequestOptions): PlainRequest {
  const head = requestHead(request, options)
  return {
    method: head.method,
    path: head.path,
    query: queryOf(options.url),
    header: (name) => head.header(name),
    body: announcesBody(request) ? bodyOf(request, options.parsedBody) : null,
    ip: head.ip,
  }
}

/** From the raw list: Node's own table silently keeps the first of two `Authorization` headers. HTTP/2 splits cookies. */
function headerOf(raw: readonly string[], name: string): string | null {
  const separator = name === 'cookie' ? '; ' : ', '
  let value: string | null = null
  for (let at = 0; at < raw.length; at += 2) {
    const given = raw[at] ?? ''
    if (given.length !== name.length || given.toLowerCase() !== name) continue
    value = value === null ? (raw[at + 1] ?? '') : `${value}${separator}${raw[at + 1]}`
  }
  return value
}

function bodyOf(request: IncomingMessage, parsed: unknown): RequestBody {
  const isRead = request.readableEnded && !request.aborted
  if (!isRead) return { kind: 'unread', chunks: bytesOf(request) }
  return parsed instanceof Uint8Array
    ? { kind: 'unread', chunks: Readable.from([parsed]) }
    : { kind: 'parsed', value: parsed }
}

/** A host may have asked for characters in place of bytes. */
async function* bytesOf(request: DiscardableRequest): AsyncIterable<Uint8Array> {
  const { readableEncoding } = request
  // Leaving off early must not destroy the socket: the refusal is still to be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    yield readableEncoding === null ? chunk : Buffer.from(chunk, readableEncoding)
  }
  // Over HTTP/2, a body that breaks off ends like any other.
  if (request.aborted) throw new Error('the client broke off')
  if (request._dumped === true) throw new Error('the host has answered meanwhile')
}

/** Node throws away the body that nobody has read when the response is out, and says so here alone. */
interface DiscardableRequest extends IncomingMessage {
  readonly _dumped?: boolean
}

/** Whether the request says that it has a body. */
export function announcesBody(request: IncomingMessage): boolean {
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

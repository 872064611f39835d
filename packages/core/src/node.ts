import type { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { finished, Readable } from 'node:stream'
import type { Admission, HostedAuth } from './auth/http-surface.ts'
import type { Client } from './events.ts'
import { admitRequest } from './http/authentication.ts'
import { requireBearer } from './http/credential.ts'
import type { Reply } from './http/request.ts'
import { announcesBody, requestHead } from './node-request.ts'

export {
  type Anybody,
  type Authentication,
  authOf,
  optionalAuthOf,
  type ProfileOf,
  type UserSource,
} from './http/authentication.ts'
export { checkMount, type MountOptions, pathBelow } from './http/mount.ts'
export { checkErrorHandler, type ErrorHandlerOptions } from './http/problem-options.ts'
export { type NodeRequestOptions, plainRequest, requestHead } from './node-request.ts'

/** Who makes a request, for the last argument of a flow. Heeds the option `trustProxy`, and no setting of a framework. */
export function clientOf(auth: Pick<HostedAuth, 'client'>, request: IncomingMessage): Client {
  return auth.client(requestHead(request, { url: '' }))
}

/**
 * The token of `Authorization`, read as strictly as by guards, whether or not it is a good one: for a logout, which takes
 * one that has expired too. Throws `unauthenticated` without one, `invalid_token` for what is none, `invalid_request` for two.
 */
export function bearerToken(request: IncomingMessage): string {
  return requireBearer(requestHead(request, { url: '' }))
}

/**
 * The headers with which an answer goes out over Node's `http`: a body that was not read to its end ends the connection
 * with it, and what the host has put into `Vary` and `Set-Cookie` stays there.
 */
export function replyHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): Readonly<Record<string, string | string[]>> {
  const unread = !request.readableEnded && request.httpVersionMajor === 1 && announcesBody(request)
  return {
    ...reply.headers,
    ...withVary(response.getHeader('vary'), reply.headers),
    ...(reply.setCookies.length > 0 && { 'set-cookie': cookiesBeside(response, reply.setCookies) }),
    ...(unread && { connection: 'close' }),
  }
}

function withVary(already: unknown, { vary = '' }: Reply['headers']): { vary?: string } {
  if (already === undefined) return {}
  const names = String(already).split(/\s*,\s*/)
  const ours = vary.toLowerCase().split(', ')
  const more = names.filter((name) => name !== '' && !ours.includes(name.toLowerCase()))
  return { vary: [vary, ...more].join(', ') }
}

function cookiesBeside(response: ServerResponse, setCookies: readonly string[]): string[] {
  const already = response.getHeader('set-cookie') ?? []
  return [already, ...setCookies].flat().map(String)
}

/**
 * Lets a request go on whom a guard let in: `authOf` knows of it then, and the cookies of a session that was renewed on
 * the way go out with the host's own answer, which no cache may share then.
 */
export function letIn(
  request: IncomingMessage,
  response: ServerResponse,
  auth: HostedAuth,
  {
    principal,
    setCookies,
  }: Pick<Extract<Admission, { admitted: true }>, 'principal' | 'setCookies'>,
): void {
  admitRequest(request, auth, principal)
  if (setCookies.length === 0 || response.headersSent) return
  response.setHeader('set-cookie', cookiesBeside(response, setCookies))
  // Also in place of what holds for the site as a whole. The handler that comes next has the last word.
  response.setHeader('cache-control', 'private, no-store')
}

/** Takes away what a handler has said of a body that is not sent after all: it does not hold for an answer of ours. */
export function forgetBody(response: ServerResponse): void {
  for (const name of ofBody) response.removeHeader(name)
}

const ofBody = [
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-range',
  'etag',
  'last-modified',
]

/** Sends an answer, unless the host has answered meanwhile. */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { status, body } = reply
  const stream = typeof body === 'string' ? null : streamOf(response, body)
  if (response.headersSent) return
  forgetBody(response)
  response.statusCode = status
  const headers = replyHeaders(request, response, reply)
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (typeof body !== 'string') {
    response.removeHeader('content-length')
    return void stream?.pipe(response)
  }
  if (body !== '') response.setHeader('content-length', Buffer.byteLength(body))
  response.end(body) // Node leaves the body away for HEAD
}

/**
 * The body of an answer as a stream of Node's, for hosts that send streams themselves. It is read as fast as the client
 * takes it. When the response has ended without it, its source is told to end; when its source fails, so does the
 * connection: an answer that was cut off must not look whole.
 */
export function streamOf(response: ServerResponse, body: AsyncIterable<Uint8Array>): Readable {
  // A stream that nobody has begun to read would not be told of the end of an iterator over it.
  const stream =
    body instanceof Readable ? body : Readable.from(body, { objectMode: false, highWaterMark: 1 })
  stream.on('error', (error) => breakOff(response, error))
  finished(response, () => stream.destroy())
  return stream
}

/**
 * HTTP/1.0 ends a body with the connection, so that only a reset says that it broke. HTTP/2 ends it in order, unless it
 * is given an error.
 */
function breakOff(response: ServerResponse, error: Error): void {
  const { req: request, socket } = response
  if (request.httpVersionMajor > 1) return void response.destroy(error)
  if (socket instanceof Socket && !('encrypted' in socket)) socket.resetAndDestroy()
  else response.destroy()
}

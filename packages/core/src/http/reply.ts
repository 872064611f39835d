import { securityHeaders } from './headers.ts'
import type { Reply } from './request.ts'

/** An answer in JSON. */
export function json(status: number, value: unknown, own: Reply['headers'] = {}): Reply {
  const type = { 'content-type': 'application/json; charset=utf-8' }
  return {
    status,
    headers: { ...securityHeaders, ...type, ...own },
    setCookies: [],
    body: JSON.stringify(value),
  }
}

/** What is sent as a file, while it is made. */
export interface Download {
  readonly type: string
  /** Fixed: nothing that somebody sent stands in a header (S101). */
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
}

/** A file, which no browser shows in place of saving it (S095). */
export function attachment({ type, name, bytes }: Download): Reply {
  const headers = {
    ...securityHeaders,
    'content-type': type === 'text/csv' ? `${type}; charset=utf-8; header=present` : type,
    'content-disposition': `attachment; filename="${name}"`,
  }
  return { status: 200, headers, setCookies: [], body: bytes }
}

/** An answer without a body. Says so, for Koa 2 would end the connection to end it; 204 must not (RFC 9110, section 8.6). */
export function empty(status: number): Reply {
  const headers = status === 204 ? securityHeaders : { ...securityHeaders, 'content-length': '0' }
  return { status, headers, setCookies: [], body: '' }
}

/** The answer with these cookies, unless it sets cookies itself, which are newer. */
export function withCookies<R extends Reply>(reply: R, setCookies: readonly string[]): R {
  return reply.setCookies.length > 0 ? reply : { ...reply, setCookies }
}

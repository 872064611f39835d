import { securityHeaders } from './headers.ts'
import type { Reply } from './request.ts'

/** An answer in JSON. */
export function json(status: number, value: unknown): Reply {
  const headers = { ...securityHeaders, 'content-type': 'application/json; charset=utf-8' }
  return { status, headers, body: JSON.stringify(value) }
}

/** An answer without a body. Says so, for Koa 2 would end the connection to end it; 204 must not (RFC 9110, section 8.6). */
export function empty(status: number): Reply {
  const headers = status === 204 ? securityHeaders : { ...securityHeaders, 'content-length': '0' }
  return { status, headers, body: '' }
}

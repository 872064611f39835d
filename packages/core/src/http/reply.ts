import { securityHeaders } from './headers.ts'
import type { Reply } from './request.ts'

/** An answer in JSON. */
export function json(status: number, value: unknown): Reply {
  const headers = { ...securityHeaders, 'content-type': 'application/json; charset=utf-8' }
  return { status, headers, body: JSON.stringify(value) }
}

/** An answer without a body. */
export function empty(status: number): Reply {
  return { status, headers: securityHeaders, body: '' }
}

import { AuthError } from '../errors.ts'
import type { RequestHead } from './request.ts'

// RFC 6750, section 2.1. Longer than any token of ours is refused where the token is verified.
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i
const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i
// Two header lines as one value. Neither scheme has a comma in it; the parameters of others have no space before them.
const TWO_CREDENTIALS = /^(?:bearer|basic)\b.*, |, [\w!#$%&'*+.^`|~-]+(?: |$)/i

/** Name and password of a Basic login. */
export interface BasicCredential {
  readonly identifier: string
  readonly password: string
}

/** The bearer token, `null` when there is no credential. Two credentials are `invalid_request`, a malformed one `invalid_token` (S050). */
export function bearerOf(request: Pick<RequestHead, 'header'>): string | null {
  const header = authorization(request)
  if (header === null) return null
  const [, token] = BEARER.exec(header) ?? []
  if (token === undefined) throw new AuthError('invalid_token')
  return token
}

/**
 * The token of `Authorization`, whether or not it is a good one: for routes such as a logout, which takes one that has
 * expired. Throws `unauthenticated` without one, `invalid_token` for what is none, `invalid_request` for two (S050).
 */
export function requireBearer(request: Pick<RequestHead, 'header'>): string {
  const token = bearerOf(request)
  if (token === null) throw new AuthError('unauthenticated')
  return token
}

/** Whether the client tries HTTP Basic, well or badly. */
export function triesBasic(request: RequestHead): boolean {
  return /^basic\b/i.test(request.header('authorization') ?? '')
}

/**
 * The Basic credential (RFC 7617): UTF-8, the first colon divides, no control characters. `null` when the client does
 * not try; a malformed one is `invalid_credentials`.
 */
export function basicOf(request: RequestHead): BasicCredential | null {
  const header = authorization(request)
  if (header === null || !triesBasic(request)) return null
  const [, encoded = ''] = BASIC.exec(header) ?? []
  const text = decodeBasic(encoded)
  const colon = text?.indexOf(':') ?? -1
  if (text === null || colon < 1) throw new AuthError('invalid_credentials')
  return { identifier: text.slice(0, colon), password: text.slice(colon + 1) }
}

function authorization(request: Pick<RequestHead, 'header'>): string | null {
  const header = request.header('authorization')
  if (header !== null && TWO_CREDENTIALS.test(header)) throw new AuthError('invalid_request')
  return header
}

function decodeBasic(encoded: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(encoded), (byte) => byte.charCodeAt(0))
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return /\p{Cc}/u.test(text) ? null : text
  } catch {
    return null
  }
}

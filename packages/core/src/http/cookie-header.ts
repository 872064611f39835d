import { AuthError } from '../errors.ts'

// Far more than a browser sends to one host, and than Node takes.
const MAX_HEADER = 64 * 1024
// RFC 6265bis, section 5.6: browsers drop a cookie whose name and value are longer.
const MAX_COOKIE = 4096
// Names and values of ours need no other characters (S101).
const PLAIN = /^[A-Za-z0-9._-]*$/

/**
 * The value of a cookie in a `Cookie` header, `null` where it does not stand. The name is compared byte for byte, and
 * only spaces before it are passed over: what other parsers cut off or decode, such as other white space, quotes, `%5F`
 * or `$Version`, lets a stranger's cookie pass for ours (S069). A name that stands there twice is `invalid_request`,
 * since one of them is not ours.
 */
export function cookieIn(header: string, name: string): string | null {
  if (header.length > MAX_HEADER) throw new AuthError('invalid_request')
  const named = `${name}=`
  let value: string | null = null
  // Without a list of all cookies: every request with cookies comes along here.
  for (let start = 0, end = 0; start <= header.length; start = end + 1) {
    end = header.indexOf(';', start)
    if (end === -1) end = header.length
    while (header.charCodeAt(start) === SPACE) start += 1
    if (!header.startsWith(named, start)) continue
    if (value !== null) throw new AuthError('invalid_request')
    value = header.slice(start + named.length, end)
  }
  return value || null
}

const SPACE = 0x20

/** The attributes of a cookie that we set. All go to every path of one host. */
export interface CookieAttributes {
  readonly isSecure: boolean
  readonly isHttpOnly: boolean
  readonly sameSite: 'Lax' | 'Strict'
  /** In seconds; 0 removes it; `null` for as long as the browser runs. */
  readonly maxAge: number | null
}

/** A `Set-Cookie` line. Throws for one that a browser would not keep, before anybody waits for it in vain. */
export function setCookieLine(name: string, value: string, attributes: CookieAttributes): string {
  if (!PLAIN.test(name) || !PLAIN.test(value) || name.length + value.length > MAX_COOKIE) {
    throw new Error(`the cookie ${name} is too long or has characters that cookies must not have`)
  }
  const { isSecure, isHttpOnly, sameSite, maxAge } = attributes
  return [
    `${name}=${value}`,
    'Path=/',
    ...(maxAge === null ? [] : [`Max-Age=${maxAge}`]),
    ...(isSecure ? ['Secure'] : []),
    ...(isHttpOnly ? ['HttpOnly'] : []),
    `SameSite=${sameSite}`,
  ].join('; ')
}

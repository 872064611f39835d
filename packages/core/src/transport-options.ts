import * as z from 'zod'
import { exactOrigin, isSafeOrigin } from './origins.ts'
import type { CookieNames, Transport, TransportSettings } from './transport.ts'

/** How tokens travel. */
export interface TransportOptions {
  /**
   * How tokens travel where a mount or a guard does not say: `bearer`, in `Authorization` and in bodies; `cookie`, in
   * cookies, for pages in browsers; `header`, in headers of other names and in bodies. Guards on `cookie` and `header`
   * take `Authorization` too, and refuse a request that has both. @default 'bearer'
   */
  readonly transport?: Transport | undefined
  /** The cookies of the transport `cookie`. */
  readonly cookies?: CookieOptions | undefined
  /** The headers of the transport `header`. */
  readonly tokenHeaders?:
    | {
        /** @default 'x-access-token' */
        readonly accessToken?: string | undefined
        /** @default 'x-refresh-token' */
        readonly refreshToken?: string | undefined
      }
    | undefined
}

/** The cookies of the transport `cookie`. */
export interface CookieOptions {
  /**
   * Their names, before which we put `__Host-`, so that no other host can set them: only an `http://localhost` in
   * development goes without. Two auths on one host need different ones. @default { accessToken: 'at', refreshToken: 'rt', csrfToken: 'csrf' }
   */
  readonly names?: { readonly [Name in keyof CookieNames]?: string | undefined } | undefined
  /** Whether the session outlives the browser, up to its own limits. @default true */
  readonly persistent?: boolean | undefined
  /**
   * Origins besides `origin` whose pages may change something, such as `https://www.app.example`. Exact; a
   * subdomain is another origin. @default []
   */
  readonly trustedOrigins?: readonly string[] | undefined
  /** Whether a logout asks the browser to forget what the origin has stored and cached (`Clear-Site-Data`). @default false */
  readonly clearSiteData?: boolean | undefined
}

/** The schemas of {@link TransportOptions}, with their defaults. */
export function transportOptions() {
  return {
    transport: z
      .enum(['bearer', 'header', 'cookie'], 'must be "bearer", "header" or "cookie"')
      .default('bearer'),
    cookies: cookiesSchema().prefault({}),
    tokenHeaders: z
      .strictObject({
        accessToken: headerName('x-access-token'),
        refreshToken: headerName('x-refresh-token'),
      })
      .refine(areDifferent, 'must be two different names')
      .prefault({}),
  }
}

function cookiesSchema() {
  return z.strictObject({
    names: z
      .strictObject({
        accessToken: cookieName('at'),
        refreshToken: cookieName('rt'),
        csrfToken: cookieName('csrf'),
      })
      .refine(areDifferent, 'must be three different names')
      .prefault({}),
    persistent: z.boolean('must be true or false').default(true),
    trustedOrigins: z
      .array(z.string(ORIGIN_ADVICE).refine(isOrigin, ORIGIN_ADVICE), 'must be a list of origins')
      .default([]),
    clearSiteData: z.boolean('must be true or false').default(false),
  })
}

// A prefix is not theirs to choose: it is a promise about the attributes (RFC 6265bis, section 4.1.3).
const COOKIE_NAME = /^(?!__)[A-Za-z0-9_-]{1,64}$/

function cookieName(fallback: string) {
  const message = 'must be letters, digits, _ and -, without a prefix such as "__Host-"'
  return z.string(message).regex(COOKIE_NAME, message).default(fallback)
}

// A token of RFC 9110, section 5.6.2.
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/
// What means something else already, or is set by browsers and proxies.
const TAKEN_HEADER =
  /^(?:authorization|cookie2?|set-cookie|host|origin|referer|user-agent|connection|upgrade|te|trailer|via|forwarded|date|expect|from|range|age|x-csrf-token|x-real-ip|(?:accept|content|transfer|proxy|sec|if|access-control|x-forwarded)(?:-.*)?)$/

function headerName(fallback: string) {
  const message = 'must be the name of a header of your own, such as "x-access-token"'
  return z
    .string(message)
    .regex(HEADER_NAME, message)
    .toLowerCase()
    .refine((name) => !TAKEN_HEADER.test(name), message)
    .default(fallback)
}

const ORIGIN_ADVICE =
  'must be exact origins such as "https://www.app.example" ("http://localhost:…" is fine in development)'

function isOrigin(text: string): boolean {
  const url = exactOrigin(text)
  return url !== null && isSafeOrigin(url) && !text.includes('*')
}

function areDifferent(names: object): boolean {
  const all = Object.values(names).map((name: string) => name.toLowerCase())
  return new Set(all).size === all.length
}

type CheckedOptions = {
  [Name in keyof ReturnType<typeof transportOptions>]: z.output<
    ReturnType<typeof transportOptions>[Name]
  >
}

/** The settings that the options make. Without TLS, which only `localhost` may lack, browsers refuse `__Host-` and `Secure`. */
export function transportSettings(
  { transport, cookies, tokenHeaders }: CheckedOptions,
  origin: string,
): TransportSettings {
  const isSecure = origin.startsWith('https:')
  const named = (name: string) => (isSecure ? `__Host-${name}` : name)
  const { accessToken, refreshToken, csrfToken } = cookies.names
  return {
    byDefault: transport,
    headers: tokenHeaders,
    cookies: {
      names: {
        accessToken: named(accessToken),
        refreshToken: named(refreshToken),
        csrfToken: named(csrfToken),
      },
      isSecure,
      isPersistent: cookies.persistent,
      trustedOrigins: new Set(cookies.trustedOrigins),
      clearsSiteData: cookies.clearSiteData,
    },
  }
}

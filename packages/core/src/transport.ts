/**
 * How tokens travel: `bearer` in the `Authorization` header and in bodies, `header` in headers of other names and in
 * bodies, `cookie` in cookies that no script can read.
 */
export type Transport = 'bearer' | 'header' | 'cookie'

/** The options of transports, checked, with every default filled in. */
export interface TransportSettings {
  /** Of mounts and guards that do not say otherwise. */
  readonly byDefault: Transport
  readonly headers: TokenHeaders
  readonly cookies: CookieSettings
}

/** The names of the headers that tokens travel in, in lower case. */
export interface TokenHeaders {
  readonly accessToken: string
  readonly refreshToken: string
}

/** How cookies are written, and from which pages they are taken. */
interface CookieSettings {
  /** As they stand in requests, with their prefix. */
  readonly names: CookieNames
  /** Whether they go over TLS only. */
  readonly isSecure: boolean
  /** Whether they outlive the browser's process. */
  readonly isPersistent: boolean
  /** Origins besides our own whose pages may send them. */
  readonly trustedOrigins: ReadonlySet<string>
  /** Whether a logout asks the browser to forget what it has stored. */
  readonly clearsSiteData: boolean
}

/** The names of our cookies. */
export interface CookieNames {
  readonly accessToken: string
  readonly refreshToken: string
  readonly csrfToken: string
}

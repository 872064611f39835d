import type { Context, Settings } from '../context.ts'
import type { IssuedSession } from '../sessions.ts'
import type { CookieNames } from '../transport.ts'
import { type CookieAttributes, cookieIn, setCookieLine } from './cookie-header.ts'
import type { RequestHead } from './request.ts'

/** The tokens that a request has in cookies. */
export interface SessionCookies {
  readonly accessToken: string | null
  readonly refreshToken: string | null
}

/** Reads them; both are `null` where there are none. */
export function cookiesOf({ transport }: Settings, request: RequestHead): SessionCookies {
  const header = request.header('cookie') ?? ''
  const { names } = transport.cookies
  return {
    accessToken: cookieIn(header, names.accessToken),
    refreshToken: cookieIn(header, names.refreshToken),
  }
}

type Kind = Pick<CookieAttributes, 'isHttpOnly' | 'sameSite'>

/**
 * `Lax` comes with a link from elsewhere, so that whoever follows one is logged in; what renews the session does not.
 * The page reads the third, which is no credential.
 */
const kinds: Readonly<Record<keyof CookieNames, Kind>> = {
  accessToken: { isHttpOnly: true, sameSite: 'Lax' },
  refreshToken: { isHttpOnly: true, sameSite: 'Strict' },
  csrfToken: { isHttpOnly: false, sameSite: 'Strict' },
}

/**
 * The `Set-Cookie` lines of a session. They last for as long as the session may: when it ends before, the store knows
 * (S060), and a cookie that went earlier would end what is still in use.
 */
export function sessionCookies(
  ctx: Context,
  issued: IssuedSession,
  csrfToken: string,
): readonly string[] {
  const { accessToken, refreshToken, session } = issued
  const left = (session.absoluteExpiresAt.getTime() - ctx.now().getTime()) / 1000
  const maxAge = ctx.settings.transport.cookies.isPersistent ? Math.ceil(left) : null
  return lines(ctx.settings, { accessToken, refreshToken, csrfToken }, maxAge)
}

/** The lines that remove them, with the attributes that they were set with (S065). */
export function clearedCookies(settings: Settings): readonly string[] {
  return lines(settings, { accessToken: '', refreshToken: '', csrfToken: '' }, 0)
}

function lines(
  { transport }: Settings,
  values: Readonly<Record<keyof CookieNames, string>>,
  maxAge: number | null,
): readonly string[] {
  const { names, isSecure } = transport.cookies
  const each = ['accessToken', 'refreshToken', 'csrfToken'] as const
  return each.map((name) =>
    setCookieLine(names[name], values[name], { ...kinds[name], isSecure, maxAge }),
  )
}

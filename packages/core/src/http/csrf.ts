import type { Context, Settings } from '../context.ts'
import { AuthError } from '../errors.ts'
import { isCsrfTokenOf } from '../tokens/csrf-token.ts'
import type { RequestHead } from './request.ts'

// RFC 9110, section 9.2.1. TRACE is no method of anybody's here.
const SAFE = ['GET', 'HEAD', 'OPTIONS']

/** Whether a request may change something. */
export function isUnsafe({ method }: Pick<RequestHead, 'method'>): boolean {
  return !SAFE.includes(method)
}

/**
 * Throws `csrf_failed` unless a page of our origin, or of one that is trusted, makes the request (S072). What the
 * browser says of it must agree: `Sec-Fetch-Site`, and `Origin`, or else `Referer`. Who says nothing at all is no
 * browser of today.
 */
export function checkOrigin(settings: Settings, request: RequestHead): void {
  const { trustedOrigins } = settings.transport.cookies
  const site = request.header('sec-fetch-site')
  const origin = request.header('origin') ?? originOf(request.header('referer'))
  const isOwn = origin === settings.origin && (site === null || site === 'same-origin')
  const isTrusted = origin !== null && trustedOrigins.has(origin) && site !== 'none'
  const isSaid = origin === null && site === 'same-origin'
  if (!isOwn && !isTrusted && !isSaid) throw new AuthError('csrf_failed')
}

function originOf(referer: string | null): string | null {
  return referer !== null && URL.canParse(referer) ? new URL(referer).origin : referer
}

/** Throws `csrf_failed` unless the request has a CSRF token of this session in its header (S071). */
export function checkCsrfToken(ctx: Context, request: RequestHead, sessionId: string): void {
  const token = request.header('x-csrf-token') ?? ''
  if (!isCsrfTokenOf(ctx, sessionId, token)) throw new AuthError('csrf_failed')
}

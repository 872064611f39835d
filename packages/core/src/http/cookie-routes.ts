import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import { logout } from '../flows/logout.ts'
import { refresh } from '../flows/refresh.ts'
import { verifyIgnoringExpiry } from '../tokens/access-token.ts'
import { csrfTokenFor } from '../tokens/csrf-token.ts'
import { parseRefreshToken } from '../tokens/refresh-token.ts'
import { nothing, ok, render } from './answer.ts'
import { checkCsrfToken } from './csrf.ts'
import { jsonBody } from './door.ts'
import { isOver } from './identify.ts'
import { empty } from './reply.ts'
import type { PlainRequest } from './request.ts'
import { own, type Route } from './route.ts'
import { csrfSchema, sessionGoesOn } from './session-answer.ts'
import { clearedCookies, cookiesOf, type SessionCookies } from './session-cookies.ts'
import { renewByCookie } from './session-renewal.ts'
import { revokeRoute, sessionRoutes } from './session-routes.ts'

/** Where a login takes the place of another, that one ends: nobody has its cookies any more but a thief (ASVS 5.0, 7.2.4). */
function replacing(route: Route): Route {
  return {
    ...route,
    async respond(ctx, request, call, principal) {
      const reply = await route.respond(ctx, request, call, principal)
      const replaced = leftoverOf(ctx, request)
      if (replaced !== null) {
        ctx.later('ending the session that a login replaced', () =>
          logout(ctx, replaced, call.client).catch(orNothing),
        )
      }
      return reply
    },
  }
}

/** Nothing of an older session keeps anybody from a new one. */
function leftoverOf({ settings }: Context, request: PlainRequest): string | null {
  try {
    const { refreshToken, accessToken } = cookiesOf(settings, request)
    return refreshToken ?? accessToken
  } catch {
    return null
  }
}

const renewed = sessionGoesOn('The session goes on, with the next cookies.')

const refreshRoute: Route = {
  method: 'POST',
  path: '/refresh',
  operation: 'refresh',
  summary: 'Get the next cookies of the session. Guards do so by themselves',
  access: 'anyone',
  takes: null,
  cookies: ['refreshToken'],
  answers: renewed,
  refusals: ['invalid_request', 'unauthenticated', 'invalid_token'],
  async respond(ctx, request, { transport }) {
    const { refreshToken } = ownCookies(ctx, request)
    if (refreshToken === null) throw new AuthError('unauthenticated')
    const issued = await renewByCookie(ctx, request, refreshToken, refresh)
    return render(renewed, issued, ctx, transport)
  },
}

const loggedOut = nothing(204, 'The session has ended, now or before, and the cookies are gone.')

const logoutRoute: Route = {
  method: 'POST',
  path: '/logout',
  operation: 'logout',
  summary: 'End the session, and remove its cookies',
  access: 'anyone',
  takes: null,
  cookies: ['refreshToken', 'accessToken'],
  answers: loggedOut,
  refusals: ['invalid_request'],
  async respond(ctx, request, { client }) {
    const cookies = ownCookies(ctx, request)
    const sessionId = await sessionIdOf(ctx, cookies)
    if (sessionId !== null) checkCsrfToken(ctx, request, sessionId)
    for (const token of [cookies.refreshToken, cookies.accessToken]) {
      if (token !== null) await logout(ctx, token, client).catch(orNothing)
    }
    const { cookies: settings } = ctx.settings.transport
    const reply = empty(204)
    const headers = { ...reply.headers, ...(settings.clearsSiteData && FORGET) }
    return { ...reply, headers, setCookies: clearedCookies(ctx.settings) }
  },
}

/** What was never a token of ours opens nothing, and needs no end. */
function orNothing(error: unknown): void {
  if (!isOver(error)) throw error
}

// Our cookies are removed by name: "cookies" would take those of the whole site, its subdomains included.
const FORGET = { 'clear-site-data': '"cache", "storage"' }

/** The cookies of a request that has no other credential beside them (S050). */
function ownCookies({ settings }: Context, request: PlainRequest): SessionCookies {
  if (request.header('authorization') !== null) throw new AuthError('invalid_request')
  return cookiesOf(settings, request)
}

/** Whose cookies these are, whether or not that session is still alive; `null` for what never was of ours. */
async function sessionIdOf(
  ctx: Context,
  { accessToken, refreshToken }: SessionCookies,
): Promise<string | null> {
  const presented = refreshToken === null ? null : parseRefreshToken(refreshToken)
  if (presented !== null) return presented.sessionId
  if (accessToken === null) return null
  return verifyIgnoringExpiry(ctx, accessToken).then(
    ({ sid }) => sid,
    () => null,
  )
}

/** What differs where tokens are in cookies. A page can never send one of them by itself, so there is no form to take. */
export const cookieRoutes: readonly Route[] = [
  ...sessionRoutes.filter(({ operation }) => operation === 'login').map(replacing),
  refreshRoute,
  logoutRoute,
  revokeRoute('Revoke a token, and with it its session', jsonBody),
  own({
    method: 'GET',
    path: '/csrf',
    operation: 'readCsrfToken',
    summary: 'Read a CSRF token of the session, for pages that cannot read its cookie',
    answers: ok(csrfSchema, 'The token. Others of the same session are still good.'),
    handle: async (ctx, principal) => ({ csrfToken: csrfTokenFor(ctx, principal.session.id) }),
  }),
]

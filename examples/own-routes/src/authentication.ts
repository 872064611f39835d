import { type Auth, AuthError, type Client, type Principal } from '@latchkey/core'
import type { Request, RequestHandler, Response } from 'express'

/** Lets in who has a valid access token. Latchkey asks its store each time: a session that has ended is refused. */
export function signedIn(auth: Auth): RequestHandler {
  return async (request, response, next) => {
    const principal: Principal = await auth.authenticate(bearerToken(request))
    response.locals.principal = principal
    next()
  }
}

/** Who makes the request. Only behind `signedIn`. */
export function principalOf(response: Response): Principal {
  return response.locals.principal
}

/** For what a stolen token must not do: the sign-in must be at most so many minutes old. Only behind `signedIn`. */
export function signedInWithin(minutes: number, now: () => Date): RequestHandler {
  return (_request, response, next) => {
    const { authTime } = principalOf(response).session
    if (now().getTime() - authTime.getTime() <= minutes * 60_000) return next()
    throw new AuthError('reauth_required')
  }
}

/** The token of the header `Authorization`, whether or not it is a good one. */
export function bearerToken({ headersDistinct }: Request): string {
  // Node's `headers` would silently take the first of two.
  const [header, second] = headersDistinct.authorization ?? []
  if (header === undefined) throw new AuthError('unauthenticated')
  const [, token] = /^bearer +(\S+)$/i.exec(header) ?? []
  if (token === undefined || second !== undefined) throw new AuthError('invalid_token')
  return token
}

/** Who asks, for the list of sessions and the audit log. `ip` heeds Express's setting `trust proxy`. */
export function clientOf(request: Request): Client {
  return { ip: request.ip ?? null, userAgent: request.get('user-agent') ?? null }
}

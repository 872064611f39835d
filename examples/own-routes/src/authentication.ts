import { type Auth, AuthError, type Principal } from '@latchkey/core'
import { bearerToken } from '@latchkey/core/node'
import type { RequestHandler, Response } from 'express'

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

import { type Auth, AuthError } from '@latchkey/core'
import { authErrors } from '@latchkey/express-adapter'
import express, { type Express, type RequestHandler } from 'express'
import { takeBareToken } from './authentication.ts'
import { readBody } from './body.ts'
import { sessionRoutes } from './session-routes.ts'
import { userRoutes } from './user-routes.ts'

/** The paths and members of the original, on Latchkey. */
export function createApp(auth: Auth): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(noStore, takeBareToken, ...readBody)
  app.use(sessionRoutes(auth), userRoutes(auth))
  app.use(() => {
    throw new AuthError('not_found')
  })
  app.use(authErrors(auth, { catchAll: true, pointers }))
  return app
}

/** What Latchkey calls otherwise than this API. */
const pointers = {
  '/identifier': '/username_or_password',
  '/currentPassword': '/old_password',
  '/newPassword': '/new_password',
  '/refreshToken': '/refresh_token',
  '/token': '', // it came in a header
}

/** Answers hold tokens: no cache may keep one. */
const noStore: RequestHandler = (_request, response, next) => {
  response.set('cache-control', 'no-store')
  next()
}

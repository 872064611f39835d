import { AuthError } from '@latchkey/core'
import { authErrors } from '@latchkey/express-adapter'
import express, { type Express, type RequestHandler } from 'express'
import type { Accounts } from './accounts.ts'
import { accountRoutes, confirmRoutes, sessionRoutes } from './routes.ts'

/** Login, accounts and roles, under `/api/v1`. */
export function createApp(auth: Accounts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(secured)
  app.use('/api/v1', sessionRoutes(auth)) // reads bodies itself
  app.use('/api/v1/confirm', taking('json', 'urlencoded'), confirmRoutes(auth))
  app.use('/api/v1', taking('json'), accountRoutes(auth))
  app.use(() => {
    throw new AuthError('not_found')
  })
  app.use(authErrors(auth, { catchAll: true, pointers }))
  return app
}

/** What Latchkey calls otherwise than this API. */
const pointers = {
  '/currentPassword': '/current_password',
  '/newPassword': '/new_password',
  '/profile/': '/',
  '/roles': '/role',
  '/roles/0': '/role',
}

/** Answers hold tokens and addresses: no cache may keep one, and no page may show it as anything but what it is. */
const secured: RequestHandler = (_request, response, next) => {
  response.set({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  next()
}

/** Reads bodies of these types, and refuses all others: Express would leave them unread. */
function taking(...types: readonly ('json' | 'urlencoded')[]): RequestHandler[] {
  const refuse: RequestHandler = (request, _response, next) => {
    const isTyped = request.get('content-type') !== undefined
    if (!isTyped || request.is([...types]) !== false) return next()
    throw new AuthError('unsupported_media_type')
  }
  return [refuse, ...types.map((type) => express[type]({ limit: '16kb' }))]
}

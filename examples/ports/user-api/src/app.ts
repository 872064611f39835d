import { bodyParser } from '@koa/bodyparser'
import { AuthError } from '@latchkey/core'
import { authErrors, authRouter } from '@latchkey/koa-adapter'
import Koa, { type Middleware } from 'koa'
import { accountRoutes } from './account-routes.ts'
import type { UserAuth } from './accounts.ts'
import { registrationRoutes } from './registration-routes.ts'
import { sessionRoutes } from './session-routes.ts'

/**
 * The requests of the user API below `/user`; below `/auth` Latchkey's own, for what it never had. What bodies have in
 * them goes to Latchkey as it comes: each flow judges what it is given.
 */
export function createApp(auth: UserAuth, now?: () => Date): Koa {
  const app = new Koa()
  app.use(noStore)
  app.use(authErrors(auth, { catchAll: true, pointers }))
  app.use(authRouter(auth, { prefix: '/auth' }))
  app.use(jsonOnly)
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '16kb' }))
  app.use(registrationRoutes(auth, now).routes())
  app.use(sessionRoutes(auth).routes()) // before the others: `/user/logout` is nobody's uuid
  app.use(accountRoutes(auth).routes())
  return app
}

/** What Latchkey calls otherwise than this API. */
const pointers = {
  '/identifier': '/username',
  '/phone': '/mobile',
  '/profile/gender': '/gender',
  '/currentPassword': '/old_password',
  '/newPassword': '/new_password',
}

/** Answers hold tokens: no cache may keep one. */
const noStore: Middleware = (ctx, next) => {
  ctx.set('cache-control', 'no-store')
  return next()
}

/** What no form of another site can send. The parser leaves a body without a type unread. */
const jsonOnly: Middleware = (ctx, next) => {
  const isTyped = ctx.get('content-type') !== ''
  if (isTyped && ctx.is('application/json') === false) throw new AuthError('unsupported_media_type')
  return next()
}

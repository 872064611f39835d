import type { Auth } from '@latchkey/core'
import { authErrors, authRouter, optionalAuthOf, requireAuth } from '@latchkey/express-adapter'
import express5 from 'express'
import express4 from 'express4'
import { guardedRoutes } from './guarded-routes.ts'
import type { Mounting } from './mounting.ts'
import { type RunningHost, serve } from './running-host.ts'

export const serveExpress5 = (auth: Auth, mounting: Mounting) =>
  serveExpress(express5, auth, mounting)

export const serveExpress4 = (auth: Auth, mounting: Mounting) =>
  serveExpress(express4, auth, mounting)

function serveExpress(
  express: typeof express5,
  auth: Auth,
  { mount, parsesFirst }: Mounting,
): Promise<RunningHost> {
  const app = express()
  // Keeps the traces of Express's own error pages off the terminal.
  app.set('env', 'test')
  if (parsesFirst) app.use(express.json())
  app.use(mount, authRouter(auth))
  if (!parsesFirst) app.use(express.json())
  for (const [path, requirement] of Object.entries(guardedRoutes)) {
    for (const method of ['get', 'post'] as const) {
      app[method](path, requireAuth(auth, requirement), (request, response) => {
        response.json(optionalAuthOf(request))
      })
    }
  }
  app.use((_request, response) => {
    response.status(404).type('text').send('not here')
  })
  app.use(authErrors(auth, { prefix: mount }))
  return serve(app)
}

import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import type { Auth } from '@latchkey/core'
import { authErrors, authRouter, optionalAuthOf, requireAuth } from '@latchkey/koa-adapter'
import Koa3 from 'koa'
import { koaBody } from 'koa-body'
import mountAt from 'koa-mount'
import Koa2 from 'koa2'
import { guardedRoutes } from './guarded-routes.ts'
import type { Mounting } from './mounting.ts'
import { type RunningHost, serve } from './running-host.ts'

/** With koa-mount and @koa/bodyparser. */
export function serveKoa3(auth: Auth, { mount, parsesFirst }: Mounting): Promise<RunningHost> {
  const app = new Koa3()
  app.use(authErrors(auth, { prefix: mount }))
  if (parsesFirst) app.use(bodyParser())
  app.use(mountAt(mount, authRouter(auth)))
  if (!parsesFirst) app.use(bodyParser())
  return serveApplication(app, auth)
}

/** With Koa alone, and koa-body. */
export function serveKoa2(auth: Auth, { mount, parsesFirst }: Mounting): Promise<RunningHost> {
  const app = new Koa2()
  app.use(authErrors(auth, { prefix: mount }))
  if (parsesFirst) app.use(koaBody())
  app.use(authRouter(auth, { prefix: mount }))
  if (!parsesFirst) app.use(koaBody())
  return serveApplication(app, auth)
}

function serveApplication(app: Koa3, auth: Auth): Promise<RunningHost> {
  const router = new Router()
  for (const [path, requirement] of Object.entries(guardedRoutes)) {
    for (const method of ['get', 'post'] as const) {
      router[method](path, requireAuth(auth, requirement), (ctx) => {
        ctx.type = 'json'
        ctx.body = JSON.stringify(optionalAuthOf(ctx))
      })
    }
  }
  app.use(router.routes())
  app.use((ctx) => {
    ctx.status = 404
    ctx.body = 'not here'
  })
  // Keeps what the application throws off the terminal.
  app.silent = true
  return serve(app.callback())
}

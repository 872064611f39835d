import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Auth } from '@latchkey/core'
import * as onExpress from '@latchkey/express-adapter'
import * as onKoa from '@latchkey/koa-adapter'
import compression from 'compression'
import express5, { type ErrorRequestHandler } from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import compress from 'koa-compress'
import Koa2 from 'koa2'
import { type RunningHost, serve } from './running-host.ts'
import { PASSWORD } from './setup.ts'

/** What stands around the router, and what it has seen. */
export interface Surroundings {
  readonly logged: string[]
  /** What came to the application's own handler of errors, which then throws. */
  readonly errors: unknown[]
  /** The application answers `too late` when this resolves, whatever the router is doing. */
  readonly impatience: Promise<void>
}

type ServeAround = (auth: Auth, around: Surroundings) => Promise<RunningHost>

/**
 * Behind a log, compression, impatience and a handler of errors that throws: the router under `/auth`, and beside it
 * `/broken`, which throws, and `/refused`, in which a flow refuses.
 */
export const surroundedHosts: Readonly<Record<string, ServeAround>> = {
  'Express 5': (auth, around) => serveExpress(express5, auth, around),
  'Express 4': (auth, around) => serveExpress(express4, auth, around),
  'Koa 3': (auth, around) => serveKoa(Koa3, auth, around),
  'Koa 2': (auth, around) => serveKoa(Koa2, auth, around),
}

function serveExpress(express: typeof express5, auth: Auth, around: Surroundings) {
  const app = express()
  app.set('env', 'test') // keeps the traces of Express's own error pages off the terminal
  app.use((request, response, next) => {
    log(around, request, response)
    next()
  })
  app.use(compression({ threshold: 0 }))
  app.use((_request, response, next) => {
    void around.impatience.then(() => {
      if (!response.headersSent) response.status(503).type('text').send('too late')
    })
    next()
  })
  app.use('/auth', onExpress.authRouter(auth))
  app.get('/broken', () => {
    throw new RangeError('of the host')
  })
  app.get('/refused', (_request, _response, next) => {
    auth.login({ identifier: 'nobody', password: PASSWORD }).catch(next)
  })
  app.use(onExpress.authErrors(auth))
  const throwing: ErrorRequestHandler = (error, _request, _response, _next) => {
    around.errors.push(error)
    throw new Error('the handler of errors is broken too')
  }
  app.use(throwing)
  return serve(app)
}

function serveKoa(Koa: typeof Koa3, auth: Auth, around: Surroundings) {
  const app = new Koa()
  app.silent = true
  app.use((ctx, next) => {
    log(around, ctx.req, ctx.res)
    return next()
  })
  app.use(compress({ threshold: 0 }))
  app.use(async (ctx, next) => {
    let isAnswered = false
    const answered = next().finally(() => {
      isAnswered = true
    })
    const giveUp = async () => {
      await around.impatience
      await new Promise(setImmediate) // what is answered without waiting goes out
      if (isAnswered) return
      ctx.status = 503
      ctx.body = 'too late'
    }
    await Promise.race([answered, giveUp()])
  })
  app.use(async (_ctx, next) => {
    try {
      await next()
    } catch (error) {
      around.errors.push(error)
      throw new Error('the handler of errors is broken too')
    }
  })
  app.use(onKoa.authErrors(auth))
  app.use(onKoa.authRouter(auth, { prefix: '/auth' }))
  app.use(async (ctx) => {
    if (ctx.path === '/broken') throw new RangeError('of the host')
    if (ctx.path === '/refused') await auth.login({ identifier: 'nobody', password: PASSWORD })
  })
  return serve(app.callback())
}

function log({ logged }: Surroundings, request: IncomingMessage, response: ServerResponse): void {
  const line = `${request.method} ${request.url}`
  response.on('finish', () => logged.push(`${line} ${response.statusCode}`))
}

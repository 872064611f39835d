import { EventEmitter, once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Auth } from '@latchkey/core'
import * as onExpress from '@latchkey/express-adapter'
import * as onKoa from '@latchkey/koa-adapter'
import express5, { type ErrorRequestHandler } from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answerOn, connectTo, requestHead, sendRaw } from '../support/raw-http.ts'
import { serve as serveApp } from '../support/running-host.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

/** What a middleware of the application does with a request before we see it. Resolves what it leaves in `body`. */
type Consume = (request: IncomingMessage) => unknown

interface Consumer {
  readonly name: string
  readonly consume: Consume
  /** What a login may answer behind it; 0 for a connection that ends without an answer. */
  readonly login: readonly number[]
  /** What a guarded route answers to a stranger behind it. */
  readonly guarded: number
}

const LOST = 'Error: the host has read the body and left nothing of it: mount the router before'

// Koa tells the application of it.
const ITS_OWN = new Error('of the application')

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function parsed(request: IncomingMessage): Promise<object> {
  return JSON.parse(String(await readAll(request)))
}

function consumer(name: string, login: readonly number[], consume: Consume, guarded = 401) {
  return { name, login, consume, guarded }
}

const consumers: readonly Consumer[] = [
  consumer('reads nothing', [200], () => undefined),
  consumer('parses', [200], parsed),
  consumer('leaves an object without a prototype', [200], async (request) =>
    Object.assign(Object.create(null), await parsed(request)),
  ),
  consumer('leaves a value, and the body unread', [200], () => ({ identifier: 'x' })),
  consumer('pauses', [200], (request) => void request.pause()),
  consumer(
    'reads all, and leaves nothing',
    [400],
    async (request) => void (await readAll(request)),
  ),
  consumer('leaves a text', [400], async (request) => String(await readAll(request))),
  consumer('leaves bytes', [200], readAll),
  consumer('leaves an array', [400], async (request) => [await parsed(request)]),
  consumer('leaves null', [400], async (request) => (await readAll(request)) && null),
  consumer('leaves a number', [400], async (request) => (await readAll(request)).length),
  consumer(
    'leaves a Map',
    [400, 422],
    async (request) => new Map(Object.entries(await parsed(request))),
  ),
  consumer('leaves what is in itself', [400], async (request) => {
    const value: Record<string, unknown> = { ...(await parsed(request)) }
    value.self = value
    return value
  }),
  consumer('leaves a bigint', [400, 422], async (request) => ({
    ...(await parsed(request)),
    size: 1n,
  })),
  consumer('reads the first bytes', [400], async (request) => {
    await once(request, 'readable')
    request.read(5)
  }),
  consumer('leaves a loop over the body early', [0, 400], async (request) => {
    for await (const _ of request) break
  }),
  consumer('wants characters', [200], (request) => void request.setEncoding('utf8')),
  // It depends on what has come already whether it is gone.
  consumer('listens for bytes and goes on at once', [200, 400], (request) => {
    request.on('data', () => {})
  }),
  consumer('lets the bytes go', [200, 400], (request) => void request.resume()),
  consumer('waits for the first bytes', [400], (request) => once(request, 'data').then(() => {})),
  consumer('destroys the request', [0], (request) => void request.destroy(), 0),
  consumer(
    'destroys the request, and says why',
    [0],
    (request) => void request.on('error', () => {}).destroy(ITS_OWN),
    0,
  ),
  consumer('destroys the socket', [0], (request) => void request.socket.destroy(), 0),
]

/** An application with the middleware before our router and a guard. Says what reaches its own error handler. */
type MakeApplication = (auth: Auth, consume: Consume, failed: (error: unknown) => void) => unknown

const frameworks: Readonly<Record<string, MakeApplication>> = {
  'Express 5': expressApplication(express5),
  'Express 4': expressApplication(express4),
  'Koa 3': koaApplication(Koa3),
  'Koa 2': koaApplication(Koa2),
}

function expressApplication(express: typeof express5): MakeApplication {
  return (auth, consume, failed) => {
    const app = express()
    app.use((request, _response, next) => {
      Promise.resolve(consume(request)).then((body) => {
        if (body !== undefined) request.body = body
        next()
      }, next)
    })
    app.use(onExpress.authRouter(auth))
    app.post('/guarded', onExpress.requireAuth(auth))
    const last: ErrorRequestHandler = (error, _request, response, _next) => {
      failed(error)
      response.sendStatus(500)
    }
    return app.use(onExpress.authErrors(auth), last)
  }
}

function koaApplication(Koa: typeof Koa3): MakeApplication {
  return (auth, consume, failed) => {
    const app = new Koa()
    // Keeps what the application throws off the terminal.
    app.silent = true
    app.on('error', failed)
    app.use(onKoa.authErrors(auth))
    app.use(async (ctx, next) => {
      const body = await consume(ctx.req)
      if (body !== undefined) Object.assign(ctx.request, { body })
      await next()
    })
    return app.use(onKoa.authRouter(auth)).use(onKoa.requireAuth(auth)).callback()
  }
}

for (const [framework, appOf] of Object.entries(frameworks)) {
  describe(`behind a middleware on ${framework}`, () => {
    async function serve(consume: Consume) {
      const setup = setUp()
      const { email } = await accountOf(setup)
      const failures: unknown[] = setup.errors
      const { url, close } = await serveApp(
        appOf(setup.auth, consume, (error) => error === ITS_OWN || failures.push(error)),
      )
      onTestFinished(close)
      const body = JSON.stringify({ identifier: email, password: PASSWORD })
      const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`]
      const head = (path: string) => requestHead(`POST ${path}`, ...headers)
      return { failures, url, body, head }
    }

    for (const { name, consume, login, guarded } of consumers) {
      it(`S103 answers, or ends the connection, where it ${name}`, async () => {
        const seen = new EventEmitter()
        const { failures, url, body, head } = await serve((request) => {
          seen.emit('head')
          return consume(request)
        })
        for (const [path, expected] of [
          ['/login', login],
          ['/guarded', [guarded]],
        ] as const) {
          const { status } = await sendRaw(url, head(path) + body)
          expect(expected, `${path} at once`).toContain(status)
          const socket = connectTo(url)
          const answer = answerOn(socket)
          socket.write(head(path))
          await once(seen, 'head')
          socket.write(body)
          expect(expected, `${path} in two parts`).toContain((await answer).status)
        }
        // Of a body that is gone, whoever runs the application hears.
        expect(failures.filter((error) => !String(error).startsWith(LOST))).toEqual([])
        if (name === 'reads all, and leaves nothing') expect(failures).toHaveLength(2)
      })
    }

    it('S103 does not mind that the client goes before the middleware is done', async () => {
      const seen = new EventEmitter()
      const { failures, url, body, head } = await serve(async ({ socket }) => {
        seen.emit('head')
        await once(socket, 'close')
        seen.emit('gone')
      })
      for (const path of ['/login', '/guarded', '/me']) {
        const [client, came, gone] = [connectTo(url), once(seen, 'head'), once(seen, 'gone')]
        client.write(head(path) + body)
        await came
        client.destroy()
        await gone
      }
      await new Promise(setImmediate)
      expect(failures).toEqual([])
    })
  })
}

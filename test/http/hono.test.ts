import type { IncomingMessage } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Auth, Principal } from '@latchkey/core'
import { fetchGuard, fetchHandler } from '@latchkey/core/fetch'
import { Hono, type MiddlewareHandler } from 'hono'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type HttpClient, httpClient } from '../support/http-client.ts'
import { expectProblem, expectWellFormed } from '../support/problems.ts'
import { serve } from '../support/running-host.ts'
import { accountOf, PASSWORD, setUp, tokenIn } from '../support/setup.ts'

/** The ways to serve the handler under `/auth`. */
const mountings: Readonly<Record<string, (app: Hono, auth: Auth) => void>> = {
  'app.all'(app, auth) {
    const handle = fetchHandler(auth, { prefix: '/auth' })
    app.all('/auth/*', (c) => handle(c.req.raw, { ip: getConnInfo(c).remote.address }))
  },
  // It takes the prefix away, and hands over what the server knows.
  'app.mount'(app, auth) {
    const handle = fetchHandler(auth)
    app.mount('/auth', (request: Request, { incoming }: { incoming: IncomingMessage }) =>
      handle(request, { ip: incoming.socket.remoteAddress }),
    )
  },
  'app.all, behind a parser'(app, auth) {
    const handle = fetchHandler(auth, { prefix: '/auth' })
    app.all('/auth/*', async (c) => {
      const ip = getConnInfo(c).remote.address
      const hasJson = c.req.header('content-type') === 'application/json'
      return handle(c.req.raw, { ip, ...(hasJson && { parsedBody: await c.req.json() }) })
    })
  },
}

type Variables = { Variables: { principal: Principal | null } }

function guarded(auth: Auth): MiddlewareHandler<Variables> {
  const guard = fetchGuard(auth)
  return async (c, next) => {
    const admission = await guard(c.req.raw)
    if (!admission.admitted) return admission.response
    c.set('principal', admission.principal)
    return next()
  }
}

async function serveHono(auth: Auth, mounting: keyof typeof mountings): Promise<HttpClient> {
  const app = new Hono()
  mountings[mounting]?.(app, auth)
  app.get('/protected', guarded(auth), (c) => c.json(c.get('principal')))
  app.get('/refuses', async () =>
    Response.json(await auth.login({ identifier: 'x', password: 'y' })),
  )
  app.notFound((c) => c.text('not here', 404))
  app.onError((error, c) => {
    const reply = auth.problem(error)
    return reply === null ? c.text('broken', 500) : new Response(reply.body, reply)
  })
  const host = await serve(getRequestListener(app.fetch))
  onTestFinished(host.close)
  return httpClient(host.url)
}

for (const mounting of Object.keys(mountings)) {
  describe(`Hono with ${mounting}`, () => {
    it('takes an account through its whole life', async () => {
      const setup = setUp()
      const client = await serveHono(setup.auth, mounting)
      const identifier = 'ada@example.com'
      await client.post('/auth/register', { email: identifier, password: PASSWORD })
      const { link } = await setup.outbox.next('activate', identifier)
      await client.post('/auth/activate', { token: tokenIn(link) })
      const login = await client.post('/auth/login', { identifier, password: PASSWORD })
      expect(login).toMatchObject({ status: 200, body: { user: { email: identifier } } })
      const { refreshToken } = login.body
      const { accessToken } = (await client.post('/auth/refresh', { refreshToken })).body
      expect((await client.get('/protected', accessToken)).body.user.id).toBe(login.body.user.id)
      const { sessions } = (await client.get('/auth/sessions', accessToken)).body
      expect(sessions).toMatchObject([{ ip: '127.0.0.1', current: true }])
      expect((await client.post('/auth/logout', undefined, accessToken)).status).toBe(204)
      expectProblem(await client.get('/protected', accessToken), 401, 'invalid_token')
    })

    it('answers below the prefix for itself, and leaves the rest to the application', async () => {
      const client = await serveHono(setUp().auth, mounting)
      expectProblem(await client.get('/auth/nothing'), 404, 'not_found')
      expectProblem(await client.get('/auth/login'), 405, 'method_not_allowed')
      expect(await client.get('/authentic')).toMatchObject({ status: 404, text: 'not here' })
      expectProblem(await client.get('/refuses'), 401, 'invalid_credentials')
    })

    it('tells without a body what it has', async () => {
      const setup = setUp()
      const client = await serveHono(setup.auth, mounting)
      const { session } = await accountOf(setup)
      const headers = { authorization: `Bearer ${session.accessToken}` }
      const answer = await client.send('HEAD', '/auth/me', { headers })
      expect(answer).toMatchObject({ status: 200, text: '' })
      expectWellFormed(answer)
    })
  })
}

import Router from '@koa/router'
import { type Auth, AuthError } from '@latchkey/core'
import { authErrors, authRouter, requireAuth } from '@latchkey/koa-adapter'
import Koa3 from 'koa'
import mount from 'koa-mount'
import Koa2 from 'koa2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type HttpClient, httpClient } from '../support/http-client.ts'
import { expectProblem, expectWellFormed } from '../support/problems.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { serve } from '../support/running-host.ts'
import { accountOf, PASSWORD, setUp, tokenIn } from '../support/setup.ts'

const versions = { 'Koa 3': Koa3, 'Koa 2': Koa2 }

/** The ways to serve the router under `/api/auth`. */
const mountings: Readonly<Record<string, (app: Koa3, auth: Auth) => void>> = {
  'a prefix'(app, auth) {
    app.use(authRouter(auth, { prefix: '/api/auth' }))
  },
  'koa-mount'(app, auth) {
    app.use(mount('/api/auth', authRouter(auth)))
  },
  'koa-mount in koa-mount'(app, auth) {
    const api = new Koa3()
    api.use(mount('/auth', authRouter(auth)))
    app.use(mount('/api', api))
  },
  'koa-mount, and a prefix for the rest'(app, auth) {
    app.use(mount('/api', authRouter(auth, { prefix: '/auth' })))
  },
  '@koa/router'(app, auth) {
    const router = new Router()
    router.all('/api/auth{/*path}', authRouter(auth, { prefix: '/api/auth' }))
    app.use(router.routes())
  },
  '@koa/router with a prefix, and allowedMethods'(app, auth) {
    const router = new Router({ prefix: '/api' })
    router.all('/auth{/*path}', authRouter(auth, { prefix: '/api/auth' }))
    app.use(router.routes()).use(router.allowedMethods())
  },
  '@koa/router in @koa/router'(app, auth) {
    const [outer, inner] = [new Router(), new Router()]
    inner.all('/auth{/*path}', authRouter(auth, { prefix: '/api/auth' }))
    outer.use('/api', inner.routes())
    app.use(outer.routes())
  },
}

/** What nobody else answers is 404, and says how its target looks by then. */
async function serveOn(Koa: typeof Koa3, fill: (app: Koa3) => void): Promise<HttpClient> {
  const app = new Koa()
  fill(app)
  app.use((ctx) => {
    ctx.status = 404
    ctx.body = `not here: ${ctx.url}`
  })
  const host = await serve(app.callback())
  onTestFinished(host.close)
  return httpClient(host.url)
}

for (const [version, Koa] of Object.entries(versions)) {
  for (const [mounting, mountRouter] of Object.entries(mountings)) {
    describe(`${version} with ${mounting}`, () => {
      it('takes an account through its whole life', async () => {
        const { auth, outbox } = setUp()
        const client = await serveOn(Koa, (app) => {
          mountRouter(app, auth)
          app.use(mount('/protected', requireAuth(auth)))
        })
        const identifier = 'ada@example.com'
        await client.post('/api/auth/register', { email: identifier, password: PASSWORD })
        const { link } = await outbox.next('activate', identifier)
        await client.post('/api/auth/activate', { token: tokenIn(link) })
        const login = await client.post('/api/auth/login', { identifier, password: PASSWORD })
        const { refreshToken } = login.body
        const { accessToken } = (await client.post('/api/auth/refresh', { refreshToken })).body
        expect((await client.get('/protected', accessToken)).text).toBe('not here: /protected')
        const id = login.body.sessionId
        expect((await client.delete(`/api/auth/sessions/${id}`, accessToken)).status).toBe(204)
        expectProblem(await client.get('/protected', accessToken), 401, 'invalid_token')
      })

      it('hands on what is none of ours, with its path as it came', async () => {
        const { auth } = setUp()
        const client = await serveOn(Koa, (app) => mountRouter(app, auth))
        const paths = ['/', '/auth/login', '/api/auth', '/api/auth/', '/api/authlogin']
        const spellings = [
          '/api/auth/login/',
          '/api/auth//login',
          '/api/AUTH/login',
          '/api/auth/%ff',
        ]
        for (const path of [...paths, ...spellings, '/api/auth/%6cogin?x=1']) {
          const { status, text } = await client.post(path, {})
          expect([status, text]).toEqual([404, `not here: ${path}`])
        }
      })

      it('answers every method on paths of ours, and takes the query for none of the path', async () => {
        const setup = setUp()
        const client = await serveOn(Koa, (app) => mountRouter(app, setup.auth))
        for (const method of ['GET', 'PUT', 'OPTIONS', 'PATCH', 'PROPFIND']) {
          const answer = await client.send(method, '/api/auth/login')
          expectProblem(answer, 405, 'method_not_allowed')
          expect(answer.headers.get('allow')).toBe('POST')
        }
        const { session } = await accountOf(setup)
        const headers = { authorization: `Bearer ${session.accessToken}` }
        const head = await client.send('HEAD', '/api/auth/me?x=/y', { headers })
        expect(head).toMatchObject({ status: 200, text: '' })
        expectWellFormed(head)
      })

      it('takes a target that is a whole URL', async () => {
        const { auth } = setUp()
        const { url } = await serveOn(Koa, (app) => mountRouter(app, auth))
        const answer = await sendRaw(url, requestHead('GET http://app.example/api/auth/me'))
        expect(answer.status).toBe(401)
      })
    })
  }

  describe(`${version} with @koa/router`, () => {
    it('never calls what router.use has at a path, while no route matches', async () => {
      const { auth } = setUp()
      const router = new Router()
      router.use('/api/auth', authRouter(auth, { prefix: '/api/auth' }))
      const client = await serveOn(Koa, (app) => app.use(router.routes()))
      expect((await client.post('/api/auth/login', {})).status).toBe(404)
    })

    it('guards all routes of a router, or those below a path', async () => {
      const { auth } = setUp()
      const router = new Router()
      router.use('/own', requireAuth(auth))
      router.get(['/own/notes', '/notes'], (ctx) => {
        ctx.body = 'notes'
      })
      const client = await serveOn(Koa, (app) => app.use(router.routes()))
      expectProblem(await client.get('/own/notes'), 401, 'unauthenticated')
      expectProblem(await client.get('/OWN/notes/'), 401, 'unauthenticated')
      expect((await client.get('/notes')).text).toBe('notes')
    })

    // So the guide says: a guard belongs to the route.
    it('knows more spellings of a path than koa-mount does', async () => {
      const { auth } = setUp()
      const router = new Router()
      router.get('/own/notes', (ctx) => {
        ctx.body = 'notes'
      })
      const client = await serveOn(Koa, (app) => {
        app.use(mount('/own', requireAuth(auth))).use(router.routes())
      })
      expect((await client.get('/own/notes')).status).toBe(401)
      expect((await client.get('/OWN/notes')).status).toBe(200)
    })
  })

  describe(`${version}, when somebody upstream has answered already`, () => {
    it('leaves that answer alone, though the request comes to the router', async () => {
      const { auth } = setUp()
      const failures: unknown[] = []
      const client = await serveOn(Koa, (app) => {
        app.use(async (ctx, next) => {
          ctx.respond = false
          ctx.res.writeHead(202, { 'content-type': 'text/plain' }).end('mine')
          await next().catch((error) => failures.push(error))
        })
        app.use(authErrors(auth)).use(authRouter(auth, { prefix: '/api/auth' }))
      })
      for (const path of ['/api/auth/login', '/api/auth/register', '/elsewhere']) {
        expect(await client.post(path, {})).toMatchObject({ status: 202, text: 'mine' })
      }
      expect(failures).toEqual([])
    })

    it('hands on an error that comes too late to be answered', async () => {
      const { auth } = setUp()
      const failures: unknown[] = []
      const late = new AuthError('forbidden')
      const client = await serveOn(Koa, (app) => {
        app.use((_ctx, next) => next().catch((error) => failures.push(error)))
        app.use(authErrors(auth))
        app.use((ctx) => {
          ctx.respond = false
          ctx.res.writeHead(202, { 'content-type': 'text/plain' }).end('mine')
          throw late
        })
      })
      expect(await client.get('/')).toMatchObject({ status: 202, text: 'mine' })
      expect(failures).toEqual([late])
    })

    it('gives its answer to who sends it by hand', async () => {
      const { auth } = setUp()
      const client = await serveOn(Koa, (app) => {
        app.use(async (ctx, next) => {
          ctx.respond = false
          await next()
          ctx.res.end(ctx.body)
        })
        app.use(authRouter(auth, { prefix: '/api/auth' }))
      })
      expectProblem(await client.get('/api/auth/me'), 401, 'unauthenticated')
    })
  })
}

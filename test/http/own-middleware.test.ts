import type { IncomingMessage } from 'node:http'
import Router from '@koa/router'
import { authErrors, authOf, authRouter, optionalAuthOf, requireAuth } from '@latchkey/koa-adapter'
import Koa3 from 'koa'
import mountAt from 'koa-mount'
import Koa2 from 'koa2'
import { describe, expect, it } from 'vitest'
import { accessTokenWith, clientOf } from '../support/application.ts'
import { expectProblem } from '../support/problems.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

interface Answerable {
  readonly req: IncomingMessage
  body: unknown
}

/** Whom the guards before it have let in. */
function whoever(ctx: Answerable): void {
  ctx.body = { id: authOf(ctx).user.id }
}

for (const [version, Koa] of Object.entries({ 'Koa 3': Koa3, 'Koa 2': Koa2 })) {
  describe(`on ${version}`, () => {
    async function prepare() {
      const setup = setUp()
      const account = await accountOf(setup)
      const login = { identifier: account.email, password: PASSWORD }
      const app = new Koa()
      const said: string[] = []
      app.silent = true
      app.on('error', (error: Error) => said.push(error.message))
      return { setup, auth: setup.auth, app, said, login, id: account.user.id, ...account.session }
    }

    it('S103 outlives an error middleware of the application that throws', async () => {
      const { setup, auth, app, said, accessToken, id } = await prepare()
      app.use(authErrors(auth))
      app.use(async (_ctx, next) => {
        await next().catch((error: unknown) => {
          throw new Error(`of the handler: ${error}`)
        })
      })
      const router = new Router().get('/me', requireAuth(auth), whoever).get('/unguarded', whoever)
      const client = await clientOf(app.use(router.routes()).callback())
      expect((await client.get('/unguarded', accessToken)).status).toBe(500)
      expectProblem(await client.get('/me'), 401, 'unauthenticated')
      expect((await client.get('/me', accessToken)).body).toEqual({ id })
      expect(said).toEqual([expect.stringContaining('of the handler')])
      expect(setup.errors).toEqual([])
    })

    it('S103 answers once where a middleware goes on twice', async () => {
      const { setup, auth, app, said, login, accessToken } = await prepare()
      app.use(async (_ctx, next) => {
        await next()
        await next()
      })
      const client = await clientOf(app.use(authRouter(auth)).use(requireAuth(auth)).callback())
      const answers = [
        await client.post('/login', login),
        await client.get('/me'),
        await client.get('/guarded', accessToken),
        await client.get('/guarded'),
      ]
      // Koa itself does not allow it.
      expect(answers.map(({ status }) => status)).toEqual([500, 500, 500, 500])
      expect(said).toEqual(Array(4).fill('next() called multiple times'))
      expect(setup.errors).toEqual([])
    })

    it('S103 leaves an answer that was begun before as it is', async () => {
      const { setup, auth, app, said, login } = await prepare()
      app.use(authErrors(auth))
      app.use(async (ctx, next) => {
        ctx.res.statusCode = 203
        ctx.res.end('early')
        await next()
      })
      const client = await clientOf(app.use(authRouter(auth)).use(requireAuth(auth)).callback())
      const answers = [
        await client.post('/login', login),
        await client.get('/me'),
        await client.get('/guarded'),
        await client.get('/guarded', 'x'),
      ]
      for (const { status, text } of answers) expect([status, text]).toEqual([203, 'early'])
      expect([said, setup.errors]).toEqual([[], []])
    })

    it('S086 wants what all guards of a route want', async () => {
      const { setup, auth, app, accessToken, id } = await prepare()
      const staff = await accessTokenWith(['staff'], setup)
      const other = setUp({ secret: 'another-secret-for-tests-0123456789-abcdef' }).auth
      const [any, role] = [requireAuth(auth), requireAuth(auth, { role: 'staff' })]
      const optional = requireAuth(auth, { optional: true })
      const router = new Router()
      router.get('/any-staff', any, role, whoever)
      router.get('/staff-any', role, any, whoever)
      router.get('/any-optional', any, optional, whoever)
      router.get('/optional-any', optional, any, whoever)
      router.get('/optional-staff', optional, role, whoever)
      router.get('/two-houses', any, requireAuth(other), whoever)
      const client = await clientOf(app.use(router.routes()).callback())
      for (const path of ['/any-staff', '/staff-any', '/optional-staff']) {
        expectProblem(await client.get(path), 401, 'unauthenticated')
        expectProblem(await client.get(path, accessToken), 403, 'forbidden')
        expect((await client.get(path, staff)).status).toBe(200)
      }
      for (const path of ['/any-optional', '/optional-any']) {
        expectProblem(await client.get(path), 401, 'unauthenticated')
        expect((await client.get(path, accessToken)).body).toEqual({ id })
      }
      expectProblem(await client.get('/two-houses', accessToken), 401, 'invalid_token')
    })

    it('S086 guards routers in routers, and applications in applications', async () => {
      const { auth, app, accessToken, id } = await prepare()
      const inner = new Router().get('/x', whoever)
      const outer = new Router({ prefix: '/router' }).use(requireAuth(auth))
      outer.use('/inner', inner.routes())
      const parameters = new Router().get('/of/:name', requireAuth(auth), whoever)
      const own = new Koa().use(requireAuth(auth)).use(new Router().get('/x', whoever).routes())
      app.use(outer.routes()).use(parameters.routes())
      app.use(mountAt('/application', own))
      app.use(mountAt('/deep', mountAt('/er', own)))
      app.use(mountAt('/api', new Koa().use(authRouter(auth, { prefix: '/auth' }))))
      app.use(mountAt('/behind', new Koa().use(requireAuth(auth)).use(authRouter(auth))))
      const client = await clientOf(app.callback())
      for (const path of ['/router/inner/x', '/of/ada', '/application/x', '/deep/er/x']) {
        expectProblem(await client.get(path), 401, 'unauthenticated')
        expectProblem(await client.get(path, 'x'), 401, 'invalid_token')
        expect((await client.get(path, accessToken)).body).toEqual({ id })
      }
      for (const path of ['/api/auth/me', '/behind/me']) {
        expectProblem(await client.get(path), 401, 'unauthenticated')
        expect((await client.get(path, accessToken)).body.id).toBe(id)
      }
      expectProblem(await client.post('/behind/login', {}), 401, 'unauthenticated')
    })

    it('S086 serves our routes inside of @koa/router', async () => {
      const { auth, app, accessToken, id, login } = await prepare()
      const router = new Router()
      router.all('/auth/{*rest}', authRouter(auth, { prefix: '/auth' }))
      const client = await clientOf(app.use(router.routes()).callback())
      expect((await client.post('/auth/login', login)).status).toBe(200)
      expect((await client.get('/auth/me', accessToken)).body.id).toBe(id)
      expectProblem(await client.send('PUT', '/auth/login'), 405, 'method_not_allowed')
    })

    it('S086 says of a route without a guard that it lacks requireAuth, and no secret', async () => {
      const { auth, app, said, accessToken } = await prepare()
      app.use(authErrors(auth))
      const router = new Router().get('/bare', whoever)
      router.get('/null', (ctx) => {
        ctx.body = { auth: optionalAuthOf(ctx) }
      })
      router.get('/open', requireAuth(auth, { optional: true }), whoever)
      const client = await clientOf(app.use(router.routes()).callback())
      expect((await client.get('/null', accessToken)).body).toEqual({ auth: null })
      expect((await client.get('/bare?token=secret', accessToken)).status).toBe(500)
      expect((await client.get('/open?token=secret')).status).toBe(500)
      expect(said).toEqual([
        expect.stringMatching(/^authOf: GET \/bare .*requireAuth\(auth\)/),
        expect.stringMatching(/^authOf: GET \/open .*optionalAuthOf/),
      ])
      expect(JSON.stringify(said)).not.toMatch(/secret|eyJ/)
    })
  })
}

import {
  authErrors,
  authOf,
  authRouter,
  optionalAuthOf,
  requireAuth,
} from '@latchkey/express-adapter'
import express5, { type ErrorRequestHandler, type RequestHandler } from 'express'
import express4 from 'express4'
import { describe, expect, it } from 'vitest'
import { accessTokenWith, clientOf } from '../support/application.ts'
import { expectProblem, settled } from '../support/problems.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

/** Whom the guards before it have let in. */
const whoever: RequestHandler = (request, response) => {
  response.json(authOf(request).user.id)
}

for (const [version, express] of Object.entries({ 'Express 5': express5, 'Express 4': express4 })) {
  describe(`on ${version}`, () => {
    async function prepare() {
      const setup = setUp()
      const account = await accountOf(setup)
      const login = { identifier: account.email, password: PASSWORD }
      const app = express()
      // Keeps the traces of Express's own error pages off the terminal.
      app.set('env', 'test')
      return { setup, auth: setup.auth, app, login, id: account.user.id, ...account.session }
    }

    it('S103 outlives an error handler of the application that throws', async () => {
      const { setup, auth, app, accessToken, id } = await prepare()
      const throwing: ErrorRequestHandler = (error, _request, _response, _next) => {
        throw new Error(`of the handler: ${error}`)
      }
      app.get('/me', requireAuth(auth), whoever)
      app.get('/broken', () => {
        throw new Error('of the route')
      })
      app.get('/unguarded', whoever)
      const client = await clientOf(app.use(throwing, authErrors(auth), throwing))
      for (const path of ['/broken', '/unguarded', '/broken']) {
        const answer = await client.get(path, accessToken)
        expect([answer.status, answer.text]).toEqual([
          500,
          expect.stringContaining('of the handler'),
        ])
      }
      expectProblem(await client.get('/me'), 401, 'unauthenticated')
      expect((await client.get('/me', accessToken)).body).toBe(id)
      expect(setup.errors).toEqual([])
    })

    it('S103 answers once where a middleware goes on twice, and shows nobody an unguarded route', async () => {
      const { setup, auth, app, login, accessToken } = await prepare()
      const twice: RequestHandler = (_request, _response, next) => {
        next()
        next()
      }
      const said: string[] = []
      const last: ErrorRequestHandler = (error, _request, response, _next) => {
        said.push(error.message)
        if (!response.headersSent) response.status(500).end()
      }
      app.use('/auth', twice, authRouter(auth))
      app.get('/guarded', twice, requireAuth(auth), whoever)
      const client = await clientOf(app.use(authErrors(auth), last))
      // The second time, Express goes on behind the router, or the guard, at once. Either may be first.
      for (const bearer of [undefined, accessToken]) {
        expect([200, 404]).toContain((await client.post('/auth/login', login, bearer)).status)
        expect([bearer ? 200 : 401, 404]).toContain((await client.get('/auth/me', bearer)).status)
        expect([bearer ? 200 : 500, 500]).toContain((await client.get('/guarded', bearer)).status)
      }
      expect(said).toContainEqual(expect.stringContaining('requireAuth(auth)'))
      expect((await client.get('/elsewhere')).status).toBe(404)
      await settled(setup.auth)
      expect(setup.errors).toEqual([])
    })

    it('S103 leaves an answer that was begun before as it is', async () => {
      const { setup, auth, app, login } = await prepare()
      const early: RequestHandler = (_request, response, next) => {
        response.status(203).end('early')
        next()
      }
      const failures: unknown[] = []
      const last: ErrorRequestHandler = (error, _request, _response, _next) => {
        failures.push(error)
      }
      app.use(early, authRouter(auth))
      app.get('/guarded', requireAuth(auth), whoever)
      const client = await clientOf(app.use(authErrors(auth), last))
      const answers = [
        await client.post('/login', login),
        await client.get('/me'),
        await client.get('/guarded'),
        await client.get('/guarded', 'x'),
      ]
      for (const { status, text } of answers) expect([status, text]).toEqual([203, 'early'])
      await settled(auth)
      expect([failures, setup.errors]).toEqual([[], []])
    })

    it('S086 wants what all guards of a route want', async () => {
      const { setup, auth, app, accessToken, id } = await prepare()
      const staff = await accessTokenWith(['staff'], setup)
      const other = setUp({ secret: 'another-secret-for-tests-0123456789-abcdef' }).auth
      const [any, role] = [requireAuth(auth), requireAuth(auth, { role: 'staff' })]
      const optional = requireAuth(auth, { optional: true })
      app.get('/any-staff', any, role, whoever)
      app.get('/staff-any', role, any, whoever)
      app.get('/any-optional', any, optional, whoever)
      app.get('/optional-any', optional, any, whoever)
      app.get('/optional-staff', optional, role, whoever)
      app.get('/two-houses', any, requireAuth(other), whoever)
      const client = await clientOf(app.use(authErrors(auth)))
      for (const path of ['/any-staff', '/staff-any', '/optional-staff']) {
        expectProblem(await client.get(path), 401, 'unauthenticated')
        expectProblem(await client.get(path, accessToken), 403, 'forbidden')
        expect((await client.get(path, staff)).status).toBe(200)
      }
      for (const path of ['/any-optional', '/optional-any']) {
        expectProblem(await client.get(path), 401, 'unauthenticated')
        expect((await client.get(path, accessToken)).body).toBe(id)
      }
      expectProblem(await client.get('/two-houses', accessToken), 401, 'invalid_token')
    })

    it('S086 guards routers in routers, and applications in applications', async () => {
      const { auth, app, accessToken, id } = await prepare()
      const inner = express.Router().get('/x', whoever)
      const outer = express.Router().use('/inner', inner)
      const parameters = express.Router({ mergeParams: true }).get('/', whoever)
      const own = express().get('/x', whoever)
      const ownGuard = express.Router().get('/x', requireAuth(auth), whoever)
      app.use('/router', requireAuth(auth), outer)
      app.use('/of/:name', requireAuth(auth), parameters)
      app.use('/application', requireAuth(auth), own)
      app.use('/deep', express.Router().use('/er', express().use('/still', ownGuard)))
      app.use('/api', express().use('/auth', express.Router().use(authRouter(auth))))
      app.use('/behind', requireAuth(auth), authRouter(auth))
      const client = await clientOf(app)
      const paths = ['/router/inner/x', '/of/ada', '/application/x', '/deep/er/still/x']
      for (const path of paths) {
        expectProblem(await client.get(path), 401, 'unauthenticated')
        expectProblem(await client.get(path, 'x'), 401, 'invalid_token')
        expect((await client.get(path, accessToken)).body).toBe(id)
      }
      for (const path of ['/api/auth/me', '/behind/me']) {
        expectProblem(await client.get(path), 401, 'unauthenticated')
        expect((await client.get(path, accessToken)).body.id).toBe(id)
      }
      expectProblem(await client.post('/behind/login', {}), 401, 'unauthenticated')
    })

    it('S086 says of a route without a guard that it lacks requireAuth, and no secret', async () => {
      const { auth, app, accessToken } = await prepare()
      const said: string[] = []
      const last: ErrorRequestHandler = (error, request, response, _next) => {
        said.push(error.message)
        response.status(500).json(optionalAuthOf(request))
      }
      app.use('/inner', express.Router().get('/bare', whoever))
      app.get('/open', requireAuth(auth, { optional: true }), whoever)
      const client = await clientOf(app.use(authErrors(auth), last))
      const answer = await client.get('/inner/bare?token=secret', accessToken)
      expect([answer.status, answer.body]).toEqual([500, null])
      expect((await client.get('/open?token=secret')).status).toBe(500)
      expect(said).toEqual([
        expect.stringMatching(/^authOf: GET \S*\/bare .*requireAuth\(auth\)/),
        expect.stringMatching(/^authOf: GET \/open .*optionalAuthOf/),
      ])
      expect(JSON.stringify(said)).not.toMatch(/secret|eyJ/)
    })
  })
}

import { authErrors, authRouter } from '@latchkey/express-adapter'
import express5, { type Express } from 'express'
import express4 from 'express4'
import { describe, expect, it } from 'vitest'
import { clientOf } from '../support/application.ts'
import { expectProblem } from '../support/problems.ts'
import { setUp } from '../support/setup.ts'

type Mount = (
  app: Express,
  express: typeof express5,
  auth: ReturnType<typeof setUp>['auth'],
) => void

/** The ways to serve the router under `/api/auth`. */
const mountings: Readonly<Record<string, Mount>> = {
  'at a path': (app, _express, auth) => app.use('/api/auth', authRouter(auth)),
  'by a prefix': (app, _express, auth) => app.use(authRouter(auth, { prefix: '/api/auth' })),
  'by both': (app, _express, auth) => app.use('/api', authRouter(auth, { prefix: '/auth' })),
  'in a router': (app, express, auth) =>
    app.use('/api', express.Router().use('/auth', authRouter(auth))),
  'in an application': (app, express, auth) =>
    app.use('/api', express().use('/auth', authRouter(auth))),
}

for (const [version, express] of Object.entries({ 'Express 5': express5, 'Express 4': express4 })) {
  describe(`on ${version}`, () => {
    it.each(Object.entries(mountings))('is served %s, and nowhere else', async (_name, mount) => {
      const { auth } = setUp()
      const app = express()
      mount(app, express, auth)
      app.use(authErrors(auth))
      app.use((_request, response) => {
        response.status(404).send('not here')
      })
      const client = await clientOf(app)
      expectProblem(await client.get('/api/auth/me'), 401, 'unauthenticated')
      expect((await client.get('/api/auth/openapi.json')).body).toEqual(auth.openapi())
      for (const path of [
        '/me',
        '/auth/me',
        '/api/me',
        '/api/auth',
        '/api/authx/me',
        '/x/api/auth/me',
      ]) {
        expect([path, (await client.get(path)).text]).toEqual([path, 'not here'])
      }
    })
  })
}

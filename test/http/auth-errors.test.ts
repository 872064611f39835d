import { authErrors, authOf, authRouter, requireAuth } from '@latchkey/express-adapter'
import { memoryStore } from '@latchkey/memory-store'
import express, { type ErrorRequestHandler } from 'express'
import { expect, it, onTestFinished } from 'vitest'
import { httpClient } from '../support/http-client.ts'
import { expectProblem } from '../support/problems.ts'
import { serve } from '../support/running-host.ts'
import { accountOf, setUp } from '../support/setup.ts'

const ownErrors: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(418).json({ name: error.name })
}

async function served() {
  const store = memoryStore()
  const find = store.users.find.bind(store.users)
  let down = false
  store.users.find = (id) => (down ? Promise.reject(new Error('the store is down')) : find(id))
  const setup = setUp({ store })
  const app = express()
  app.get('/user', requireAuth(setup.auth), async (request, response) => {
    response.json(await authOf(request).loadUser())
  })
  app.get('/broken', () => {
    throw new RangeError('of the host')
  })
  app.use(authErrors(setup.auth))
  app.use(ownErrors)
  const host = await serve(app)
  onTestFinished(host.close)
  const { session } = await accountOf(setup)
  const stop = () => {
    down = true
  }
  return { stop, session, setup, client: httpClient(host.url) }
}

it('S103 answers with its problem what a flow throws in a handler of the host', async () => {
  const { stop, session, client, setup } = await served()
  expect((await client.get('/user', session.accessToken)).status).toBe(200)
  stop()
  const answer = await client.get('/user', session.accessToken)
  expectProblem(answer, 503, 'unavailable')
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(answer.text).not.toContain('the store is down')
  expect(setup.errors).toEqual([expect.objectContaining({ message: 'the store is down' })])
})

it('answers for a body parser on the paths of the router alone, and only where it is told to', async () => {
  const { auth } = setUp()
  const prefixes = [undefined, '/auth', '/']
  const answers = await Promise.all(
    prefixes.map(async (prefix) => {
      const app = express()
      app.use(express.json())
      app.use('/auth', authRouter(auth))
      app.use(authErrors(auth, { prefix }))
      app.use(ownErrors)
      const host = await serve(app)
      onTestFinished(host.close)
      const send = (path: string) => httpClient(host.url).post(path, '{')
      const all = [await send('/login'), await send('/auth/login'), await send('/auth/other')]
      return all.map(({ status }) => status)
    }),
  )
  // Below '/', where its router is not, its /login is taken for ours.
  expect(answers).toEqual([
    [418, 418, 418],
    [418, 400, 418],
    [400, 418, 418],
  ])
})

it('leaves the errors of the host to the host', async () => {
  const { client } = await served()
  const answer = await client.get('/broken')
  expect([answer.status, answer.body]).toEqual([418, { name: 'RangeError' }])
})

it('gives the problem of a refusal to those who answer themselves', async () => {
  const { setup } = await served()
  const wrong = { identifier: 'ada@example.com', password: 'not the password' }
  const error: unknown = await setup.auth.login(wrong).catch((refusal: unknown) => refusal)
  expect(setup.auth.problem(error)).toMatchObject({ status: 401 })
  expect(setup.auth.problem(new Error('of the host'))).toBeNull()
})

it('leaves to the application what no parser has thrown, below the prefix too', async () => {
  const { auth } = setUp()
  const app = express()
  app.use('/auth', (_request, _response, next) => {
    next(Object.assign(new Error('the captcha is missing'), { status: 400 }))
  })
  app.use('/auth', authRouter(auth))
  app.use(authErrors(auth, { prefix: '/auth' }), ownErrors)
  const host = await serve(app)
  onTestFinished(host.close)
  const answer = await httpClient(host.url).post('/auth/login', {})
  expect([answer.status, answer.body]).toEqual([418, { name: 'Error' }])
})

it('takes the prefix as it stands where the handler is mounted, in any case', async () => {
  const { auth } = setUp()
  const api = express()
  api.use(express.json())
  api.use('/auth', authRouter(auth))
  api.use(authErrors(auth, { prefix: '/auth' }))
  const host = await serve(express().use('/api', api))
  onTestFinished(host.close)
  for (const path of ['/api/auth/login', '/API/Auth/login']) {
    const answer = await httpClient(host.url).post(path, '{')
    expectProblem(answer, 400, 'invalid_request')
  }
})

it('says nothing of a body that was to be sent, and is not', async () => {
  const { stop, session, setup } = await served()
  const app = express()
  app.get('/user', requireAuth(setup.auth), async (request, response) => {
    response.set({ 'content-encoding': 'gzip', etag: '"1"', 'content-disposition': 'attachment' })
    stop()
    response.json(await authOf(request).loadUser())
  })
  app.use(authErrors(setup.auth))
  const host = await serve(app)
  onTestFinished(host.close)
  const answer = await httpClient(host.url).get('/user', session.accessToken)
  expectProblem(answer, 503, 'unavailable')
  const left = [...answer.headers.keys()].filter((name) => /^content-[de]|^etag/.test(name))
  expect(left).toEqual([])
})

it('gives the refusal of a guard to those who answer themselves', async () => {
  const { auth } = setUp()
  const admission = await auth.guard({ role: 'staff' })({
    method: 'GET',
    path: '/',
    header: () => null,
    ip: null,
  })
  expect(admission).toMatchObject({ admitted: false, refusal: { code: 'unauthenticated' } })
})

import { authErrors, authOf, requireAuth } from '@latchkey/express-adapter'
import { memoryStore } from '@latchkey/memory-store'
import express, { type ErrorRequestHandler } from 'express'
import { expect, it, onTestFinished } from 'vitest'
import { httpClient } from '../support/http-client.ts'
import { expectProblem } from '../support/problems.ts'
import { serve } from '../support/running-host.ts'
import { accountOf, setUp } from '../support/setup.ts'

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
  const last: ErrorRequestHandler = (error, _request, response, _next) => {
    response.status(418).json({ name: error.name })
  }
  app.use(last)
  const host = await serve(app)
  onTestFinished(host.close)
  const { session } = await accountOf(setup)
  const stop = () => {
    down = true
  }
  return { stop, session, setup, client: httpClient(host.url) }
}

it('S103 answers with its problem what a flow throws in a handler of the host', async () => {
  const { stop, session, client } = await served()
  expect((await client.get('/user', session.accessToken)).status).toBe(200)
  stop()
  const answer = await client.get('/user', session.accessToken)
  expectProblem(answer, 503, 'unavailable')
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(answer.text).not.toContain('the store is down')
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

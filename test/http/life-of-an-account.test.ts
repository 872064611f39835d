import { expect, it } from 'vitest'
import { PASSWORD, serveSetup, setUp, tokenIn } from '../support/setup.ts'

it('takes an account through its whole life', async () => {
  const setup = setUp()
  const client = await serveSetup(setup)
  const email = 'ada@example.com'

  expect((await client.post('/auth/register', { email, password: PASSWORD })).status).toBe(202)
  const activation = await setup.outbox.next('activate', email)
  expect((await client.post('/auth/activate', { token: tokenIn(activation.link) })).status).toBe(
    200,
  )

  const login = await client.post('/auth/login', { identifier: email, password: PASSWORD })
  expect(login.status).toBe(200)
  const next = await client.post('/auth/refresh', { refreshToken: login.body.refreshToken })
  expect((await client.get('/protected', next.body.accessToken)).status).toBe(200)

  expect((await client.post('/auth/logout', undefined, next.body.accessToken)).status).toBe(204)
  expect((await client.get('/protected', next.body.accessToken)).status).toBe(401)
  expect((await client.post('/auth/refresh', next.body)).status).toBe(422)
  const { refreshToken } = next.body
  expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(401)
})

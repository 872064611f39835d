import { once } from 'node:events'
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Auth } from '@latchkey/core'
import { authRouter } from '@latchkey/koa-adapter'
import Koa from 'koa'
import { expect, it, onTestFinished } from 'vitest'
import { enlist } from '../support/administration.ts'
import { storeOfMany } from '../support/many-users.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'
import { everything } from '../support/transfer.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

async function connectTo(auth: Auth, before: Koa.Middleware = (_ctx, next) => next()) {
  const app = new Koa()
  app.silent = true // keeps what breaks off the terminal
  app.use(before)
  app.use(authRouter(auth))
  const server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const session = connect(`http://127.0.0.1:${port}`)
  onTestFinished(async () => {
    session.destroy()
    server.close()
    await once(server, 'close')
  })
  return session
}

async function post(
  session: ClientHttp2Session,
  path: string,
  headers: OutgoingHttpHeaders,
  body?: string,
) {
  const stream = session.request(
    { ':method': 'POST', ':path': path, ...headers },
    { endStream: body === undefined },
  )
  if (body !== undefined) stream.end(body)
  const [head] = await once(stream, 'response')
  return { status: head[':status'], headers: head, text: await text(stream) }
}

it('takes a body without a length over HTTP/2', async () => {
  const setup = setUp()
  const { email } = await accountOf(setup)
  const session = await connectTo(setup.auth)
  const login = JSON.stringify({ identifier: email, password: PASSWORD })
  const answer = await post(session, '/login', JSON_TYPE, login)
  expect([answer.status, JSON.parse(answer.text).user.email]).toEqual([200, email])
})

it('takes credentials in the header, and refuses a body beside them, over HTTP/2', async () => {
  const setup = setUp()
  const { email } = await accountOf(setup)
  const session = await connectTo(setup.auth)
  const authorization = `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}`
  expect((await post(session, '/login', { authorization })).status).toBe(200)
  const both = await post(session, '/login', { authorization, ...JSON_TYPE }, '{}')
  expect([both.status, JSON.parse(both.text).code]).toEqual([400, 'invalid_request'])
})

it('refuses over HTTP/2 without headers that only HTTP/1 knows', async () => {
  const { auth } = setUp()
  const session = await connectTo(auth)
  const answer = await post(session, '/login', { 'content-type': 'text/plain' }, 'x'.repeat(20_000))
  expect(answer.status).toBe(415)
  expect(answer.headers.connection).toBeUndefined()
  const large = await post(session, '/login', JSON_TYPE, 'x'.repeat(100_000))
  expect(large.status).toBe(413)
})

it('is not taken in by a body that breaks off over HTTP/2, nor blames the application', async () => {
  const setup = setUp()
  const { email } = await accountOf(setup)
  const arrived = Promise.withResolvers<void>()
  const session = await connectTo(setup.auth, async (ctx, next) => {
    const gone = once(ctx.req, 'aborted')
    arrived.resolve()
    await gone
    await next()
  })
  const stream = session.request({ ':method': 'POST', ':path': '/login', ...JSON_TYPE })
  stream.on('error', () => {})
  stream.write(JSON.stringify({ identifier: email, password: PASSWORD }))
  await arrived.promise
  stream.close(constants.NGHTTP2_CANCEL)
  await once(stream, 'close')
  const login = JSON.stringify({ identifier: email, password: PASSWORD })
  const fresh = await connectTo(setup.auth)
  expect((await post(fresh, '/login', JSON_TYPE, login)).status).toBe(200)
  await setup.auth.close()
  const started = setup.events.filter(({ type }) => type === 'session.started')
  // One of the account, and one of the login that was not broken off.
  expect([started.length, setup.errors]).toEqual([2, []])
})

it('breaks off an answer that fails over HTTP/2, and ends one that nobody wants any more', async () => {
  const many = storeOfMany(8000, { failsAtPage: 5 })
  const setup = setUp({ store: many.store, profile: everything.profile })
  const { accessToken } = await enlist(setup, 'root', ['admin'])
  const session = await connectTo(setup.auth)
  const headers = { ':path': '/users/export', authorization: `Bearer ${accessToken}` }
  const left = session.request(headers)
  await once(left, 'response')
  left.close(constants.NGHTTP2_CANCEL)
  await expect.poll(() => setup.events.map(({ type }) => type)).toContain('users.exported')
  expect(many.pages()).toBeLessThan(5)
  const broken = session.request(headers)
  const [head] = await once(broken, 'response')
  expect(head[':status']).toBe(200)
  await expect(text(broken)).rejects.toThrow()
  expect(setup.errors).toMatchObject([{ message: 'the store does not answer' }])
})

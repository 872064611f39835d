import { ConfigurationError } from '@latchkey/core'
import {
  authOf,
  type FetchHandler,
  fetchGuard,
  fetchHandler,
  optionalAuthOf,
} from '@latchkey/core/fetch'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../support/http-client.ts'
import { expectProblem, expectWellFormed, settled } from '../support/problems.ts'
import { accountOf, ORIGIN, PASSWORD, setUp } from '../support/setup.ts'

// Apart from the tests with Hono, whose server for Node puts its own `Request` and `Response` in place of Node's.
describe('plain requests, without a server', () => {
  const path = `${ORIGIN}/auth/login`
  const headers = { 'content-type': 'application/json' }

  async function withAccount() {
    const setup = setUp()
    const { email } = await accountOf(setup)
    const body = JSON.stringify({ identifier: email, password: PASSWORD })
    return {
      setup,
      body,
      errors: setup.errors,
      handle: fetchHandler(setup.auth, { prefix: '/auth' }),
    }
  }

  async function answerOf(handle: FetchHandler, request: Request): Promise<Answer> {
    const response = await handle(request)
    const text = await response.text()
    const body = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, headers: response.headers, text, body }
  }

  it.each<[string, (body: string) => RequestInit]>([
    ['a text', (body) => ({ body })],
    ['bytes', (body) => ({ body: Buffer.from(body) })],
    ['a Blob', (body) => ({ body: new Blob([body]) })],
    ['a stream', (body) => ({ body: new Blob([body]).stream(), duplex: 'half' })],
    ['a generator', (body) => ({ body: ReadableStream.from(bytesOf(body)), duplex: 'half' })],
  ])('logs in with a body that is %s', async (_kind, bodyOf) => {
    const { handle, body } = await withAccount()
    const request = new Request(path, { method: 'POST', headers, ...bodyOf(body) })
    const answer = await answerOf(handle, request)
    expect(answer).toMatchObject({ status: 200, body: { tokenType: 'Bearer' } })
    expectWellFormed(answer)
  })

  it('takes an absent body for an empty one', async () => {
    const { handle } = await withAccount()
    const request = new Request(path, { method: 'POST', headers })
    expectProblem(await answerOf(handle, request), 422, 'invalid_input')
  })

  it('refuses too much, and what breaks off, with a problem', async () => {
    const { handle } = await withAccount()
    const post = (body: ReadableStream) =>
      new Request(path, { method: 'POST', headers, body, duplex: 'half' })
    expectProblem(await answerOf(handle, post(endless())), 413, 'payload_too_large')
    expectProblem(await answerOf(handle, post(broken())), 400, 'invalid_request')
  })

  it('has no body at all for an answer without one', async () => {
    const { setup, handle } = await withAccount()
    const { session } = await accountOf(setup, 'ben@example.com')
    const logout = new Request(`${ORIGIN}/auth/logout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${session.accessToken}` },
    })
    const { status, body } = await handle(logout)
    expect({ status, body }).toEqual({ status: 204, body: null })
  })

  it('answers, whoever is reading the body', async () => {
    const { handle, body } = await withAccount()
    for (const url of [path, `${ORIGIN}/auth/unknown`, `${ORIGIN}/elsewhere`]) {
      const request = new Request(url, { method: 'POST', headers, body })
      request.body?.getReader()
      expect([400, 404]).toContain((await handle(request)).status)
    }
  })

  it('knows by the request whom a guard let in', async () => {
    const { setup } = await withAccount()
    const { accessToken } = await setup.auth.login({
      identifier: 'ada@example.com',
      password: PASSWORD,
    })
    const requestWith = (token: string | null) =>
      new Request(`${ORIGIN}/profile`, {
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
      })
    const [known, stranger] = [requestWith(accessToken), requestWith(null)]
    expect(() => authOf(known)).toThrow('has no guard: put requireAuth(auth) before')
    await fetchGuard(setup.auth)(known)
    await fetchGuard(setup.auth, { optional: true })(stranger)
    expect((await authOf(known).loadUser()).email).toBe('ada@example.com')
    expect(optionalAuthOf(stranger)).toBeNull()
    expect(() => authOf(stranger)).toThrow('lets strangers in: use optionalAuthOf')
  })

  it('says plainly that somebody has read the body', async () => {
    const { handle, body, errors } = await withAccount()
    const request = new Request(path, { method: 'POST', headers, body })
    const copy = request.clone()
    const parsedBody = await request.json()
    expect((await handle(request)).status).toBe(400)
    expect(String(errors)).toContain('the host has read the body and left nothing of it')
    expect((await handle(copy)).status).toBe(200)
    expect((await handle(request, { parsedBody })).status).toBe(200)
  })

  it('answers 404 for what lies elsewhere, and for the prefix itself', async () => {
    const { handle } = await withAccount()
    for (const target of [
      '/login',
      '/auth',
      '/auth/',
      '/authlogin',
      '/x/auth/login',
      '/AUTH/login',
    ]) {
      expectProblem(await answerOf(handle, new Request(ORIGIN + target)), 404, 'not_found')
    }
  })

  it('knows the address of the client only from the host', async () => {
    const { setup, handle, body } = await withAccount()
    const forged = { ...headers, 'x-forwarded-for': '192.0.2.1' }
    const request = () => new Request(path, { method: 'POST', headers: forged, body })
    await handle(request(), { ip: '192.0.2.7' })
    await handle(request())
    await settled(setup.auth)
    const logins = setup.events.slice(-2)
    expect(logins.map(({ client }) => client?.ip)).toEqual(['192.0.2.7', null])
  })

  it('refuses a prefix that is no path, before the first request', () => {
    const { auth } = setUp()
    for (const prefix of ['auth', '/a b', '/auth?x', 'https://app.example/auth']) {
      expect(() => fetchHandler(auth, { prefix })).toThrow(ConfigurationError)
    }
  })
})

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte)
}

function endless(): ReadableStream {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024)) })
}

function broken(): ReadableStream {
  return new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
}

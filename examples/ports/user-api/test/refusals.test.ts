import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Answer, httpClient } from '../../../../test/support/http-client.ts'
import { serve } from '../../../../test/support/running-host.ts'
import { createApp } from '../src/app.ts'
import { ADA, BEN, newMember, PASSWORD, serveApi } from './support/api.ts'

const PROBLEM = 'application/problem+json; charset=utf-8'

const wanted: Readonly<Record<string, readonly string[]>> = {
  '/user': ['username', 'mobile', 'password'],
  '/user/activate-account/': ['mobile'],
  '/user/login': ['username', 'password'],
}

describe.each(Object.entries(wanted))('POST %s refuses', (path, names) => {
  it('what lacks its members, and names them', async () => {
    const { client } = await serveApi()
    for (const body of [undefined, {}, []]) {
      const answer = await client.post(path, body)
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
      expect(names).toEqual(expect.arrayContaining(namesIn(answer)))
    }
  })

  it.each([[7], [true], [{ a: 'b' }], [['a']]])('%j for a string', async (value) => {
    const { client } = await serveApi()
    const body = Object.fromEntries(names.map((name) => [name, value]))
    const answer = await client.post(path, body)
    expect(answer.status).toBe(422)
    expect(namesIn(answer)).toEqual(names)
  })

  it('strings that cannot be right, without an error of its own', async () => {
    const { client } = await serveApi()
    for (const text of ['', '\0', '\ud800', 'x'.repeat(5000)]) {
      const body = Object.fromEntries(names.map((name) => [name, text]))
      const { status, headers } = await client.post(path, body)
      if (status < 400) continue // says nothing of whom there is
      expect(status).toBeLessThan(500)
      expect(headers.get('content-type')).toBe(PROBLEM)
    }
  })

  it.each([
    ['malformed JSON', 'application/json', '{"mobile": "secret', 400],
    ['a bare string', 'application/json', '"secret"', 400],
    ['a prototype', 'application/json', '{"__proto__": {"mobile": "secret"}}', 400],
    ['a form', 'application/x-www-form-urlencoded', 'mobile=secret', 415],
    ['plain text', 'text/plain', '{"mobile": "secret"}', 415],
    ['a body that is too large', 'application/json', `["${'x'.repeat(20_000)}"]`, 413],
  ])('%s, and repeats nothing of it', async (_name, type, body, status) => {
    const told: unknown[] = []
    const { client } = await serveApi(undefined, { onError: (error) => told.push(error) })
    const answer = await client.send('POST', path, { headers: { 'content-type': type }, body })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe(PROBLEM)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.text).not.toContain('secret')
    expect(told).toEqual([])
  })
})

describe('a request for an account', () => {
  const routes = [
    ['GET', '/user'],
    ['GET', '/user/logout/'],
    ['GET', '/user/refresh-token/'],
    ['GET', '/user/1'],
    ['PATCH', '/user/1'],
    ['DELETE', '/user/1'],
    ['POST', '/user/change-password/1'],
    ['POST', '/user/confirm-email/1'],
    ['POST', '/user/confirm-mobile/1'],
  ] as const

  it.each([
    ['no token', {}, 'unauthenticated'],
    ['nonsense', { authorization: 'Bearer nonsense' }, 'invalid_token'],
    ['a token in the query', {}, 'unauthenticated', '?access_token=nonsense'],
  ])('with %s is refused', async (_name, headers, code, query = '') => {
    const { client } = await serveApi()
    for (const [method, path] of routes) {
      const answer = await client.send(method, path + query, { headers })
      expect(answer).toMatchObject({ status: 401, body: { code } })
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    }
  })

  it('takes each token for what it is and nothing else', async () => {
    const { client, ...api } = await serveApi()
    const { uuid, access_token, refresh_token } = await newMember({ client, ...api })
    expect((await client.get('/user/refresh-token/', access_token)).status).toBe(401)
    expect((await client.get(`/user/${uuid}`, refresh_token)).status).toBe(401)
    expect((await client.get('/user/logout/', refresh_token)).status).toBe(401)
    expect((await client.get(`/user/${uuid}`, access_token)).status).toBe(200)
  })

  it('is refused with an access token that has expired, and of an account that is gone', async () => {
    const api = await serveApi()
    const { uuid, access_token } = await newMember(api)
    const ben = await newMember(api, BEN)
    await api.auth.deleteUser('system', ben.uuid)
    expect((await api.client.get(`/user/${ben.uuid}`, ben.access_token)).status).toBe(401)
    api.clock.advance(3700)
    expect((await api.client.get(`/user/${uuid}`, access_token)).status).toBe(401)
  })
})

describe('what is wrong with a member', () => {
  it('is told by the name that the request has for it', async () => {
    const api = await serveApi()
    const { client } = api
    const { uuid, access_token } = await newMember(api)
    const registration = { username: 'carol', mobile: '123', password: 'short' }
    expect(namesIn(await client.post('/user', registration))).toEqual(['mobile'])
    const long = 'x'.repeat(5000)
    const login = { username: long, password: PASSWORD }
    expect(namesIn(await client.post('/user/login', login))).toEqual(['username'])
    const proof = { mobile: long, code: '123456' }
    expect(namesIn(await client.post('/user/activate-account', proof))).toEqual(['mobile'])

    const path = `/user/change-password/${uuid}`
    const weak = { old_password: PASSWORD, new_password: 'short' }
    expect(namesIn(await client.post(path, weak, access_token))).toEqual(['new_password'])
    const tooLong = { old_password: long, new_password: PASSWORD }
    expect(namesIn(await client.post(path, tooLong, access_token))).toEqual(['old_password'])

    const patch = (body: object) => client.json('PATCH', `/user/${uuid}`, body, access_token)
    expect(namesIn(await patch({ gender: 'x'.repeat(11) }))).toEqual(['gender'])
    expect(namesIn(await patch({ gender: 7 }))).toEqual(['gender'])
    expect(namesIn(await patch({ mobile: BEN.mobile }))).toEqual(['old_password'])
    expect(namesIn(await patch({ email: [] }))).toEqual(['email'])
    expect(namesIn(await patch({ mobile: 7 }))).toEqual(['mobile'])
  })

  it('is told of codes, which count', async () => {
    const api = await serveApi()
    await api.client.post('/user', ADA)
    const { code } = await api.outbox.next('activate', ADA.mobile)
    const wrong = { mobile: ADA.mobile, code: code === '000000' ? '111111' : '000000' }
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await api.client.post('/user/activate-account', wrong)).status).toBe(400)
    }
    const late = { mobile: ADA.mobile, code }
    expect((await api.client.post('/user/activate-account', late)).status).toBe(400)
  })
})

it.each(['/', '/nowhere', '/user/1/2', '/users', '/auth/nowhere'])(
  'answers %s, which it does not have, in JSON',
  async (path) => {
    const { client } = await serveApi()
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const { status, headers, body } = await client.send(method, path)
      expect([status, body.code]).toEqual([404, 'not_found'])
      expect(headers.get('content-type')).toBe(PROBLEM)
    }
  },
)

it.each(['%00', '%E0%A4%A', '..%2f..', 'x'.repeat(2000)])('finds nobody as %s', async (uuid) => {
  const api = await serveApi()
  const { access_token } = await newMember(api)
  const answer = await api.client.get(`/user/${uuid}`, access_token)
  expect([400, 403, 404]).toContain(answer.status)
  expect(answer.headers.get('content-type')).toBe(PROBLEM)
})

it('answers a request without a host that is one', async () => {
  const { client } = await serveApi()
  const { port } = new URL(client.url)
  const socket = connect(Number(port), '127.0.0.1')
  socket.end('GET /user?cursor=1 HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n')
  const answer = (await socket.toArray()).join('')
  expect(answer).toMatch(/^HTTP\/1\.1 401 /)
})

it('answers 500 for what nobody has foreseen, hides it, and tells the operator', async () => {
  const told: unknown[] = []
  const api = await serveApi(undefined, { onError: (error) => told.push(error) })
  const { access_token } = await newMember(api)
  const broken = { ...api.auth, listUsers: () => Promise.reject(new Error('secret')) }
  const { url, close } = await serve(createApp(broken).callback())
  onTestFinished(close)
  const { status, headers, text } = await httpClient(url).get('/user', access_token)
  expect([status, headers.get('content-type')]).toEqual([500, PROBLEM])
  expect(text).not.toContain('secret')
  expect(told).toHaveLength(1)
})

it('answers 503 when the store is gone, and tells the operator', async () => {
  const told: unknown[] = []
  const api = await serveApi('sqlite::memory:', { onError: (error) => told.push(error) })
  const { refresh_token } = await newMember(api)
  await api.closeStore()
  const { status, headers, text } = await api.client.get('/user/refresh-token/', refresh_token)
  expect([status, headers.get('content-type')]).toEqual([503, PROBLEM])
  expect(text).not.toContain('at ')
  expect(told).not.toHaveLength(0)
})

/** The members that an answer points to. */
function namesIn({ body }: Answer): string[] {
  return body.errors.map(({ pointer }: { pointer: string }) => pointer.replace(/^\//, ''))
}

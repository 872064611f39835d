import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ADA, BEN, logIn, newAdministrator, newUser, serveService } from './support/service.ts'

describe('POST /signup', () => {
  it('makes an account that logs in once its address is proved', async () => {
    const service = await serveService()
    const answer = await service.client.post('/signup', ADA)
    expect(answer.status).toBe(202)
    expect(answer.body).toEqual({ message: 'Open the link in the message that we sent you.' })
    const early = await service.client.post('/login', ADA)
    expect(early).toMatchObject({ status: 403, body: { code: 'account_not_activated' } })

    const { code } = await service.outbox.next('activate', ADA.email)
    const proof = { identifier: ADA.email, code }
    expect((await service.client.post('/auth/activate', proof)).status).toBe(200)
    expect((await service.client.post('/login', ADA)).status).toBe(200)
  })

  it('says that a username is taken', async () => {
    const service = await serveService()
    await newUser(service)
    for (const username of ['ada', 'ADA']) {
      const answer = await service.client.post('/signup', { ...BEN, username })
      expect(answer).toMatchObject({ status: 409, body: { code: 'username_taken' } })
    }
  })

  it('says nothing of an address that has an account, but to its owner', async () => {
    const service = await serveService()
    await newUser(service)
    const [known, unknown] = [
      await service.client.post('/signup', { ...BEN, email: ADA.email }),
      await service.client.post('/signup', { ...BEN, username: 'benjamin' }),
    ]
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
    expect((await service.outbox.next('already_registered', ADA.email)).text).toBeDefined()
    // As if the address had been free: also to who has just tried to take it.
    expect((await service.client.post('/login', { ...BEN, email: ADA.email })).status).toBe(403)
    expect((await service.client.post('/login', BEN)).status).toBe(403)
    expect((await service.client.post('/login', ADA)).status).toBe(200)
  })

  it('gives one of two at once the username', async () => {
    const { client } = await serveService()
    const answers = await Promise.all(
      [ADA, { ...BEN, username: ADA.username }].map((person) => client.post('/signup', person)),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409])
  })

  it('makes nobody an administrator', async () => {
    const service = await serveService()
    const forward = { ...ADA, roles: ['admin'], role: 'admin', status: 'active', profile: { a: 1 } }
    expect((await service.client.post('/signup', forward)).status).toBe(202)
    const { users } = await service.auth.listUsers('system')
    expect(users).toMatchObject([{ roles: ['user'], status: 'pending', profile: {} }])
  })

  it.each([
    ['username', 'a b'],
    ['username', '12345'],
    ['username', 'admin'],
    ['email', 'ada'],
    ['email', 'a'.repeat(400)],
    ['password', 'short'],
    ['password', 'password'],
  ])('refuses such a %s: %s', async (name, text) => {
    const { client } = await serveService()
    const { status, body } = await client.post('/signup', { ...ADA, [name]: text })
    expect({ status, pointer: body.errors[0].pointer }).toEqual({
      status: 422,
      pointer: `/${name}`,
    })
  })
})

describe('POST /login', () => {
  it('opens a session, whatever the case of the address', async () => {
    const service = await serveService()
    await newUser(service)
    const credentials = { email: 'Ada@Example.com', password: ADA.password }
    const { status, body, headers } = await service.client.post('/login', credentials)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      message: 'You are logged in.',
      user: { username: 'ada', email: ADA.email, roles: ['user'] },
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 600,
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(JSON.stringify(body)).not.toMatch(/hash|argon2/i)
  })

  it('refuses a wrong password like an address of nobody', async () => {
    const service = await serveService()
    await newUser(service)
    const wrong = await service.client.post('/login', { ...ADA, password: 'something else' })
    const nobody = await service.client.post('/login', BEN)
    expect(wrong.status).toBe(401)
    expect([nobody.status, nobody.text]).toEqual([wrong.status, wrong.text])
  })

  it('says by the names of this service what is missing', async () => {
    const { client } = await serveService()
    for (const body of [undefined, {}, [], { email: 7, password: ['a'] }]) {
      const { status, body: problem } = await client.post('/login', body)
      const pointers = problem.errors.map(({ pointer }: { pointer: string }) => pointer)
      expect({ status, pointers }).toEqual({ status: 422, pointers: ['/email', '/password'] })
    }
  })

  it('knows who asks', async () => {
    const service = await serveService()
    await newUser(service)
    const headers = { 'content-type': 'application/json', 'user-agent': 'Terminal' }
    await service.client.send('POST', '/login', { headers, body: JSON.stringify(ADA) })
    const { events } = await service.auth.listEvents('system', { type: 'session.started' })
    expect(events[0]).toMatchObject({ ip: '127.0.0.1', userAgent: 'Terminal' })
  })
})

describe('POST /logout', () => {
  it('ends the session, and both of its tokens with it', async () => {
    const service = await serveService()
    const { accessToken, refreshToken } = await newAdministrator(service)
    const other = await logIn(service)
    expect((await service.client.post('/logout', undefined, accessToken)).status).toBe(204)

    for (const [method, path] of protectedRoutes) {
      const answer = await service.client.json(method, path, undefined, accessToken)
      expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
    }
    expect((await service.client.post('/auth/refresh', { refreshToken })).status).toBe(401)
    expect((await service.client.post('/dump', undefined, other.accessToken)).status).toBe(201)
  })

  it('takes a token that has expired, and asks for one', async () => {
    const service = await serveService()
    const { accessToken, refreshToken } = await newUser(service)
    service.clock.advance(3600)
    expect((await service.client.post('/logout', undefined, accessToken)).status).toBe(204)
    expect((await service.client.post('/auth/refresh', { refreshToken })).status).toBe(401)
    expect((await service.client.post('/logout')).status).toBe(401)
  })
})

const protectedRoutes = [
  ['POST', '/dump'],
  ['GET', '/showbackup'],
] as const

describe.each(protectedRoutes)('%s %s', (method, path) => {
  it('is for administrators alone', async () => {
    const service = await serveService()
    const { accessToken } = await newUser(service, BEN)
    const forbidden = await service.client.json(method, path, undefined, accessToken)
    expect(forbidden).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const unknown = await service.client.send(method, path)
    expect(unknown).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer')
    const nonsense = await service.client.json(method, path, undefined, 'nonsense')
    expect(nonsense).toMatchObject({ status: 401, body: { code: 'invalid_token' } })
  })

  it('wants a login within a quarter of an hour', async () => {
    const service = await serveService()
    const { refreshToken } = await newAdministrator(service)
    service.clock.advance(16 * 60)
    const { accessToken } = (await service.client.post('/auth/refresh', { refreshToken })).body
    const answer = await service.client.json(method, path, undefined, accessToken)
    expect(answer).toMatchObject({ status: 403, body: { code: 'reauth_required' } })
  })
})

describe('the old form with credentials in the path', () => {
  const urls = [
    '/signup/ada/ada@example.com/hunter2secret',
    '/signup/%E0%A4%A/hunter2secret',
    '/login/ada@example.com/hunter2secret',
    '/login?email=ada@example.com&password=hunter2secret',
    '/logout',
    '/dump',
    '/signup',
  ]

  it.each(urls)('GET %s is answered with what to send instead', async (url) => {
    const told = ['log', 'error', 'warn', 'info'].map((name) =>
      vi.spyOn(console, name as 'log').mockImplementation(() => {}),
    )
    onTestFinished(() => told.forEach((spy) => void spy.mockRestore()))
    const service = await serveService()
    const { status, headers, text, body } = await service.client.get(url)
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'POST' })
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      code: 'method_not_allowed',
      detail: expect.stringContaining('Send a POST'),
    })
    expect(text).not.toMatch(/hunter2secret|ada/)
    expect(told.flatMap(({ mock }) => mock.calls)).toEqual([])
    expect((await service.auth.listUsers('system')).users).toEqual([])
  })

  it('does nothing by another method either', async () => {
    const { client } = await serveService()
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) {
      const { status, headers } = await client.send(method, '/login/ada@example.com/hunter2secret')
      expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'POST' })
    }
    const posted = await client.post('/login/ada@example.com/hunter2secret')
    expect(posted).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect(posted.text).not.toContain('hunter2secret')
  })
})

describe('what cannot be read', () => {
  const paths = ['/signup', '/login', '/dump', '/nowhere']
  it.each([
    ['malformed JSON', 'application/json', '{"email": "hunter2secret', 400, 'invalid_request'],
    ['a bare string', 'application/json', '"hunter2secret"', 400, 'invalid_request'],
    [
      'a form',
      'application/x-www-form-urlencoded',
      'email=hunter2secret',
      415,
      'unsupported_media_type',
    ],
    ['an XML document', 'text/xml', '<a>hunter2secret</a>', 415, 'unsupported_media_type'],
    ['another charset', 'application/json; charset=x-none', '{}', 415, 'unsupported_media_type'],
    [
      'a body that is too large',
      'application/json',
      `"${'x'.repeat(20_000)}"`,
      413,
      'payload_too_large',
    ],
  ])('is refused in JSON: %s', async (_name, type, body, status, code) => {
    const { client } = await serveService()
    for (const path of paths) {
      const answer = await client.send('POST', path, { headers: { 'content-type': type }, body })
      expect(answer).toMatchObject({ status, body: { code } })
      expect(answer.text).not.toContain('hunter2secret')
    }
  })

  it('never makes an error of the service itself', async () => {
    const { client } = await serveService()
    for (const path of ['/signup', '/login']) {
      for (const value of ['', '\0', '\ud800', 'x'.repeat(5000), 7, null, true, {}, ['a']]) {
        const body = { username: value, email: value, password: value }
        const { status, body: problem } = await client.post(path, body)
        expect({ status, code: problem.code }).toMatchObject({
          status: expect.toSatisfy(isRefusal),
        })
      }
    }
  })
})

it('answers paths that it does not have in JSON', async () => {
  const { client } = await serveService()
  for (const path of ['/', '/nowhere', '/%E0%A4%A', '/auth/nowhere', '/showbackup/accounts.age']) {
    expect(await client.get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  }
})

it('answers 503 when the store fails, tells the operator, and goes on', async () => {
  const service = await serveService()
  await newUser(service)
  service.failing.failAt(1, 'before')
  const answer = await service.client.post('/login', ADA)
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  expect(service.failures).toMatchObject([{ name: 'StoreFailure' }])
  expect((await service.client.post('/login', ADA)).status).toBe(200)
})

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500
}

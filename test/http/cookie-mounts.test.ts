import { once } from 'node:events'
import { connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { type Auth, type AuthOptions, ConfigurationError } from '@latchkey/core'
import { type FetchGuard, fetchGuard, fetchHandler } from '@latchkey/core/fetch'
import * as onExpress from '@latchkey/express-adapter'
import * as onKoa from '@latchkey/koa-adapter'
import { memoryStore } from '@latchkey/memory-store'
import express5 from 'express'
import express4 from 'express4'
import Koa3 from 'koa'
import mount from 'koa-mount'
import Koa2 from 'koa2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { clientOf } from '../support/application.ts'
import { browser, setCookiesOf } from '../support/browser.ts'
import { intercept } from '../support/nodes.ts'
import { expectProblem } from '../support/problems.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, ORIGIN, PASSWORD, serveSetup, setUp } from '../support/setup.ts'

const MINUTE = 60
const LOGIN = { identifier: 'ada@example.com', password: PASSWORD }

// What a middleware says of the whole site.
const PUBLIC = 'public, max-age=60'

/** An application for pages at `/auth`, and for other clients at `/api/auth`; a middleware and a handler set cookies of their own. */
const applications: Readonly<Record<string, (auth: Auth) => unknown>> = {
  'Express 5': (auth) => expressWith(express5, auth),
  'Express 4': (auth) => expressWith(express4, auth),
  'Koa 3': (auth) => koaWith(Koa3, auth),
  'Koa 2': (auth) => koaWith(Koa2, auth),
}

function expressWith(express: typeof express5, auth: Auth) {
  const { authRouter, requireAuth } = onExpress
  const app = express()
  app.use((_request, response, next) => {
    response.cookie('before', '1').set('cache-control', PUBLIC)
    next()
  })
  app.use('/auth', authRouter(auth, { transport: 'cookie' }))
  app.use('/api/auth', authRouter(auth, { transport: 'bearer' }))
  app.get('/page', requireAuth(auth, { transport: 'cookie' }), (_request, response) => {
    response.cookie('after', '2').json('page')
  })
  app.get('/api/thing', requireAuth(auth, { transport: 'bearer' }), (_request, response) => {
    response.json('thing')
  })
  return app
}

function koaWith(Koa: typeof Koa3, auth: Auth) {
  const { authRouter, requireAuth } = onKoa
  const app = new Koa()
  app.use((ctx, next) => {
    ctx.cookies.set('before', '1', { httpOnly: false })
    ctx.set('cache-control', PUBLIC)
    return next()
  })
  app.use(mount('/auth', authRouter(auth, { transport: 'cookie' })))
  app.use(authRouter(auth, { prefix: '/api/auth', transport: 'bearer' }))
  const page = new Koa()
  page.use(requireAuth(auth, { transport: 'cookie' }))
  page.use((ctx) => {
    ctx.cookies.set('after', '2', { httpOnly: false })
    ctx.body = '"page"'
    ctx.type = 'json'
  })
  const thing = new Koa()
  thing.use(requireAuth(auth, { transport: 'bearer' }))
  thing.use((ctx) => {
    ctx.body = '"thing"'
    ctx.type = 'json'
  })
  app.use(mount('/page', page))
  app.use(mount('/api/thing', thing))
  return app.callback()
}

for (const [name, make] of Object.entries(applications)) {
  describe(`one application for pages and other clients, on ${name}`, () => {
    async function serveBoth() {
      const setup = setUp()
      await accountOf(setup)
      const client = await clientOf(make(setup.auth))
      return { ...setup, client, page: browser(client) }
    }

    it('gives and takes cookies here, tokens there', async () => {
      const { client, page } = await serveBoth()
      expect((await page.post('/auth/login', LOGIN)).body.accessToken).toBeUndefined()
      const { body, headers } = await client.post('/api/auth/login', LOGIN)
      expect(headers.getSetCookie().join()).not.toContain('__Host')
      expect((await page.get('/page')).body).toBe('page')
      expectProblem(await page.get('/api/thing'), 401, 'unauthenticated')
      expectProblem(await page.get('/api/auth/me'), 401, 'unauthenticated')
      expect((await client.get('/api/thing', body.accessToken)).body).toBe('thing')
      expect((await client.get('/page', body.accessToken)).body).toBe('page')
      expectProblem(await client.post('/auth/login', LOGIN), 403, 'csrf_failed')
    })

    it('sets its cookies beside those of the application', async () => {
      const { page, clock } = await serveBoth()
      const names = async (path: string, body?: object) => {
        const answer = body === undefined ? await page.get(path) : await page.post(path, body)
        return setCookiesOf(answer).map((one) => one.name)
      }
      const ours = ['__Host-at', '__Host-rt', '__Host-csrf']
      expect(await names('/auth/login', LOGIN)).toEqual(['before', ...ours])
      clock.advance(11 * MINUTE)
      expect(await names('/page')).toEqual(['before', ...ours, 'after'])
      expect(await names('/page')).toEqual(['before', 'after'])
      clock.advance(11 * MINUTE)
      expect(await names('/auth/me')).toEqual(['before', ...ours])
    })

    it('keeps caches off an answer that brings cookies', async () => {
      const { page, clock } = await serveBoth()
      await page.post('/auth/login', LOGIN)
      expect((await page.get('/page')).headers.get('cache-control')).toBe(PUBLIC)
      clock.advance(11 * MINUTE)
      expect((await page.get('/page')).headers.get('cache-control')).toBe('private, no-store')
    })

    it('describes each mount as it is', async () => {
      const { client } = await serveBoth()
      const schemes = async (path: string) =>
        (await client.get(`${path}/openapi.json`)).body.components.securitySchemes
      expect((await schemes('/auth')).accessToken).toEqual({
        type: 'apiKey',
        in: 'cookie',
        name: '__Host-at',
      })
      expect((await schemes('/api/auth')).accessToken.scheme).toBe('bearer')
    })
  })
}

describe('cookies as configured', () => {
  async function loginWith(options: Partial<AuthOptions>) {
    const setup = setUp({ transport: 'cookie', ...options })
    await accountOf(setup)
    const client = await serveSetup(setup)
    const page = browser(client)
    const origin = options.origin ?? ORIGIN
    const answer = await page.post('/auth/login', LOGIN, { origin })
    return { ...setup, client, page, answer, origin }
  }

  it('S067 go without prefix and TLS on localhost only', async () => {
    const { page, answer, origin } = await loginWith({ origin: 'http://localhost:3000' })
    const set = setCookiesOf(answer)
    expect(set.map(({ name }) => name)).toEqual(['at', 'rt', 'csrf'])
    for (const { attributes } of set) expect(Object.keys(attributes)).not.toContain('secure')
    const token = page.cookies.get('csrf') ?? ''
    const told = { origin, 'x-csrf-token': token }
    expect((await page.post('/auth/refresh', undefined, told)).status).toBe(200)
    expect((await page.post('/auth/logout', undefined, told)).status).toBe(204)
    expect(page.cookies.size).toBe(0)
  })

  it('have names of their own, so that two auths fit on one host', async () => {
    const names = { accessToken: 'admin-at', refreshToken: 'admin-rt', csrfToken: 'admin-csrf' }
    const { page, client } = await loginWith({ cookies: { names } })
    expect([...page.cookies.keys()]).toEqual([
      '__Host-admin-at',
      '__Host-admin-rt',
      '__Host-admin-csrf',
    ])
    const cookie = `__Host-at=junk; __Host-admin-at=${page.cookies.get('__Host-admin-at')}`
    expect((await client.send('GET', '/protected', { headers: { cookie } })).status).toBe(200)
  })

  it('end with the browser where they are not to last', async () => {
    const { answer, page, clock } = await loginWith({ cookies: { persistent: false } })
    clock.advance(11 * MINUTE)
    for (const one of [answer, await page.get('/protected')]) {
      for (const { attributes } of setCookiesOf(one)) {
        expect(Object.keys(attributes)).not.toContain('max-age')
      }
    }
    const logout = await page.post('/auth/logout')
    expect(setCookiesOf(logout).map(({ attributes }) => attributes['max-age'])).toEqual([
      '0',
      '0',
      '0',
    ])
    expect(logout.headers.get('clear-site-data')).toBeNull()
  })

  it('S065 take along what the browser has stored, where that is wanted', async () => {
    const { page } = await loginWith({ cookies: { clearSiteData: true } })
    const answer = await page.post('/auth/logout')
    expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"')
  })

  it('S067 stay within what browsers keep, with the most roles and the longest names there may be', async () => {
    const many = Array.from({ length: 15 }, (_, at) => `${'r'.repeat(62)}${at + 10}`)
    const roles = [...many, 'staff']
    const long = { issuer: 'i'.repeat(256), audience: 'a'.repeat(256) }
    const setup = setUp({ transport: 'cookie', roles, defaultRoles: roles, ...long })
    await accountOf(setup)
    const page = browser(await serveSetup(setup))
    const answer = await page.post('/auth/login', LOGIN)
    for (const { name, value } of setCookiesOf(answer)) {
      expect(name.length + value.length).toBeLessThanOrEqual(4096)
    }
    expect((await page.get('/protected')).body.user.roles).toEqual(roles)
  })

  it('S067 S068 bring the session of who acts as somebody else, and keep the one behind it alive', async () => {
    const setup = setUp({ transport: 'cookie', impersonation: true })
    const { user } = await accountOf(setup)
    const root = { email: 'root@example.com', password: PASSWORD }
    await setup.auth.createUser({ ...root, roles: ['admin'] })
    const page = browser(await serveSetup(setup))
    await page.post('/auth/login', { identifier: root.email, password: PASSWORD })
    const own = page.cookies.get('__Host-at') ?? ''
    const answer = await page.post(`/auth/users/${user.id}/impersonate`)
    expect(Object.keys(answer.body)).toEqual(['user', 'expiresIn', 'sessionId', 'csrfToken'])
    expect((await page.get('/protected')).body.user.id).toBe(user.id)
    const { actor } = (await page.post('/protected')).body
    expect(actor).toEqual({ id: (await setup.auth.authenticate(own)).user.id })
  })

  it('S103 S065 stay where a logout could not end the session', async () => {
    let isDown = false
    const store = intercept(memoryStore(), (verb) => {
      if (isDown && verb === 'sessions.revoke') throw new Error('the store does not answer')
    })
    const { page } = await loginWith({ store })
    isDown = true
    const refused = await page.post('/auth/logout')
    expectProblem(refused, 503, 'unavailable')
    expect(setCookiesOf(refused)).toEqual([])
    isDown = false
    expect((await page.post('/auth/logout')).status).toBe(204)
  })

  it('stay good when the secret changes', async () => {
    const { page, store, clock, auth } = await loginWith({})
    const secrets = [
      'another-secret-for-tests-9876543210-zyxwv',
      'a-secret-for-tests-0123456789-abcdefghijk',
    ]
    const next = setUp({ transport: 'cookie', secrets, store, now: clock.now })
    const moved = browser(await serveSetup(next))
    for (const [name, value] of page.cookies) moved.cookies.set(name, value)
    clock.advance(11 * MINUTE)
    expect((await moved.post('/protected')).status).toBe(200)
    await auth.close()
  })

  const wrong: readonly (readonly [string, Record<string, unknown>])[] = [
    ['transport', { transport: 'cookies' }],
    ['transport', { transport: null }],
    ['cookies.names.accessToken', { cookies: { names: { accessToken: '__Host-at' } } }],
    ['cookies.names.accessToken', { cookies: { names: { accessToken: 'a t' } } }],
    ['cookies.names.refreshToken', { cookies: { names: { refreshToken: '' } } }],
    ['cookies.names.csrfToken', { cookies: { names: { csrfToken: 'a;b' } } }],
    ['cookies.names', { cookies: { names: { accessToken: 'x', refreshToken: 'X' } } }],
    ['cookies.names.session', { cookies: { names: { session: 'x' } } }],
    ['cookies.persistent', { cookies: { persistent: 'yes' } }],
    ['cookies.sameSite', { cookies: { sameSite: 'none' } }],
    ['cookies.trustedOrigins', { cookies: { trustedOrigins: '*' } }],
    ...[
      '*',
      'null',
      'https://*.app.example',
      'https://app.example/',
      'http://app.example',
      'app',
    ].map(
      (origin) => ['cookies.trustedOrigins.0', { cookies: { trustedOrigins: [origin] } }] as const,
    ),
    ...[
      'authorization',
      'Cookie',
      'host',
      'x-csrf-token',
      'content-type',
      'sec-token',
      'a b',
      '',
    ].map((name) => ['tokenHeaders.accessToken', { tokenHeaders: { accessToken: name } }] as const),
    ['tokenHeaders', { tokenHeaders: { accessToken: 'x-token', refreshToken: 'X-Token' } }],
  ]

  it.each(wrong)('S109 refuses a wrong %s: %j', (option, options) => {
    expect(() => setUp(options)).toThrow(expect.objectContaining({ option }))
  })

  it('S109 refuses a transport that is none where it is mounted', () => {
    const { auth } = setUp()
    const options = { transport: 'cookies' as 'cookie' }
    for (const make of [
      () => onExpress.authRouter(auth, options),
      () => onKoa.authRouter(auth, options),
      () => fetchHandler(auth, options),
      () => onExpress.requireAuth(auth, options),
      () => onKoa.requireAuth(auth, options),
      () => fetchGuard(auth, options),
    ]) {
      expect(make).toThrow(ConfigurationError)
    }
  })
})

it('hands the cookies of a renewed session to the application on Fetch, one to a line', async () => {
  const setup = setUp({ transport: 'cookie' })
  await accountOf(setup)
  const handle = fetchHandler(setup.auth)
  const guard: FetchGuard = fetchGuard(setup.auth)
  const headers = { origin: ORIGIN, 'content-type': 'application/json' }
  const request = { method: 'POST', headers, body: JSON.stringify(LOGIN) }
  const login = await handle(new Request(`${ORIGIN}/login`, request))
  const lines = login.headers.getSetCookie()
  expect(lines).toHaveLength(3)
  const cookie = lines.map((line) => line.split(';')[0]).join('; ')
  setup.clock.advance(11 * MINUTE)
  const admission = await guard(new Request(`${ORIGIN}/page`, { headers: { cookie } }))
  expect(admission).toMatchObject({ admitted: true, setCookies: { length: 3 } })
  const refused = await guard(
    new Request(`${ORIGIN}/page`, { method: 'POST', headers: { cookie, origin: ORIGIN } }),
  )
  expect(refused).toMatchObject({ admitted: false, refusal: { code: 'csrf_failed' } })
})

it('S069 counts what stands in two Cookie lines together', async () => {
  const setup = setUp({ transport: 'cookie' })
  const { session } = await accountOf(setup)
  const { url } = await serveSetup(setup)
  const ask = async (...lines: string[]) =>
    (await sendRaw(url, requestHead('GET /protected', ...lines))).status
  const [at, rt] = [`__Host-at=${session.accessToken}`, `__Host-rt=${session.refreshToken}`]
  expect(await ask(`Cookie: theme=dark`, `Cookie: ${at}`, `cookie: ${rt}`)).toBe(200)
  expect(await ask(`Cookie: ${at}`, `Cookie: ${at}`)).toBe(400)
  expect(await ask(`Cookie: ${at}`, 'cookie: __Host-at=junk')).toBe(400)
})

it('reads cookies that HTTP/2 has split, and sets them in lines of their own', async () => {
  const setup = setUp({ transport: 'cookie' })
  const { session } = await accountOf(setup)
  const app = new Koa3()
  app.use(onKoa.authRouter(setup.auth))
  app.use(onKoa.requireAuth(setup.auth))
  app.use((ctx) => {
    ctx.body = 'seen'
  })
  const server = createServer(app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const http2 = connect(`http://127.0.0.1:${port}`)
  onTestFinished(async () => {
    http2.destroy()
    server.close()
    await once(server, 'close')
  })
  const get = async (path: string) => {
    const { accessToken, refreshToken } = session
    const cookie = ['theme=dark', `__Host-at=${accessToken}`, `__Host-rt=${refreshToken}`]
    const stream = http2.request({ ':path': path, cookie })
    const [headers] = await once(stream, 'response')
    stream.resume()
    return headers
  }
  for (const path of ['/page', '/me']) {
    expect((await get(path))[':status']).toBe(200)
    setup.clock.advance(11 * MINUTE)
    const renewed = await get(path)
    expect([renewed[':status'], renewed['set-cookie'].length]).toEqual([200, 3])
    setup.clock.advance(-11 * MINUTE)
  }
})

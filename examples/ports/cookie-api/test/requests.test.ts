import { describe, expect, it } from 'vitest'
import { setCookiesOf } from '../../../../test/support/browser.ts'
import type { Answer } from '../../../../test/support/http-client.ts'
import { translations } from '../src/translations.ts'
import {
  ADA,
  BEN,
  CSRF_COOKIE,
  newAccount,
  newPage,
  ORIGIN,
  openPage,
  PASSWORD,
  serveApi,
  signedInPage,
} from './support/api.ts'

const NEW_PASSWORD = 'paper boats afloat'
const SIGN_UP = { Username: 'Ada Lovelace', Email: ADA, Password: PASSWORD }
const JSON_TYPE = { 'content-type': 'application/json' }
const origin = { origin: ORIGIN }
const paths = Object.keys(translations)

describe('POST /signup', () => {
  it('creates a user, who activates the account and signs in', async () => {
    const api = await serveApi()
    const page = openPage(api)
    const created = await page.post('/signup', SIGN_UP)
    expect(created).toMatchObject({ status: 200, body: { msg: 'user created!' } })

    const credentials = { Email: ADA, Password: PASSWORD }
    const waiting = await page.post('/signin', credentials)
    expect(waiting).toMatchObject({
      status: 403,
      body: { msg: 'The account is not activated' },
    })
    const { code } = await api.outbox.next('activate', ADA)
    const activated = await page.post('/activate', { email: ADA, code })
    expect(activated).toMatchObject({ status: 200, body: { msg: 'account activated!' } })
    expect((await page.post('/signin', credentials)).body).toEqual({ msg: 'login successful!' })
    const dashboard = await page.get('/dashboard')
    expect(dashboard.body).toEqual({ Username: 'Ada Lovelace', Email: ADA })
  })

  it('creates a user who signs in at once, where the activation is none', async () => {
    const page = openPage(await serveApi({ activation: 'none' }))
    expect((await page.post('/signup', SIGN_UP)).body).toEqual({ msg: 'user created!' })
    const { body } = await page.post('/signin', { Email: ADA, Password: PASSWORD })
    expect(body).toEqual({ msg: 'login successful!' })
    expect((await page.get('/dashboard')).status).toBe(200)
  })

  it('says nothing of whether the address has an account, and tells its owner', async () => {
    const api = await serveApi()
    await newAccount(api)
    const page = openPage(api)
    const signUpAndIn = async (Email: string) => {
      const other = { Email, Password: NEW_PASSWORD }
      const answers = [await page.post('/signup', { ...SIGN_UP, ...other })]
      return [...answers, await page.post('/signin', other)].map(({ status, text }) => [
        status,
        text,
      ])
    }
    expect(await signUpAndIn(ADA)).toEqual(await signUpAndIn(BEN))
    await api.outbox.next('already_registered', ADA)
    await signedInPage(api)
  })

  it('answers the same where the activation is none; but the sign-in after it tells', async () => {
    const api = await serveApi({ activation: 'none' })
    const page = openPage(api)
    const first = await page.post('/signup', SIGN_UP)
    const second = await page.post('/signup', { ...SIGN_UP, Password: NEW_PASSWORD })
    expect([second.status, second.text]).toEqual([first.status, first.text])
    await api.outbox.next('already_registered', ADA)
    expect((await page.post('/signin', { Email: ADA, Password: NEW_PASSWORD })).status).toBe(401)
  })

  it('creates one user when one address signs up many times at once', async () => {
    const api = await serveApi({ activation: 'none' })
    const requests = [1, 2, 3, 4].map(() => openPage(api).post('/signup', SIGN_UP))
    const statuses = (await Promise.all(requests)).map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 200, 200])
    expect((await api.auth.listUsers('system')).users).toHaveLength(1)
  })

  it('takes one username for two people', async () => {
    const page = openPage(await serveApi({ activation: 'none' }))
    await page.post('/signup', SIGN_UP)
    await page.post('/signup', { ...SIGN_UP, Email: BEN })
    const { status } = await page.post('/signin', { Email: BEN, Password: PASSWORD })
    expect(status).toBe(200)
  })

  it.each([
    ['no address', { Email: undefined }, { Email: 'Give one plain e-mail address.' }],
    ['none that is one', { Email: 'ada' }, { Email: 'Give one plain e-mail address.' }],
    ['a number for an address', { Email: 5 }, { Email: 'Give a string.' }],
    ['a short password', { Password: 'short' }, { Password: 'Choose at least 8 characters.' }],
    ['a common password', { Password: 'password123' }, { Password: expect.any(String) }],
    ['no password', { Password: null }, { Password: 'Give a string.' }],
    ['no username', { Username: undefined }, { Username: expect.any(String) }],
    ['a blank username', { Username: ' ' }, { Username: expect.any(String) }],
    ['a username with U+0000', { Username: 'a\u0000' }, expect.any(Object)],
    ['a long username', { Username: 'x'.repeat(81) }, { Username: expect.any(String) }],
  ])('says what is wrong with %s', async (_name, change, errors) => {
    const api = await serveApi()
    const { status, body } = await openPage(api).post('/signup', { ...SIGN_UP, ...change })
    expect(status).toBe(422)
    expect(body).toEqual({ msg: 'invalid credentials!', errors })
    expect((await api.auth.listUsers('system')).users).toEqual([])
  })
})

describe('POST /signin', () => {
  it('puts the tokens into cookies that no script can read, and nowhere else', async () => {
    const api = await serveApi()
    await newAccount(api)
    const signedIn = await openPage(api).post('/signin', { Email: ADA, Password: PASSWORD })
    expect(signedIn.body).toEqual({ msg: 'login successful!' })
    expect(signedIn.headers.get('cache-control')).toBe('no-store')
    const cookies = setCookiesOf(signedIn)
    expect(cookies.map(({ name, attributes }) => [name, 'httponly' in attributes])).toEqual([
      ['__Host-access_token_cookie', true],
      ['__Host-refresh_token_cookie', true],
      [CSRF_COOKIE, false],
    ])
    for (const { attributes } of cookies) {
      expect(attributes).toMatchObject({ path: '/', secure: '', 'max-age': String(12 * 3600) })
    }
  })

  it('refuses a wrong password and a stranger alike', async () => {
    const api = await serveApi()
    await newAccount(api)
    const attempts = [
      { Email: ADA, Password: 'wrong one' },
      { Email: BEN, Password: PASSWORD },
      { Email: "' or 1=1 --", Password: PASSWORD },
    ]
    for (const attempt of attempts) {
      const refused = await openPage(api).post('/signin', attempt)
      expect(refused).toMatchObject({ status: 401, body: { msg: 'invalid credentials!' } })
      expect(refused.text).toBe('{"msg":"invalid credentials!"}')
      expect(refused.headers.getSetCookie()).toEqual([])
    }
  })

  it.each([
    ['nothing', {}],
    ['no password', { Email: ADA }],
    ['members of other names', { email: ADA, password: PASSWORD }],
    ['objects', { Email: { $ne: '' }, Password: { $ne: '' } }],
    ['a list', []],
  ])('refuses %s', async (_name, body) => {
    const api = await serveApi()
    await newAccount(api)
    const refused = await openPage(api).post('/signin', body)
    expect(refused).toMatchObject({ status: 422, body: { msg: 'invalid credentials!' } })
  })

  it('ends the session that it replaces in the same browser', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    const before = openPage(api)
    for (const [name, value] of page.cookies) before.cookies.set(name, value)
    await page.post('/signin', { Email: ADA, Password: PASSWORD })
    await api.auth.close()
    expect((await before.get('/dashboard')).status).toBe(401)
    expect((await page.get('/dashboard')).status).toBe(200)
  })
})

describe('GET /dashboard', () => {
  it('refuses who has no token, and what is none', async () => {
    const api = await serveApi()
    const none = await openPage(api).get('/dashboard')
    expect(none).toMatchObject({ status: 401, body: { msg: 'A credential is needed' } })
    for (const cookie of ['nonsense', 'eyJhbGciOiJub25lIn0.e30.', '', 'x'.repeat(6000)]) {
      const sent = { cookie: `__Host-access_token_cookie=${cookie}` }
      const refused = await openPage(api).get('/dashboard', sent)
      expect(refused).toMatchObject({ status: 401, body: { msg: expect.any(String) } })
    }
  })

  it('is kept by no cache', async () => {
    const page = await newPage(await serveApi())
    expect((await page.get('/dashboard')).headers.get('cache-control')).toMatch(/no-store/)
  })
})

describe('a session', () => {
  const MINUTE = 60

  it('lives on for hours with a request every four minutes, up to twelve hours', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    for (let minutes = 4; minutes < 12 * 60; minutes += 4) {
      api.clock.advance(4 * MINUTE)
      expect([minutes, (await page.get('/dashboard')).status]).toEqual([minutes, 200])
    }
    api.clock.advance(4 * MINUTE)
    expect((await page.get('/dashboard')).status).toBe(401)
  })

  it('lives on with a request every nine minutes', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    for (let hours = 0; hours < 10; hours += 0.15) {
      api.clock.advance(9 * MINUTE)
      expect((await page.get('/dashboard')).status).toBe(200)
    }
  })

  it('ends by ten minutes of silence', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    api.clock.advance(4 * MINUTE)
    expect((await page.get('/dashboard')).status).toBe(200)
    api.clock.advance(10 * MINUTE)
    const late = await page.get('/dashboard')
    expect(late).toMatchObject({ status: 401, body: { msg: 'The token is not valid' } })
    expect((await (await signedInPage(api)).get('/dashboard')).status).toBe(200)
  })

  it.each([
    { requests: [10, 69], last: 609, because: 'the second came too soon to be counted' },
    { requests: [10, 71], last: 670, because: 'both counted' },
  ])(
    'ends behind second $last after requests at $requests: $because',
    async ({ requests, last }) => {
      for (const [moment, status] of [
        [last, 200],
        [last + 1, 401],
      ] as const) {
        const api = await serveApi()
        const page = await newPage(api)
        const start = api.clock.now().getTime()
        for (const second of [...requests, moment]) {
          api.clock.advance(second - (api.clock.now().getTime() - start) / 1000)
          expect((await page.get('/dashboard')).status).toBe(second === moment ? status : 200)
        }
      }
    },
  )

  it('is prolonged by every guarded request of several tabs at once', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    for (let minutes = 0; minutes < 60; minutes += 6) {
      api.clock.advance(6 * MINUTE)
      const tabs = await Promise.all([1, 2, 3].map(() => page.get('/dashboard')))
      expect(tabs.map(({ status }) => status)).toEqual([200, 200, 200])
    }
  })
})

describe('POST /logout', () => {
  it('ends the session, and takes the cookies away', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    const copy = openPage(api)
    for (const [name, value] of page.cookies) copy.cookies.set(name, value)
    const out = await page.post('/logout')
    expect(out).toMatchObject({ status: 200, body: { msg: 'logout successful!' } })
    expect(setCookiesOf(out).map(({ attributes }) => attributes['max-age'])).toEqual([
      '0',
      '0',
      '0',
    ])
    expect(page.cookies.size).toBe(0)
    expect((await copy.get('/dashboard')).status).toBe(401)
    api.clock.advance(301) // when a refresh token would make new ones
    expect((await copy.get('/dashboard')).status).toBe(401)
  })

  it('leaves other sessions of the user alone', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    const other = await signedInPage(api)
    await page.post('/logout')
    expect((await other.get('/dashboard')).status).toBe(200)
  })

  it('is answered alike when nobody is signed in, and when it is over already', async () => {
    const api = await serveApi()
    expect((await openPage(api).post('/logout')).status).toBe(200)
    const page = await newPage(api)
    const copy = openPage(api)
    for (const [name, value] of page.cookies) copy.cookies.set(name, value)
    await page.post('/logout')
    expect((await copy.post('/logout')).body).toEqual({ msg: 'logout successful!' })
  })

  it('is refused without the CSRF token', async () => {
    const page = await newPage(await serveApi())
    expect((await page.post('/logout', undefined, { 'x-csrf-token': '' })).status).toBe(403)
    expect((await page.get('/logout')).status).toBe(404)
    expect((await page.get('/dashboard')).status).toBe(200)
  })
})

describe('POST /send-mail/', () => {
  it('mails a code with which the user sets a new password, and ends every session', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    const asked = await openPage(api).post('/send-mail/', { email: ADA })
    expect(asked).toMatchObject({ status: 200, body: { msg: 'mail sent!' } })
    const { code, text } = await api.outbox.next('reset_password', ADA)
    expect(text).toContain(code)

    const choice = { email: ADA, code, password: NEW_PASSWORD }
    const short = await openPage(api).post('/new-password', { ...choice, password: 'short' })
    expect(short).toMatchObject({
      status: 422,
      body: { errors: { password: 'Choose at least 8 characters.' } },
    })
    const chosen = await openPage(api).post('/new-password', choice)
    expect(chosen).toMatchObject({ status: 200, body: { msg: 'password changed!' } })
    expect((await page.get('/dashboard')).status).toBe(401)
    expect((await page.post('/signin', { Email: ADA, Password: PASSWORD })).status).toBe(401)
    await signedInPage(api, ADA, NEW_PASSWORD)
    expect((await openPage(api).post('/new-password', choice)).status).toBe(400)
  })

  it('leaves the password as it is until the code is used', async () => {
    const api = await serveApi()
    await newAccount(api)
    await openPage(api).post('/send-mail/', { email: ADA })
    await api.outbox.next('reset_password', ADA)
    await signedInPage(api)
  })

  it('mails a link too, whose page sends the token', async () => {
    const api = await serveApi()
    await newAccount(api)
    const page = openPage(api)
    await page.post('/send-mail/', { email: ADA })
    const { link } = await api.outbox.next('reset_password', ADA)
    const token = link?.split('#token=')[1]
    const chosen = await page.post('/new-password', { token, password: NEW_PASSWORD })
    expect(chosen.body).toEqual({ msg: 'password changed!' })
    await signedInPage(api, ADA, NEW_PASSWORD)
  })

  it('takes five guesses of a code and no more', async () => {
    const api = await serveApi()
    await newAccount(api)
    const page = openPage(api)
    await page.post('/send-mail/', { email: ADA })
    const { code = '' } = await api.outbox.next('reset_password', ADA)
    const choose = (guess: string) =>
      page.post('/new-password', { email: ADA, code: guess, password: NEW_PASSWORD })
    const wrong = code === '000000' ? '000001' : '000000'
    for (let guess = 1; guess <= 5; guess += 1) expect((await choose(wrong)).status).toBe(400)
    const late = await choose(code)
    expect(late.body).toEqual({ msg: 'The link or code is wrong, used or expired' })
  })

  it('answers the same for an address without an account', async () => {
    const api = await serveApi()
    await newAccount(api)
    const ask = (email: string) => openPage(api).post('/send-mail/', { email })
    const [known, unknown] = [await ask(ADA), await ask(BEN)]
    expect([known.status, known.text]).toEqual([unknown.status, unknown.text])
  })
})

describe('/delete', () => {
  it.each(['POST', 'DELETE'])('deletes the own account by %s', async (method) => {
    const api = await serveApi()
    const page = await newPage(api)
    const other = await signedInPage(api)
    const body = JSON.stringify({ email: ADA.toUpperCase() })
    const deleted = await page.send(method, '/delete', { ...JSON_TYPE, ...origin }, body)
    expect(deleted).toMatchObject({ status: 200, body: { msg: 'delete successful!' } })
    expect(page.cookies.size).toBe(0)
    expect((await other.get('/dashboard')).status).toBe(401)
    expect((await page.post('/signin', { Email: ADA, Password: PASSWORD })).status).toBe(401)
    await newAccount(api)
  })

  it("refuses another's account, and whether there is one", async () => {
    const api = await serveApi()
    const page = await newPage(api)
    await newAccount(api, BEN)
    for (const email of [BEN, 'nobody@example.com']) {
      const refused = await page.post('/delete', { email })
      expect(refused).toMatchObject({ status: 403, body: { msg: 'This is not allowed' } })
    }
    await signedInPage(api, BEN)
  })

  it('deletes any account for an administrator, but not the last administrator', async () => {
    const api = await serveApi()
    const admin = { email: ADA, password: PASSWORD, roles: ['admin'] }
    await api.auth.createUser({ ...admin, profile: { username: 'Ada' } })
    const ben = await newPage(api, BEN)
    await newAccount(api, `${BEN}.org`)
    const page = await signedInPage(api)
    expect((await page.post('/delete', { email: BEN })).body).toEqual({ msg: 'delete successful!' })
    expect((await ben.get('/dashboard')).status).toBe(401)
    const gone = await page.post('/delete', { email: BEN })
    expect(gone).toMatchObject({ status: 404, body: { msg: 'There is no such thing' } })
    expect((await page.post('/delete', { email: ADA })).status).toBe(409)
    expect((await page.get('/dashboard')).status).toBe(200)
    await signedInPage(api, `${BEN}.org`)
  })

  it('wants a sign-in of the last quarter of an hour', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    for (let minutes = 0; minutes < 16; minutes += 8) {
      api.clock.advance(8 * 60)
      expect((await page.get('/dashboard')).status).toBe(200)
    }
    const refused = await page.post('/delete', { email: ADA })
    expect(refused).toMatchObject({ status: 403, body: { msg: 'A fresh login is needed' } })
    await page.post('/signin', { Email: ADA, Password: PASSWORD })
    expect((await page.post('/delete', { email: ADA })).status).toBe(200)
  })

  it('knows an address by both spellings of its domain', async () => {
    const api = await serveApi()
    const profile = { username: 'Ada' }
    await api.auth.createUser({ email: ADA, password: PASSWORD, roles: ['admin'], profile })
    const page = await signedInPage(api)
    const spellings = ['ben@b\u00fccher.example', 'Ben@XN--BCHER-KVA.example'] as const
    for (const typed of spellings) {
      for (const email of spellings) {
        await api.auth.createUser({ email: typed, password: PASSWORD, profile })
        expect((await page.post('/delete', { email })).status).toBe(200)
      }
    }
    await api.auth.createUser({ email: spellings[0], password: PASSWORD, profile })
    const own = await signedInPage(api, spellings[0])
    expect((await own.post('/delete', { email: spellings[1] })).status).toBe(200)
  })

  it('tells what is wrong by the name of the member', async () => {
    const api = await serveApi()
    const profile = { username: 'Ada' }
    await api.auth.createUser({ email: ADA, password: PASSWORD, roles: ['admin'], profile })
    const page = await signedInPage(api)
    const { status, body } = await page.post('/delete', { email: `\u0007@example.com` })
    expect([status, Object.keys(body.errors)]).toEqual([422, ['email']])
  })

  it.each([
    ['no address', {}],
    ['an object', { email: { toString: 1 } }],
    ['a list', { email: [ADA] }],
    ['control characters', { email: '\u0000' }],
    ['nothing', undefined],
  ])('refuses %s', async (_name, body) => {
    const api = await serveApi()
    await api.auth.createUser({
      email: ADA,
      password: PASSWORD,
      roles: ['admin'],
      profile: { username: 'Ada' },
    })
    const page = await signedInPage(api)
    expect(await page.post('/delete', body)).toMatchObject({
      status: 422,
      body: { msg: 'invalid credentials!' },
    })
  })
})

describe('a request from the page of another site', () => {
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const none = { origin: '', 'sec-fetch-site': '' }

  it.each([...paths, '/delete'])('to %s is refused', async (path) => {
    const api = await serveApi()
    const page = await newPage(api)
    const body = { Email: ADA, Password: PASSWORD, Username: 'x', email: ADA }
    for (const from of [foreign, none, { origin: 'https://app.example:444' }]) {
      const refused = await page.post(path, body, from)
      expect(refused).toMatchObject({ status: 403, body: { msg: expect.any(String) } })
    }
    expect((await page.get('/dashboard')).status).toBe(200)
  })

  it('is refused without the CSRF token, and with that of another session', async () => {
    const api = await serveApi()
    const page = await newPage(api)
    const other = await signedInPage(api)
    for (const token of ['', 'nonsense', other.cookies.get(CSRF_COOKIE) ?? '']) {
      const refused = await page.post('/delete', { email: ADA }, { 'x-csrf-token': token })
      expect(refused.status).toBe(403)
    }
    await signedInPage(api)
  })
})

describe('a request that is malformed', () => {
  const FORM = 'application/x-www-form-urlencoded'
  const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' }

  describe.each(paths.filter((path) => path !== '/logout'))('to %s', (path) => {
    it.each([
      ['half of a JSON text', JSON_TYPE, '{"Email": ', 400],
      ['a text', JSON_TYPE, '"text"', 400],
      ['a form', { 'content-type': FORM }, `Email=${ADA}&Password=x`, 415],
      ['plain text', { 'content-type': 'text/plain' }, JSON.stringify(SIGN_UP), 415],
      ['no type', { 'content-type': '' }, '{}', 415],
      ['another charset', { 'content-type': 'application/json; charset=iso-8859-1' }, '{}', 415],
      ['what is not packed', gzip, '{}', 400],
      ['a large body', JSON_TYPE, JSON.stringify({ Email: 'x'.repeat(20_000) }), 413],
      ['nothing', JSON_TYPE, undefined, 422],
      ['members that are objects', JSON_TYPE, '{"email": {}, "Email": [], "Password": {}}', 422],
      ['a member __proto__', JSON_TYPE, '{"__proto__": {"email": 1}}', 422],
    ])('with %s is refused', async (_name, headers, body, status) => {
      const api = await serveApi()
      const refused = await openPage(api).send('POST', path, { ...headers, ...origin }, body)
      expect(refused.status).toBe(status)
      expectMessage(refused)
      expect(api.failures).toEqual([])
    })
  })
})

it.each([
  ['GET', '/'],
  ['GET', '/signin'],
  ['DELETE', '/signin'],
  ['GET', '/%E0%A4%A'],
  ['GET', '/signin/../x'],
  ['PUT', '/dashboard'],
  ['GET', '/login'],
  ['POST', '/refresh'],
  ['GET', '/users'],
])('has nothing else: %s %s', async (method, path) => {
  const api = await serveApi()
  const page = await newPage(api)
  const answer = await page.send(method, path)
  expect(answer).toMatchObject({ status: 404, body: { msg: 'There is no such thing' } })
  expectMessage(answer)
})

it('answers 503 when the store fails, tells the operator, and goes on', async () => {
  const api = await serveApi()
  const page = await newPage(api)
  const calls: (() => Promise<Answer>)[] = [
    () => page.get('/dashboard'),
    () => page.post('/delete', { email: ADA }),
    () => openPage(api).post('/signin', { Email: ADA, Password: PASSWORD }),
  ]
  for (const call of calls) {
    api.failing.failAt(1, 'before')
    const failed = await call()
    expect(failed.status).toBe(503)
    expectMessage(failed)
  }
  expect(api.failures.length).toBeGreaterThanOrEqual(calls.length)
  expect((await page.get('/dashboard')).status).toBe(200)
})

it('answers 429 when somebody tries too often', async () => {
  const api = await serveApi({ limits: {} })
  await newAccount(api)
  const statuses = []
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const refused = await openPage(api).post('/signin', { Email: ADA, Password: 'wrong one' })
    statuses.push(refused.status)
    expectMessage(refused)
  }
  expect(statuses).toContain(429)
})

/** JSON with a message, and nothing of what went on inside. */
function expectMessage({ headers, body, text }: Answer) {
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(headers.get('x-powered-by')).toBeNull()
  expect(body.msg).toEqual(expect.any(String))
  expect(text).not.toMatch(/<|\bat .*:\d+|node_modules/)
}

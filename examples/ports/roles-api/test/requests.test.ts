import { describe, expect, it } from 'vitest'
import { expectProblem, pointersOf } from '../../../../test/support/problems.ts'
import {
  ADA,
  BEN,
  basic,
  logIn,
  mailedToken,
  newAccount,
  newAdministrator,
  PASSWORD,
  type ServedApi,
  serveApi,
} from './support/api.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const shownAda = {
  public_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  first_name: 'Ada',
  last_name: 'Byron',
  email: ADA,
  email_verified: false,
  role: 'User',
  registered_on: '2030-01-01T00:00:00.000Z',
}

const shownTokens = {
  access_token: expect.any(String),
  refresh_token: expect.any(String),
  expires_in: 1800,
}

const me = ({ client }: ServedApi, token: string) => client.post('/users/me', undefined, token)

describe('POST /users/', () => {
  it('makes an account that is logged in to at once', async () => {
    const api = await serveApi()
    const body = { first_name: ' Ada ', last_name: 'Byron', email: ADA, password: PASSWORD }
    const answer = await api.client.post('/users/', body)
    expect(answer).toMatchObject({ status: 201, body: { status: 'registered' } })
    const { access_token } = await logIn(api)
    expect((await me(api, access_token)).body).toEqual(shownAda)
  })

  it('answers alike where the address has an account, and leaves that as it is', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    const body = { first_name: 'Eve', email: 'ADA@example.com', password: 'trojan horse battery' }
    const [again, other] = await Promise.all(
      [body, { ...body, email: BEN }].map((one) => api.client.post('/users/', one)),
    )
    expect([again?.status, again?.text]).toEqual([other?.status, other?.text])
    expect((await me(api, access_token)).body).toEqual(shownAda)
    expect(await logIn(api, ADA, 'trojan horse battery')).toMatchObject({ status: 401 })
    await api.auth.close()
    expect(api.inbox.arrivals.map(({ mail }) => [mail.to, mail.subject])).toEqual([
      [[{ address: ADA, name: '' }], expect.stringContaining('You already have an account')],
    ])
  })

  it('names what is missing or wrong', async () => {
    const { client } = await serveApi()
    const pointers = async (body: unknown) => pointersOf(await client.post('/users/', body))
    expect(await pointers({})).toEqual(['/password'])
    expect(await pointers({ password: PASSWORD })).toEqual(['/email'])
    expect(await pointers({ email: 'ada', password: PASSWORD })).toEqual(['/email'])
    const body = { email: ADA, password: PASSWORD }
    expect(await pointers({ ...body, first_name: 7 })).toEqual(['/first_name'])
    expect(await pointers({ ...body, last_name: 'x'.repeat(101) })).toEqual(['/last_name'])
    const short = await client.post('/users/', { ...body, password: 'short' })
    expectProblem(short, 422, 'password_too_short')
  })

  it.each(['role', 'email_verified', 'public_id', 'registered_on'])(
    'lets nobody choose their %s',
    async (member) => {
      const { client } = await serveApi()
      const body = { email: ADA, password: PASSWORD, [member]: 'Admin' }
      const answer = await client.post('/users/', body)
      expectProblem(answer, 422, 'invalid_input')
    },
  )
})

describe('POST /login', () => {
  it('takes HTTP Basic and gives tokens of 30 minutes', async () => {
    const api = await serveApi()
    await newAccount(api)
    const headers = { authorization: basic('ADA@example.com') }
    const answer = await api.client.send('POST', '/login', { headers })
    expect(answer).toMatchObject({ status: 200, body: shownTokens })
    expect(Object.keys(answer.body)).toEqual(Object.keys(shownTokens))
    expect(answer.headers.get('cache-control')).toBe('no-store')

    api.clock.advance(30 * 60 - 1)
    expect((await me(api, answer.body.access_token)).status).toBe(200)
    api.clock.advance(30)
    expectProblem(await me(api, answer.body.access_token), 401, 'invalid_token')
  })

  it('answers alike to a wrong password and to an address of nobody', async () => {
    const api = await serveApi()
    await newAccount(api)
    const [wrong, unknown] = await Promise.all(
      [basic(ADA, 'wrong'), basic(BEN)].map((authorization) =>
        api.client.send('POST', '/login', { headers: { authorization } }),
      ),
    )
    expect(wrong?.text).toBe(unknown?.text)
    expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
    expect(wrong?.headers.get('www-authenticate')).toMatch(/^Basic /)
  })

  it.each([
    ['Basic', 401, 'invalid_credentials'],
    ['Basic !', 401, 'invalid_credentials'],
    [basic('', PASSWORD), 401, 'invalid_credentials'],
    [`Basic ${Buffer.from(ADA).toString('base64')}`, 401, 'invalid_credentials'],
    [`${basic(ADA)}, ${basic(BEN)}`, 400, 'invalid_request'],
  ] as const)('refuses "%s"', async (authorization, status, code) => {
    const { client } = await serveApi()
    const answer = await client.send('POST', '/login', { headers: { authorization } })
    expectProblem(answer, status, code)
  })
})

it.each(['/login', '/refresh', '/logout'])('POST %s reads nothing but headers', async (path) => {
  const api = await serveApi()
  const { refresh_token } = await newAccount(api)
  const inBody = { identifier: ADA, password: PASSWORD }
  const bodies = [undefined, path === '/login' ? inBody : { refreshToken: refresh_token }]
  for (const body of bodies) {
    const answer = await api.client.post(path, body)
    const isLogin = path === '/login'
    expectProblem(answer, 401, isLogin ? 'invalid_credentials' : 'unauthenticated')
    expect(answer.headers.get('www-authenticate')).toMatch(isLogin ? /^Basic / : /^Bearer/)
  }
})

describe('POST /refresh', () => {
  it.each([
    ['x-refresh-token', (token: string) => ({ 'x-refresh-token': token })],
    ['Authorization', (token: string) => ({ authorization: `Bearer ${token}` })],
  ])('takes the refresh token in %s', async (_name, headersFor) => {
    const api = await serveApi()
    const { access_token, refresh_token } = await newAccount(api)
    api.clock.advance(60 * 60)
    expectProblem(await me(api, access_token), 401, 'invalid_token')
    const answer = await api.client.send('POST', '/refresh', {
      headers: headersFor(refresh_token),
    })
    expect(answer).toMatchObject({ status: 200, body: shownTokens })
    expect((await me(api, answer.body.access_token)).body).toEqual(shownAda)
  })

  it('refuses what is no refresh token, and two at once', async () => {
    const api = await serveApi()
    const { access_token, refresh_token } = await newAccount(api)
    const refresh = (headers: Record<string, string>) =>
      api.client.send('POST', '/refresh', { headers })
    expectProblem(await refresh({ 'x-refresh-token': 'nonsense' }), 401, 'invalid_token')
    expectProblem(await refresh({ 'x-refresh-token': access_token }), 401, 'invalid_token')
    const both = { 'x-refresh-token': refresh_token, authorization: `Bearer ${refresh_token}` }
    expectProblem(await refresh(both), 400, 'invalid_request')
    expect((await refresh({})).status).toBeLessThan(500)
  })

  it('ends the session of a token that comes back after two others', async () => {
    const api = await serveApi()
    const first = (await newAccount(api)).refresh_token
    const refresh = async (token: string) =>
      api.client.send('POST', '/refresh', { headers: { 'x-refresh-token': token } })
    const second = (await refresh(first)).body
    api.clock.advance(60)
    const third = (await refresh(second.refresh_token)).body
    api.clock.advance(60)
    expectProblem(await refresh(first), 401, 'invalid_token')
    expectProblem(await me(api, third.access_token), 401, 'invalid_token')
  })
})

it('POST /logout ends the session, by either token', async () => {
  const api = await serveApi()
  await newAccount(api)
  for (const name of ['access', 'refresh'] as const) {
    const tokens = await logIn(api)
    const headers = { [`x-${name}-token`]: tokens[`${name}_token`] }
    expect((await api.client.send('POST', '/logout', { headers })).status).toBe(204)
    expectProblem(await me(api, tokens.access_token), 401, 'invalid_token')
    const again = await api.client.send('POST', '/refresh', {
      headers: { 'x-refresh-token': tokens.refresh_token },
    })
    expectProblem(again, 401, 'invalid_token')
  }
})

describe('/users/me', () => {
  it('is shown by the token in x-access-token or in Authorization, but not in both', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    const ask = (headers: Record<string, string>) =>
      api.client.send('POST', '/users/me', { headers })
    const inHeader = { 'x-access-token': access_token }
    const inAuthorization = { authorization: `Bearer ${access_token}` }
    expect(await ask(inHeader)).toMatchObject({ status: 200, body: shownAda })
    expect(await ask(inAuthorization)).toMatchObject({ status: 200, body: shownAda })
    expectProblem(await ask({ ...inHeader, ...inAuthorization }), 400, 'invalid_request')
  })

  it('has its names changed, and nothing else', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    const put = (body: unknown) => api.client.json('PUT', '/users/me', body, access_token)
    const changed = { ...shownAda, first_name: 'Augusta Ada' }
    expect(await put({ first_name: 'Augusta Ada' })).toMatchObject({ status: 200, body: changed })
    for (const body of [{ role: 'Admin' }, { email: BEN }, { email_verified: true }]) {
      expectProblem(await put(body), 422, 'invalid_input')
    }
    for (const body of [{ role: 'Admin' }, { 'a\0b': '' }, []]) {
      expect(pointersOf(await put(body))).toEqual([''])
    }
    expect((await me(api, access_token)).body).toEqual(changed)
  })
})

it('PUT /users/me/change_password ends every session but a new one', async () => {
  const api = await serveApi()
  const { access_token } = await newAccount(api)
  const other = await logIn(api)
  const put = (body: unknown) =>
    api.client.json('PUT', '/users/me/change_password', body, access_token)
  const new_password = 'paper boats afloat'
  expectProblem(await put({ current_password: 'wrong', new_password }), 403, 'wrong_password')
  const missing = await put({ new_password })
  expectProblem(missing, 403, 'wrong_password')
  expect(pointersOf(missing)).toEqual(['/current_password'])
  const short = await put({ current_password: PASSWORD, new_password: 'short' })
  expect(pointersOf(short)).toEqual(['/new_password'])

  const more = await put({ current_password: PASSWORD, new_password, role: 'Admin' })
  expectProblem(more, 422, 'invalid_input')

  const { status, body } = await put({ current_password: PASSWORD, new_password })
  expect({ status, body }).toEqual({ status: 200, body: shownTokens })
  for (const token of [access_token, other.access_token]) {
    expectProblem(await me(api, token), 401, 'invalid_token')
  }
  expect((await me(api, body.access_token)).status).toBe(200)
  expect(await logIn(api)).toMatchObject({ status: 401 })
  expect(await logIn(api, ADA, new_password)).toMatchObject(shownTokens)
})

describe('an address', () => {
  it('is verified by the page behind the link in a mail', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    const asked = await api.client.post('/users/me/verify_email', undefined, access_token)
    expect(asked).toMatchObject({ status: 200, body: { status: 'mail_sent' } })
    const token = await mailedToken(api)
    expect(api.inbox.arrivals[0]?.mail.subject).toBe('Confirm your e-mail address')
    expect(api.inbox.arrivals[0]?.mail.text).not.toMatch(/\d{6}/)

    // As a mail scanner does.
    await api.client.send('HEAD', `/confirm?token=${token}`)
    const page = await api.client.get(`/confirm?token=${token}`)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'")
    expect((await me(api, access_token)).body.email_verified).toBe(false)

    const [, action] = /<form method="post" action="\/api\/v1([^"]*)">/.exec(page.text) ?? []
    const [, value] = /name="token" value="([^"]*)"/.exec(page.text) ?? []
    const post = () =>
      api.client.send('POST', `${action}`, { headers: FORM, body: `token=${value}` })
    expect(await post()).toMatchObject({ status: 200, body: { status: 'email_verified' } })
    expect((await me(api, access_token)).body).toEqual({ ...shownAda, email_verified: true })
    expectProblem(await post(), 400, 'invalid_one_time_token')
  })

  it('is verified by JSON as well, but not after an hour', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    const { access_token: later } = await newAccount(api, BEN)
    await api.client.post('/users/me/verify_email', undefined, access_token)
    await api.client.post('/users/me/verify_email', undefined, later)
    const [token, late] = [await mailedToken(api), await mailedToken(api, BEN)]
    expect((await api.client.post('/confirm', { token })).status).toBe(200)
    api.clock.advance(3600)
    expectProblem(await api.client.post('/confirm', { token: late }), 400, 'invalid_one_time_token')
  })

  it('is sent nothing more once it is verified', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    const ask = () => api.client.post('/users/me/verify_email', undefined, access_token)
    await ask()
    const token = await mailedToken(api)
    expect((await api.client.post('/confirm', { token })).status).toBe(200)
    expect(await ask()).toMatchObject({ status: 200, body: { status: 'nothing_sent' } })
    await api.auth.close()
    expect(api.inbox.arrivals).toHaveLength(1)
  })

  it('is not verified by what is no token', async () => {
    const { client } = await serveApi()
    const markup = await client.get('/confirm?token="><script>')
    expect(markup.text).toContain('value="&#34;&#62;&#60;script&#62;"')
    for (const query of ['', '?token=', '?token=a&token=b', '?token[a]=b']) {
      expectProblem(await client.get(`/confirm${query}`), 400, 'invalid_one_time_token')
    }
    expectProblem(await client.post('/confirm', { token: 'x' }), 400, 'invalid_one_time_token')
    expectProblem(await client.post('/confirm', { token: ['x'] }), 422, 'invalid_input')
    expectProblem(await client.post('/confirm'), 422, 'invalid_input')
    const twice = await client.send('POST', '/confirm', {
      headers: FORM,
      body: 'token=a&token=b',
    })
    expectProblem(twice, 422, 'invalid_input')
  })
})

describe('administrators', () => {
  it('list, view, promote and delete accounts', async () => {
    const api = await serveApi()
    const ada = await newAccount(api)
    api.clock.advance(1)
    const { access_token, id } = await newAdministrator(api)
    const { body } = await api.client.get('/users/', access_token)
    const [administrator, shown] = body.users
    expect(administrator).toMatchObject({ public_id: id, role: 'Admin' })
    expect(shown).toEqual(shownAda)
    expect(body.cursor).toBe(null)
    const path = `/users/${shown.public_id}`
    for (const same of [path, path.toUpperCase()]) {
      expect((await api.client.get(same, access_token)).body).toEqual(shownAda)
    }

    for (const role of ['Staff', 'Admin', 'User']) {
      const promoted = await api.client.json('PUT', `${path}?role=${role}`, '', access_token)
      expect(promoted).toMatchObject({ status: 200, body: { ...shownAda, role } })
    }
    expect((await api.client.delete(path, access_token)).status).toBe(204)
    expectProblem(await api.client.get(path, access_token), 404, 'not_found')
    expectProblem(await me(api, ada.access_token), 401, 'invalid_token')
    expect(await logIn(api)).toMatchObject({ status: 401 })
  })

  it('get their rights with the next token, and lose them at once', async () => {
    const api = await serveApi()
    const ada = await newAccount(api)
    const { access_token } = await newAdministrator(api)
    const { public_id } = (await me(api, ada.access_token)).body
    const give = (role: string) =>
      api.client.json('PUT', `/users/${public_id}?role=${role}`, '', access_token)
    await give('Admin')
    expectProblem(await api.client.get('/users/', ada.access_token), 401, 'token_stale')
    const { body } = await api.client.send('POST', '/refresh', {
      headers: { 'x-refresh-token': ada.refresh_token },
    })
    expect((await api.client.get('/users/', body.access_token)).status).toBe(200)
    await give('Staff')
    expectProblem(await api.client.get('/users/', body.access_token), 401, 'token_stale')
  })

  it.each(['User', 'Staff'])('are not who has the role %s', async (role) => {
    const api = await serveApi()
    const { id } = await api.auth.createUser({ email: BEN, password: PASSWORD, roles: [role] })
    const { access_token } = await logIn(api, BEN)
    const nobody = '00000000-0000-4000-8000-000000000000'
    for (const user of [id, nobody, 'me', '1']) {
      for (const [method, path] of [
        ['GET', '/users/'],
        ['GET', `/users/${user}`],
        ['PUT', `/users/${user}?role=Admin`],
        ['DELETE', `/users/${user}`],
      ] as const) {
        if (user === 'me' && method === 'PUT') continue // the own account
        const answer = await api.client.send(method, path, {
          headers: { 'x-access-token': access_token },
        })
        expectProblem(answer, 403, 'forbidden')
      }
    }
    expect((await me(api, access_token)).body.role).toBe(role)
  })

  it('give roles that there are, to accounts that there are', async () => {
    const api = await serveApi()
    await newAccount(api)
    const { access_token, id } = await newAdministrator(api)
    const put = (path: string) => api.client.json('PUT', path, '', access_token)
    for (const query of ['', '?role=', '?role=admin', '?role=Staff&role=Admin', '?role[a]=b']) {
      const answer = await put(`/users/${id}${query}`)
      expectProblem(answer, 422, 'invalid_input')
      expect(pointersOf(answer)).toEqual(['/role'])
    }
    for (const user of ['00000000-0000-4000-8000-000000000000', '1', '%00', 'x'.repeat(2000)]) {
      expectProblem(await put(`/users/${user}?role=Staff`), 404, 'not_found')
      expectProblem(await api.client.get(`/users/${user}`, access_token), 404, 'not_found')
      expectProblem(await api.client.delete(`/users/${user}`, access_token), 404, 'not_found')
    }
    const beside = await api.client.json(
      'PUT',
      `/users/${id}?role=Admin`,
      { role: 'User' },
      access_token,
    )
    expectProblem(beside, 422, 'invalid_input')
    expectProblem(await put('/users/%E0%A4%A?role=Staff'), 400, 'invalid_request')
    const cursor = await api.client.get('/users/?cursor=nonsense', access_token)
    expectProblem(cursor, 422, 'invalid_input')
  })

  it('cannot leave nobody behind', async () => {
    const api = await serveApi()
    const { access_token, id } = await newAdministrator(api)
    const demoted = await api.client.json('PUT', `/users/${id}?role=User`, '', access_token)
    expectProblem(demoted, 409, 'last_administrator')
    const deleted = await api.client.delete(`/users/${id}`, access_token)
    expectProblem(deleted, 409, 'last_administrator')
  })

  it('log in again before they promote or delete, after 15 minutes', async () => {
    const api = await serveApi()
    const { access_token, id } = await newAdministrator(api)
    api.clock.advance(15 * 60 + 1)
    expect((await api.client.get('/users/', access_token)).status).toBe(200)
    const promoted = await api.client.json('PUT', `/users/${id}?role=User`, '', access_token)
    expectProblem(promoted, 403, 'reauth_required')
    const deleted = await api.client.delete(`/users/${id}`, access_token)
    expectProblem(deleted, 403, 'reauth_required')
  })

  it('see every account, page by page', async () => {
    const api = await serveApi()
    await api.auth.importUsers('system', people(205))
    const { access_token } = await newAdministrator(api)
    const first = (await api.client.get('/users/', access_token)).body
    expect(first.users).toHaveLength(200)
    const path = `/users/?cursor=${encodeURIComponent(first.cursor)}`
    const second = (await api.client.get(path, access_token)).body
    expect(second).toMatchObject({ users: { length: 6 }, cursor: null })
  })
})

async function* people(count: number) {
  for (let n = 0; n < count; n += 1) yield { email: `user-${n}@example.com` }
}

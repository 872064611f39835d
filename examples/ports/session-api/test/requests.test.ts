import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { mariadbUrl } from '../../../../test/servers/databases.ts'
import {
  call,
  logIn,
  newAccount,
  newMariadb,
  OTHER_PASSWORD,
  PASSWORD,
  serveApi,
} from './support/api.ts'

const ADA = { username: 'ada', password: PASSWORD, email: 'ada@example.com' }

describe('POST /login', () => {
  it.each(['ada', 'ADA', 'ada@example.com'])('logs in who is called %s', async (name) => {
    const api = await serveApi()
    const { user_id: userId } = await newAccount(api)
    const credentials = { username_or_password: name, password: PASSWORD }
    const { status, headers, body } = await call(api, '/login', undefined, credentials)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      status: 'logged in',
      user_id: userId,
      token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 3600,
    })
  })

  it('takes forms too, of either kind', async () => {
    const api = await serveApi()
    await newAccount(api)
    const fields = { username_or_password: 'ada', password: PASSWORD }
    const multipart = new FormData()
    for (const [name, value] of Object.entries(fields)) multipart.set(name, value)
    for (const body of [new URLSearchParams(fields), multipart]) {
      const answer = await fetch(`${api.client.url}/login`, { method: 'POST', body })
      expect(answer.status).toBe(200)
      const { token } = Object(await answer.json())
      expect((await call(api, '/change_password', token, {})).status).toBe(422)
    }
  })

  it('opens a session for each device, which end one by one', async () => {
    const api = await serveApi()
    const admin = await logIn(api, 'admin')
    const second = await logIn(api, 'admin')
    expect((await call(api, '/logout', admin.token)).status).toBe(200)
    expect((await call(api, '/AllUsers', admin.token)).status).toBe(401)
    expect((await call(api, '/AllUsers', second.token)).status).toBe(200)
  })

  it.each([
    ['a wrong password', 'ada', OTHER_PASSWORD],
    ['a name of nobody', 'ben', PASSWORD],
    ['an address of nobody', 'ben@example.com', PASSWORD],
    ['the password for a name', PASSWORD, PASSWORD],
  ])('answers alike to %s', async (_what, name, password) => {
    const api = await serveApi()
    await newAccount(api)
    const credentials = { username_or_password: name, password }
    const answer = await call(api, '/login', undefined, credentials)
    expect(answer).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } })
  })

  it('refuses who tries too often', async () => {
    const api = await serveApi({ limits: {} })
    const credentials = { username_or_password: 'admin', password: OTHER_PASSWORD }
    const statuses: number[] = []
    for (let count = 0; count < 30; count++) {
      statuses.push((await call(api, '/login', undefined, credentials)).status)
    }
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
  })

  it('names its own members where they are wrong', async () => {
    const api = await serveApi()
    const fields = { username_or_password: 'x'.repeat(400), password: PASSWORD }
    const { status, body } = await call(api, '/login', undefined, fields)
    expect(status).toBe(422)
    expect(body.errors).toMatchObject([{ pointer: '/username_or_password' }])
  })
})

describe('a token', () => {
  it('is taken bare, and as RFC 6750 has it', async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    for (const authorization of [token, `Bearer ${token}`, `bearer ${token}`]) {
      expect((await call(api, '/AllUsers', authorization)).status).toBe(200)
    }
    expect((await call(api, '/logout', `Bearer ${token}`)).status).toBe(200)
  })

  it('is refused beside another one', async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    for (const path of guarded) {
      const { status, text } = await twoTokens(`${api.client.url}${path}`, token)
      expect({ path, refused: status === 400 || status === 401 }).toEqual({ path, refused: true })
      expect(JSON.parse(text)).toHaveProperty('code')
    }
  })

  it('lasts an hour, and is followed by the next of the same session', async () => {
    const api = await serveApi()
    const { token, refresh_token } = await logIn(api, 'admin')
    api.clock.advance(3590)
    expect((await call(api, '/AllUsers', token)).status).toBe(200)
    api.clock.advance(20)
    expect((await call(api, '/AllUsers', token)).body.code).toBe('invalid_token')
    const refreshed = await call(api, '/refresh', undefined, { refresh_token })
    expect(refreshed.body).toEqual({
      status: 'logged in',
      token: expect.any(String),
      refresh_token: expect.any(String),
      expires_in: 3600,
    })
    expect((await call(api, '/AllUsers', refreshed.body.token)).status).toBe(200)
  })

  it('of refreshing gets the same answer for half a minute, and ends the session later', async () => {
    const api = await serveApi()
    const { refresh_token } = await logIn(api, 'admin')
    const refresh = (token: string) => call(api, '/refresh', undefined, { refresh_token: token })
    const first = await refresh(refresh_token)
    api.clock.advance(29)
    const again = (await refresh(refresh_token)).body
    expect(again.refresh_token).toBe(first.body.refresh_token)
    await refresh(again.refresh_token)
    api.clock.advance(31)
    expect((await refresh(refresh_token)).status).toBe(401)
    expect((await refresh(again.refresh_token)).status).toBe(401)
  })
})

describe('GET /AllUsers', () => {
  it('answers all accounts to administrators, without anything secret', async () => {
    const api = await serveApi()
    const ada = await newAccount(api)
    const { token } = await logIn(api, 'admin')
    const { status, body, text } = await call(api, '/AllUsers', token)
    expect(status).toBe(200)
    const created_at = api.clock.now().toISOString()
    expect(body.users).toHaveLength(2)
    const listed = { id: ada.user_id, username: 'ada', email: 'ada@example.com', created_at }
    expect(body.users).toContainEqual(listed)
    expect(text).not.toMatch(/hash|argon2|password/i)
  })

  it('leaves out nobody, however many there are', async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    for (let number = 0; number < 201; number++) {
      const email = `user${number}@example.com`
      await call(api, '/new', token, { username: `user${number}`, password: PASSWORD, email })
    }
    const { users } = (await call(api, '/AllUsers', token)).body
    expect(new Set(users.map(({ id }: { id: string }) => id)).size).toBe(202)
  })

  it('answers nothing to anybody else', async () => {
    const api = await serveApi()
    const { token } = await newAccount(api)
    const answer = await call(api, '/AllUsers', token)
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(answer.text).not.toContain('example.com')
  })
})

describe('POST /new', () => {
  it('makes an account that is open at once, and answers its id', async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    const { status, body } = await call(api, '/new', token, ADA)
    expect(status).toBe(200)
    expect(body).toEqual({ user_id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect((await logIn(api, 'ada')).user_id).toBe(body.user_id)
  })

  it('is logged without who made it, and from where', async () => {
    const api = await serveApi()
    await newAccount(api)
    await api.auth.close() // what is to be logged is in the log
    const { events } = await api.auth.listEvents('system', { type: 'user.created' })
    expect(events[0]).toMatchObject({ actorId: null, ip: null })
  })

  it('takes a form', async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    const answer = await fetch(`${api.client.url}/new`, {
      method: 'POST',
      headers: { authorization: token },
      body: new URLSearchParams(ADA),
    })
    expect(answer.status).toBe(200)
    expect((await logIn(api, 'ada')).token).toBeDefined()
  })

  it('gives no role, whoever asks for one', async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    await call(api, '/new', token, { ...ADA, roles: ['admin'], role: 'admin' })
    const ada = await logIn(api, 'ada')
    expect((await call(api, '/AllUsers', ada.token)).status).toBe(403)
  })

  it.each([
    ['a name that is taken', { username: 'ADA' }, 409, 'username_taken'],
    ['an address that is taken', { email: 'Ada@Example.com' }, 409, 'email_taken'],
    ['a short password', { password: 'short' }, 422, 'password_too_short'],
    ['a common password', { password: 'password123' }, 422, 'password_blocked'],
    ['an address that is none', { email: 'ben' }, 422, 'invalid_input'],
    ['a name with spaces', { username: 'ben the boat' }, 422, 'invalid_input'],
  ])('refuses %s', async (_what, wrong, status, code) => {
    const api = await serveApi()
    await newAccount(api)
    const { token } = await logIn(api, 'admin')
    const ben = { username: 'ben', password: PASSWORD, email: 'ben@example.com' }
    const answer = await call(api, '/new', token, { ...ben, ...wrong })
    expect(answer).toMatchObject({ status, body: { code } })
  })

  it('is for administrators', async () => {
    const api = await serveApi()
    const { token } = await newAccount(api)
    const ben = { username: 'ben', password: PASSWORD, email: 'ben@example.com' }
    expect((await call(api, '/new', token, ben)).status).toBe(403)
    expect(await logIn(api, 'ben')).not.toHaveProperty('token')
  })
})

describe('POST /remove', () => {
  it("takes an administrator's word for any account", async () => {
    const api = await serveApi()
    const ada = await newAccount(api)
    const { token } = await logIn(api, 'admin')
    const { status, body } = await call(api, '/remove', token, { id: ada.user_id })
    expect({ status, body }).toEqual({ status: 200, body: { status: 'removed' } })
    expect((await call(api, '/remove', ada.token, { id: ada.user_id })).status).toBe(401)
    expect(await logIn(api, 'ada')).not.toHaveProperty('token')
    expect((await call(api, '/remove', token, { id: ada.user_id })).status).toBe(404)
  })

  it('lets people remove themselves, and nobody else', async () => {
    const api = await serveApi()
    const [ada, ben] = [await newAccount(api), await newAccount(api, 'ben')]
    const nobody = '00000000-0000-4000-8000-000000000000'
    for (const id of [ben.user_id, nobody, '1']) {
      expect((await call(api, '/remove', ada.token, { id })).status).toBe(403)
    }
    expect((await call(api, '/remove', ada.token, { id: ada.user_id })).status).toBe(200)
    expect(await logIn(api, 'ada')).not.toHaveProperty('token')
    expect(await logIn(api, 'ben')).toHaveProperty('token')
  })

  it('is told by the log: by whom, and from where', async () => {
    const api = await serveApi()
    const [ada, ben] = [await newAccount(api), await newAccount(api, 'ben')]
    const admin = await logIn(api, 'admin')
    await call(api, '/remove', ada.token, { id: ada.user_id })
    await call(api, '/remove', admin.token, { id: ben.user_id })
    await api.auth.close() // what is to be logged is in the log
    const { events } = await api.auth.listEvents('system', { type: 'user.deleted' })
    expect(events).toHaveLength(2)
    expect(events).toMatchObject([
      { data: { reason: 'by_administrator' }, actorId: admin.user_id, ip: '127.0.0.1' },
      { data: { reason: 'by_owner' }, actorId: null, ip: '127.0.0.1' },
    ])
  })

  it('wants a login of the last quarter of an hour', async () => {
    const api = await serveApi()
    const ada = await newAccount(api)
    const admin = await logIn(api, 'admin')
    api.clock.advance(15 * 60 + 1)
    for (const { token } of [ada, admin]) {
      const { status, body } = await call(api, '/remove', token, { id: ada.user_id })
      expect({ status, code: body.code }).toEqual({ status: 403, code: 'reauth_required' })
    }
    const again = await logIn(api, 'ada')
    expect((await call(api, '/remove', again.token, { id: ada.user_id })).status).toBe(200)
  })

  it('leaves the last administrator', async () => {
    const api = await serveApi()
    const { token, user_id: id } = await logIn(api, 'admin')
    const answer = await call(api, '/remove', token, { id })
    expect(answer).toMatchObject({ status: 409, body: { code: 'last_administrator' } })
  })

  it("refuses the numbers of the original's accounts", async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    expect((await call(api, '/remove', token, { id: 1 })).status).toBe(404)
    expect((await call(api, '/remove', token, { id: '1' })).status).toBe(404)
  })
})

describe('POST /logout', () => {
  it('ends the session, both its tokens, and no other', async () => {
    const api = await serveApi()
    const { token, refresh_token } = await newAccount(api)
    const other = await logIn(api, 'ada')
    const { status, body } = await call(api, '/logout', token)
    expect({ status, body }).toEqual({ status: 200, body: { status: 'logged out' } })
    expect((await call(api, '/change_password', token, {})).status).toBe(401)
    expect((await call(api, '/refresh', undefined, { refresh_token })).status).toBe(401)
    expect((await call(api, '/change_password', other.token, {})).status).toBe(422)
  })

  it('may be sent again, and by who has let the token expire', async () => {
    const api = await serveApi()
    const { token, refresh_token } = await newAccount(api)
    api.clock.advance(3700)
    expect((await call(api, '/logout', token)).status).toBe(200)
    expect((await call(api, '/logout', token)).status).toBe(200)
    expect((await call(api, '/refresh', undefined, { refresh_token })).status).toBe(401)
  })
})

describe('POST /revoke', () => {
  it('ends the session of the token', async () => {
    const api = await serveApi()
    const { token, refresh_token } = await newAccount(api)
    const { status, body } = await call(api, '/revoke', token)
    expect({ status, body }).toEqual({ status: 200, body: { status: 'revoked' } })
    expect((await call(api, '/change_password', token, {})).status).toBe(401)
    expect((await call(api, '/refresh', undefined, { refresh_token })).status).toBe(401)
  })

  it('says nothing of what was no token', async () => {
    const api = await serveApi()
    expect((await call(api, '/revoke', 'nonsense')).body).toEqual({ status: 'revoked' })
  })

  it('refuses what no token can be, and names no member for it', async () => {
    const api = await serveApi()
    for (const text of ['abc!', 'foo bar']) {
      expect((await call(api, '/revoke', text)).body.code).toBe('invalid_token')
    }
    const { status, body } = await call(api, '/revoke', 'x'.repeat(5000))
    expect({ status, errors: body.errors }).toMatchObject({
      status: 422,
      errors: [{ pointer: '' }],
    })
  })
})

describe('POST /change_password', () => {
  const change = { old_password: PASSWORD, new_password: OTHER_PASSWORD }

  it('ends all sessions, and the new password logs in', async () => {
    const api = await serveApi()
    const first = await newAccount(api)
    const second = await logIn(api, 'ada')
    const { status, body } = await call(api, '/change_password', first.token, change)
    expect({ status, body }).toEqual({ status: 200, body: { status: 'password changed' } })
    for (const { token, refresh_token } of [first, second]) {
      expect((await call(api, '/change_password', token, {})).status).toBe(401)
      expect((await call(api, '/refresh', undefined, { refresh_token })).status).toBe(401)
    }
    expect(await logIn(api, 'ada')).not.toHaveProperty('token')
    expect(await logIn(api, 'ada', OTHER_PASSWORD)).toHaveProperty('token')
  })

  it('refuses a wrong old password and a weak new one, and ends nothing', async () => {
    const api = await serveApi()
    const { token } = await newAccount(api)
    const wrong = { ...change, old_password: 'nonsense' }
    const refused = await call(api, '/change_password', token, wrong)
    expect(refused).toMatchObject({ status: 403, body: { code: 'wrong_password' } })
    const weak = await call(api, '/change_password', token, { ...change, new_password: 'short' })
    expect(weak).toMatchObject({ status: 422, body: { code: 'password_too_short' } })
    expect(weak.body.errors[0].pointer).toBe('/new_password')
    expect((await call(api, '/change_password', token, change)).status).toBe(200)
  })
})

const guarded = ['/AllUsers', '/new', '/remove', '/logout', '/change_password', '/revoke']

describe.each(guarded)('%s', (path) => {
  it('is refused without a token', async () => {
    const { status, headers, body } = await call(await serveApi(), path)
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' })
    expect(headers.get('www-authenticate')).toBe('Bearer')
  })

  it('hears no token in an empty header', async () => {
    const { status, body } = await call(await serveApi(), path, '')
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthenticated' })
  })

  it.each(['Basic YWRhOmFkYQ==', 'Bearer', 'Bearer a b', '%00'])(
    'is refused with "%s"',
    async (authorization) => {
      const { status, body } = await call(await serveApi(), path, authorization)
      if (path === '/revoke' && status === 200) return // says nothing of what was no token
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'invalid_token' })
    },
  )
})

const posted: Readonly<Record<string, readonly string[]>> = {
  '/login': ['username_or_password', 'password'],
  '/refresh': ['refresh_token'],
  '/new': ['username', 'password', 'email'],
  '/remove': ['id'],
  '/change_password': ['old_password', 'new_password'],
}

describe.each(Object.entries(posted))('POST %s refuses', (path, names) => {
  // No account has an id of another type either.
  const ofNobody =
    path === '/remove' ? ([404, 'not_found'] as const) : ([422, 'invalid_input'] as const)

  it('what lacks its members, and names them', async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    const ofNumbers = Object.fromEntries(names.map((name) => [name, 7]))
    const ofNothing = Object.fromEntries(names.map((name) => [name, null]))
    for (const body of [undefined, {}, [], ofNumbers, ofNothing]) {
      const answer = await call(api, path, token, body)
      expect(answer).toMatchObject({ status: ofNobody[0], body: { code: ofNobody[1] } })
      const named: { pointer: string }[] = answer.body.errors ?? []
      if (path !== '/remove') expect(named).not.toEqual([])
      for (const { pointer } of named) expect(names).toContain(pointer.slice(1))
    }
  })

  it('strings that cannot be right, without an error of its own', async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    for (const text of ['', '\0', '\ud800', 'x'.repeat(5000)]) {
      const body = Object.fromEntries(names.map((name) => [name, text]))
      const answer = await call(api, path, token, body)
      expect(answer.status).toSatisfy((status: number) => status >= 400 && status < 500)
      expect(answer.body.code).toEqual(expect.any(String))
    }
  })

  it('names that come twice, unless one of them is right', async () => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: token }
    const body = names.map((name) => `${name}=\0&${name}=\0`).join('&')
    const { status } = await api.client.send('POST', path, { headers, body })
    expect(status).toSatisfy((code: number) => code >= 400 && code < 500)
  })

  const form = 'multipart/form-data; boundary=edge'
  it.each([
    ['malformed JSON', 'application/json', '{"id": "secret', 400, 'invalid_request'],
    ['a bare string', 'application/json', '"secret"', 400, 'invalid_request'],
    ['a broken form', form, '--edge\r\nsecret', 400, 'invalid_request'],
    ['a form without a boundary', 'multipart/form-data', 'secret', 400, 'invalid_request'],
    ['a file for a text', form, fileForm(names), ...ofNobody],
    ['XML', 'application/xml', '<id>secret</id>', 415, 'unsupported_media_type'],
    ['plain text', 'text/plain', '{"id": "secret"}', 415, 'unsupported_media_type'],
    ['another charset', 'application/json; charset=x-none', '{}', 415, 'unsupported_media_type'],
    ['too much JSON', 'application/json', `"${'x'.repeat(20_000)}"`, 413, 'payload_too_large'],
    ['too large a form', form, 'x'.repeat(20_000), 413, 'payload_too_large'],
  ])('%s, and repeats nothing of it', async (_what, type, body, status, code) => {
    const api = await serveApi()
    const { token } = await logIn(api, 'admin')
    const headers = { 'content-type': type, authorization: token }
    const answer = await api.client.send('POST', path, { headers, body })
    expect(answer).toMatchObject({ status, body: { code } })
    expect(answer.text).not.toContain('secret')
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})

it('answers paths that it does not have as problems too', async () => {
  const { client } = await serveApi()
  for (const answer of [await client.get('/nowhere'), await client.get('/login')]) {
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } })
  }
})

it('answers 503 when the store fails, tells the operator, and goes on', async () => {
  const told: unknown[] = []
  const api = await serveApi({ onError: (error) => told.push(error) })
  const { token } = await logIn(api, 'admin')
  api.failing.failAt(1, 'before')
  const { status, headers, body } = await call(api, '/AllUsers', token)
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'unavailable' })
  expect(headers.get('retry-after')).toBe('1')
  expect(told).toHaveLength(1)
  expect((await call(api, '/AllUsers', token)).status).toBe(200)
})

describe.skipIf(mariadbUrl === undefined)('the API on MariaDB', () => {
  it('serves an account from its making to its end', async () => {
    await liveThrough(await serveApi({}, await newMariadb()))
  })
})

async function liveThrough(api: Awaited<ReturnType<typeof serveApi>>): Promise<void> {
  const admin = await logIn(api, 'admin')
  const { user_id: id } = (await call(api, '/new', admin.token, ADA)).body
  expect(await call(api, '/new', admin.token, ADA)).toMatchObject({ status: 409 })
  const { token } = await logIn(api, 'ada@example.com')
  const change = { old_password: PASSWORD, new_password: OTHER_PASSWORD }
  expect(await call(api, '/change_password', token, change)).toMatchObject({ status: 200 })
  const again = await logIn(api, 'ada', OTHER_PASSWORD)
  expect(await call(api, '/logout', again.token)).toMatchObject({ status: 200 })
  expect(await call(api, '/change_password', again.token, change)).toMatchObject({ status: 401 })
  expect((await call(api, '/AllUsers', admin.token)).body.users).toHaveLength(2)
  expect(await call(api, '/remove', admin.token, { id })).toMatchObject({ status: 200 })
  expect((await call(api, '/AllUsers', admin.token)).body.users).toHaveLength(1)
}

/** What answers to two lines `Authorization`. */
function twoTokens(url: string, token: string): Promise<{ status?: number; text: string }> {
  return new Promise((resolve, reject) => {
    const method = url.endsWith('/AllUsers') ? 'GET' : 'POST'
    const sent = request(url, { method, headers: ['Host', 'x', ...twice('Authorization', token)] })
    sent.on('response', async (answer) => {
      resolve({ status: answer.statusCode ?? 0, text: (await answer.toArray()).join('') })
    })
    sent.on('error', reject)
    sent.end()
  })
}

function twice(name: string, value: string): string[] {
  return [name, value, name, value]
}

/** A form whose members are files. */
function fileForm(names: readonly string[]): string {
  const head = 'content-disposition: form-data; filename="secret.txt"; name='
  const parts = names.map((name) => `--edge\r\n${head}"${name}"\r\n\r\nsecret\r\n`)
  return `${parts.join('')}--edge--\r\n`
}

import { describe, expect, it } from 'vitest'
import { ADA, newAccount, PASSWORD, serveApi, signIn, signUp, tokenIn } from './support/api.ts'

const NEW_PASSWORD = 'paper boats afloat'

describe('an account', () => {
  it('is activated by a link', async () => {
    const api = await serveApi()
    const { token } = await signUp(api)
    const waiting = await api.client.post('/signin', { email: ADA, password: PASSWORD })
    expect(waiting).toMatchObject({ status: 403, body: { error: { code: 'not_activated' } } })

    const activated = await api.client.post('/activation', { token })
    expect(activated.body).toEqual({
      account_id: expect.any(String),
      email: ADA,
      created_at: api.clock.now().toISOString(),
    })
    const { access_token } = await signIn(api)
    expect((await api.client.get('/account', access_token)).body).toEqual(activated.body)
  })

  it('is activated by a code', async () => {
    const api = await serveApi()
    const { code } = await signUp(api)
    const proof = { email: ADA, code }
    expect((await api.client.post('/activation', proof)).status).toBe(200)
    const again = await api.client.post('/activation', proof)
    expect(again).toMatchObject({ status: 400, body: { error: { code: 'bad_proof' } } })
  })

  it('is sent its message again', async () => {
    const api = await serveApi()
    await signUp(api)
    expect((await api.client.post('/activation/mail', { email: ADA })).status).toBe(202)
    const token = tokenIn((await api.outbox.next('activate', ADA)).link)
    expect((await api.client.post('/activation', { token })).status).toBe(200)
  })

  it('looks the same to strangers whether or not it exists', async () => {
    const api = await serveApi()
    await newAccount(api)
    for (const path of ['/signup', '/activation/mail', '/password/mail']) {
      const [known, unknown] = await Promise.all(
        [ADA, 'nobody@example.com'].map((email) =>
          api.client.post(path, { email, password: PASSWORD }),
        ),
      )
      expect([known?.status, known?.text]).toEqual([unknown?.status, unknown?.text])
    }
    const wrong = (email: string) => api.client.post('/signin', { email, password: 'wrong one' })
    expect((await wrong(ADA)).body).toEqual((await wrong('ben@example.com')).body)
  })

  it('begins once when one address signs up twice at once', async () => {
    const api = await serveApi()
    const requests = [1, 2].map(() =>
      api.client.post('/signup', { email: ADA, password: PASSWORD }),
    )
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual([202, 202])
    const messages = [
      await api.outbox.next('activate', ADA),
      await api.outbox.next('activate_again', ADA),
    ]
    const uses = await Promise.all(
      messages.map(({ link }) => api.client.post('/activation', { token: tokenIn(link) })),
    )
    expect(uses.map(({ status }) => status).toSorted()).toEqual([200, 400])
  })
})

describe('a password', () => {
  it('is changed by who knows it, which ends every session but a new one', async () => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    const change = (current_password: string) =>
      api.client.post(
        '/account/password',
        { current_password, new_password: NEW_PASSWORD },
        access_token,
      )
    const wrong = await change('wrong one')
    expect(wrong).toMatchObject({ status: 403, body: { error: { code: 'wrong_password' } } })

    const { body } = await change(PASSWORD)
    expect((await api.client.get('/account', access_token)).status).toBe(401)
    expect((await api.client.get('/account', body.access_token)).body.email).toBe(ADA)
    expect((await signIn(api, NEW_PASSWORD)).access_token).toEqual(expect.any(String))
  })

  it.each([
    ['a link', (link: string) => ({ token: tokenIn(link) })],
    ['a code', (_link: string, code: string) => ({ email: ADA, code })],
  ])('is set anew by %s, which ends every session', async (_name, proof) => {
    const api = await serveApi()
    const { access_token } = await newAccount(api)
    expect((await api.client.post('/password/mail', { email: ADA })).status).toBe(202)
    const { link = '', code = '' } = await api.outbox.next('reset_password', ADA)
    const body = { ...proof(link, code), new_password: NEW_PASSWORD }
    expect((await api.client.post('/password', body)).status).toBe(204)
    expect((await api.client.post('/password', body)).body.error.code).toBe('bad_proof')
    expect((await api.client.get('/account', access_token)).status).toBe(401)
    expect((await signIn(api, NEW_PASSWORD)).access_token).toEqual(expect.any(String))
  })
})

describe('a session', () => {
  it('goes on by its refresh token', async () => {
    const api = await serveApi()
    const { refresh_token, access_token, session_id } = await newAccount(api)
    api.clock.advance(3600)
    expect((await api.client.get('/account', access_token)).body.error.code).toBe('bad_token')
    const { body, headers } = await api.client.post('/token', { refresh_token })
    expect(body).toMatchObject({ expires_in: 600, session_id })
    expect(headers.get('cache-control')).toBe('no-store')
    expect((await api.client.get('/account', body.access_token)).status).toBe(200)
  })

  it('gives tabs that refresh at once the same token', async () => {
    const api = await serveApi()
    const { refresh_token } = await newAccount(api)
    const tabs = await Promise.all(
      [1, 2, 3].map(() => api.client.post('/token', { refresh_token })),
    )
    expect(new Set(tabs.map(({ status, body }) => `${status} ${body.refresh_token}`)).size).toBe(1)
    expect(tabs[0]?.status).toBe(200)
  })

  it.each(['access_token', 'refresh_token'] as const)('ends by its %s', async (kind) => {
    const api = await serveApi()
    const tokens = await newAccount(api)
    expect((await api.client.post('/signout', {}, tokens[kind])).status).toBe(204)
    expect((await api.client.get('/account', tokens.access_token)).body.error.code).toBe(
      'bad_token',
    )
    const { refresh_token } = tokens
    expect((await api.client.post('/token', { refresh_token })).body.error.code).toBe('bad_token')
  })

  it('is revoked by its token, and nobody is told what was none', async () => {
    const api = await serveApi()
    const { access_token, refresh_token } = await newAccount(api)
    const revoke = (token: string) => api.client.post('/revocation', { token })
    expect((await revoke('nonsense')).status).toBe(204)
    expect((await api.client.get('/account', access_token)).status).toBe(200)
    expect((await revoke(refresh_token)).status).toBe(204)
    expect((await api.client.get('/account', access_token)).status).toBe(401)
  })

  it('is listed with who opened it, and from where', async () => {
    const api = await serveApi()
    await newAccount(api)
    api.clock.advance(1) // the list begins with the newest
    const { body } = await api.client.send('POST', '/signin', {
      headers: { 'content-type': 'application/json', 'user-agent': 'Boat/1.0' },
      body: JSON.stringify({ email: ADA, password: PASSWORD, device_name: 'Tablet' }),
    })
    const { sessions } = (await api.client.get('/sessions', body.access_token)).body
    expect(sessions).toHaveLength(2)
    expect(sessions[0]).toEqual({
      session_id: body.session_id,
      current: true,
      device_name: 'Tablet',
      user_agent: 'Boat/1.0',
      ip: expect.stringContaining('127.0.0.1'),
      last_seen_at: api.clock.now().toISOString(),
    })
  })

  it('is ended from another one', async () => {
    const api = await serveApi()
    const first = await newAccount(api)
    const second = await signIn(api)
    const end = () => api.client.delete(`/sessions/${first.session_id}`, second.access_token)
    expect((await end()).status).toBe(204)
    expect((await api.client.get('/account', first.access_token)).status).toBe(401)
    expect((await end()).body.error.code).toBe('not_found')
  })

  it('ends all others, within a quarter of an hour of the sign-in', async () => {
    const api = await serveApi()
    const first = await newAccount(api)
    api.clock.advance(60)
    const second = await signIn(api)
    api.clock.advance(15 * 60)
    const { body } = await api.client.post('/token', { refresh_token: second.refresh_token })
    const endOthers = () => api.client.delete('/sessions', body.access_token)
    api.clock.advance(1)
    expect((await endOthers()).body.error.code).toBe('sign_in_again')
    api.clock.advance(-1)
    expect((await endOthers()).status).toBe(204)
    const { refresh_token } = first
    expect((await api.client.post('/token', { refresh_token })).status).toBe(401)
  })
})

import type { LoginInput } from '@latchkey/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { change, loginOutcome, outcome, recordOf, WITH_USERNAMES } from '../support/onboarding.ts'
import { accountOf, PASSWORD, serveSetup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.com'

describe('a login', () => {
  it('answers with the user, both tokens and how long they last', async () => {
    const setup = setUp()
    const { user } = await accountOf(setup)
    const client = await serveSetup(setup)
    const body = { identifier: EMAIL, password: PASSWORD, device: { name: 'phone' } }
    const answer = await client.post('/auth/login', body)
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      user: { ...user },
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refreshToken: expect.stringMatching(/^lk1\./),
      expiresIn: 600,
      tokenType: 'Bearer',
      sessionId: expect.any(String),
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('S013 takes the address in each of its spellings', async () => {
    const setup = setUp()
    const { user } = await accountOf(setup, 'Ada@xn--bcher-kva.example')
    for (const identifier of [
      'ada@bücher.example',
      'ADA@BÜCHER.EXAMPLE',
      'ada@XN--BCHER-KVA.example',
    ]) {
      const login = await setup.auth.login({ identifier, password: PASSWORD })
      expect(login.user.id).toBe(user.id)
    }
  })

  it.each([
    'm\u0131ke@example.org',
    'mi\u212Ae@example.org',
    '\uFF4Dike@example.org',
    '\u24DCike@example.org',
    'mike@\uFF45xample.org',
    'mike@example\u3002org',
    'mike\u200D@example.org',
    ' mike@example.org',
    'mike@example.org\0',
    'mike@example.org,ada@example.com',
    'mi.ke@example.org',
    'mike+1@example.org',
  ])('S013 S014 takes %j for nobody', async (identifier) => {
    const setup = setUp()
    await accountOf(setup, 'mike@example.org')
    expect(await loginOutcome(setup, identifier)).toBe('invalid_credentials')
    expect((await recordOf(setup, 'mike@example.org')).failedLogins).toBe(0)
  })

  it('S017 never takes an address for the name of another account, or the other way round', async () => {
    const setup = setUp(WITH_USERNAMES)
    await setup.auth.createUser({
      email: EMAIL,
      username: 'lovelace',
      password: 'the password of ada',
    })
    await setup.auth.createUser({
      email: 'lovelace@example.com',
      username: 'ada.example.com',
      password: PASSWORD,
    })
    const logins = await Promise.all(
      [EMAIL, 'lovelace', 'lovelace@example.com', 'ada.example.com'].map((name) =>
        loginOutcome(setup, name),
      ),
    )
    expect(logins).toEqual(['invalid_credentials', 'invalid_credentials', 'ok', 'ok'])
  })

  it('S025 takes one text for each, whatever else JSON can hold, and tries nothing otherwise', async () => {
    const setup = setUp()
    await accountOf(setup)
    const good = { identifier: EMAIL, password: PASSWORD }
    const noText = fc.jsonValue().filter((value) => typeof value !== 'string')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('identifier', 'password'), noText, async (name, value) => {
        // What JSON brings is not what the types promise.
        const input = { ...good, [name]: value } as unknown as LoginInput
        expect(await outcome(setup.auth.login(input))).toBe('invalid_input')
      }),
    )
    const bulk = { ...good, password: ['a guess', PASSWORD] } as unknown as LoginInput
    expect(await outcome(setup.auth.login(bulk))).toBe('invalid_input')
    expect((await recordOf(setup, EMAIL)).failedLogins).toBe(0)
  })

  it.each([
    { identifier: EMAIL, password: PASSWORD, email: EMAIL },
    { email: EMAIL, password: PASSWORD },
    { 'identifier[$ne]': 'x', password: PASSWORD },
    { identifier: { $gt: '' }, password: { $gt: '' } },
    { identifier: EMAIL, password: PASSWORD, sessionId: 'planted' },
    { identifier: EMAIL, password: PASSWORD, device: 'phone' },
    { identifier: EMAIL, password: PASSWORD, device: { name: '' } },
    { identifier: EMAIL, password: PASSWORD, device: { name: 'phone', ip: '192.0.2.1' } },
    { identifier: EMAIL },
    {},
  ])('S011 S025 refuses %j', async (body) => {
    const setup = setUp()
    await accountOf(setup)
    const answer = await (await serveSetup(setup)).post('/auth/login', body)
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_input'])
  })

  it('S035 begins a new session each time, and adopts nothing that the client brings', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    const client = await serveSetup(setup)
    const answer = await client.send('POST', '/auth/login', {
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${session.accessToken}`,
        cookie: `sid=${session.sessionId}; __Host-rt=${session.refreshToken}`,
      },
      body: JSON.stringify({ identifier: EMAIL, password: PASSWORD }),
    })
    expect(answer.status).toBe(200)
    expect(answer.body.sessionId).not.toBe(session.sessionId)
    expect(answer.body.refreshToken).not.toBe(session.refreshToken)
    expect(answer.body.accessToken).not.toBe(session.accessToken)
  })

  it('S035 leaves a planted token as worthless as it was', async () => {
    const setup = setUp()
    await accountOf(setup)
    const planted = 'lk1.AAAAAAAAAAAA.0190a5f2-0000-7000-8000-000000000000.1.'.padEnd(100, 'A')
    const cookie = {
      headers: { cookie: `__Host-rt=${planted}`, 'content-type': 'application/json' },
    }
    const body = JSON.stringify({ identifier: EMAIL, password: PASSWORD })
    const client = await serveSetup(setup)
    expect((await client.send('POST', '/auth/login', { ...cookie, body })).status).toBe(200)
    expect(await outcome(setup.auth.refresh({ refreshToken: planted }))).toBe('invalid_token')
  })

  it('forgets failures once the password is right, and counts them before that', async () => {
    const setup = setUp()
    await accountOf(setup)
    await Promise.all(
      Array.from({ length: 20 }, () => loginOutcome(setup, EMAIL, 'a wrong password')),
    )
    expect((await recordOf(setup, EMAIL)).failedLogins).toBe(20)
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
    expect((await recordOf(setup, EMAIL)).failedLogins).toBe(0)
  })
})

describe('a disabled account', () => {
  it('S034 finds every way to a session closed', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    const client = await serveSetup(setup)
    await setup.auth.forgotPassword({ identifier: EMAIL })
    const token = tokenIn((await setup.outbox.next('reset_password', EMAIL)).link)
    await change(setup, EMAIL, { status: 'disabled' })

    const basic = Buffer.from(`${EMAIL}:${PASSWORD}`).toString('base64')
    const ways = [
      client.post('/auth/login', { identifier: EMAIL, password: PASSWORD }),
      client.send('POST', '/auth/login', { headers: { authorization: `Basic ${basic}` } }),
      client.post('/auth/refresh', { refreshToken: session.refreshToken }),
      client.get('/protected', session.accessToken),
      client.post(
        '/auth/password/change',
        { currentPassword: PASSWORD, newPassword: 'another password' },
        session.accessToken,
      ),
    ]
    expect((await Promise.all(ways)).map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
    const reset = { token, newPassword: 'another password' }
    expect((await client.post('/auth/password/reset', reset)).status).toBe(400)
    expect(await loginOutcome(setup, EMAIL, 'another password')).toBe('invalid_credentials')
    expect((await recordOf(setup, EMAIL)).status).toBe('disabled')
  })
})

import { describe, expect, it } from 'vitest'
import { register } from '../support/onboarding.ts'
import { requestHead, sendRaw } from '../support/raw-http.ts'
import { accountOf, PASSWORD, serveSetup, setUp } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const CHALLENGE = 'Basic realm="login", charset="UTF-8"'

function basic(...parts: readonly (string | Uint8Array)[]): string {
  return `Basic ${Buffer.concat(parts.map((part) => Buffer.from(part))).toString('base64')}`
}

/** An account, and a login with the header. */
async function served(password = PASSWORD) {
  const setup = setUp()
  const { token } = await register(setup, EMAIL, password)
  await setup.auth.activate({ token })
  const client = await serveSetup(setup)
  const login = (authorization: string, more: Record<string, string> = {}) =>
    client.send('POST', '/auth/login', { headers: { authorization, ...more } })
  return { ...setup, client, login }
}

describe('a login by HTTP Basic', () => {
  it('S033 answers as one with a body does', async () => {
    const { login, client } = await served()
    const answer = await login(basic(`${EMAIL}:${PASSWORD}`))
    const other = await client.post('/auth/login', { identifier: EMAIL, password: PASSWORD })
    expect(answer.status).toBe(200)
    expect(Object.keys(answer.body)).toEqual(Object.keys(other.body))
    expect((await client.get('/protected', answer.body.accessToken)).status).toBe(200)
  })

  it.each(['basic', 'BASIC', 'bAsIc'])('S033 takes the scheme as %s', async (scheme) => {
    const { login } = await served()
    const header = basic(`${EMAIL}:${PASSWORD}`).replace('Basic', scheme)
    expect((await login(header)).status).toBe(200)
  })

  it.each([':::', 'with:colons:', 'p\u00e4ssw\u00f6rd 密码', ' spaces '])(
    'S033 divides at the first colon and reads UTF-8: %j',
    async (part) => {
      const password = `${part} and more`
      const { login } = await served(password)
      expect((await login(basic(`${EMAIL}:${password}`))).status).toBe(200)
    },
  )

  it('S004 S033 composes letters as other doors do', async () => {
    const { login } = await served('caf\u00e9 au lait')
    expect((await login(basic(`${EMAIL}:cafe\u0301 au lait`))).status).toBe(200)
  })

  it.each([
    ['a wrong password', basic(`${EMAIL}:a wrong password`)],
    ['an unknown address', basic(`nobody@example.com:${PASSWORD}`)],
    ['what is no identifier', basic(`\u24DCike:${PASSWORD}`)],
    ['no colon', basic(EMAIL)],
    ['no name', basic(`:${PASSWORD}`)],
    ['nothing', 'Basic '],
    ['nothing at all', 'Basic'],
    ['no base64', 'Basic ???'],
    [
      'base64url',
      `Basic ${Buffer.from(`${EMAIL}:~~~???`).toString('base64').replaceAll('/', '_')}_`,
    ],
    ['invalid UTF-8', basic(`${EMAIL}:`, Uint8Array.of(0xff, 0xfe))],
    ['a NUL', basic(`${EMAIL}:${PASSWORD}\0`)],
    ['a NUL in the name', basic(`${EMAIL}\0:${PASSWORD}`)],
    ['a line break', basic(`${EMAIL}:${PASSWORD}\n`)],
  ])('S033 with %s is refused with a challenge', async (_what, header) => {
    const setup = await served()
    const answer = await setup.login(header)
    expect([answer.status, answer.body.code]).toEqual([401, 'invalid_credentials'])
    expect(answer.headers.get('www-authenticate')).toBe(CHALLENGE)
    await setup.auth.close()
    expect(setup.events.map(({ type }) => type)).not.toContain('session.started')
    expect(setup.errors).toEqual([])
  })

  it('S023 S033 refuses an unknown address and a wrong password with one answer', async () => {
    const { login } = await served()
    const seen = async (header: string) => {
      const { status, text, headers } = await login(header)
      const { date: _date, ...others } = Object.fromEntries(headers)
      return { status, text, others }
    }
    const wrong = await seen(basic(`${EMAIL}:a wrong password`))
    expect(await seen(basic('nobody@example.com:a wrong password'))).toEqual(wrong)
    expect(await seen(basic(EMAIL))).toEqual(wrong)
  })

  it('S002 S033 with an empty or endless password is refused and never hashed', async () => {
    const { login } = await served()
    for (const password of ['', 'x'.repeat(4000)]) {
      const answer = await login(basic(`${EMAIL}:${password}`))
      expect([401, 422]).toContain(answer.status)
    }
  })

  it('S018 S033 tells whoever knows the password that the account is not activated', async () => {
    const setup = setUp()
    await register(setup, EMAIL)
    const client = await serveSetup(setup)
    const headers = { authorization: basic(`${EMAIL}:${PASSWORD}`) }
    const answer = await client.send('POST', '/auth/login', { headers })
    expect([answer.status, answer.body.code]).toEqual([403, 'account_not_activated'])
  })

  it('S033 S050 refuses two headers, whichever is right', async () => {
    const { client } = await served()
    const right = `Authorization: ${basic(`${EMAIL}:${PASSWORD}`)}`
    const wrong = `Authorization: ${basic(`${EMAIL}:a wrong password`)}`
    for (const pair of [
      [right, wrong],
      [wrong, right],
      [right, right],
    ]) {
      const answer = await sendRaw(client.url, requestHead('POST /auth/login', ...pair))
      expect(answer.status).toBe(400)
    }
  })

  it('S033 is a way to log in and nothing else', async () => {
    const setup = setUp()
    await accountOf(setup)
    const client = await serveSetup(setup)
    const headers = { authorization: basic(`${EMAIL}:${PASSWORD}`) }
    for (const path of ['/protected', '/open', '/auth/me', '/auth/sessions']) {
      expect((await client.send('GET', path, { headers })).status).toBe(401)
    }
  })
})

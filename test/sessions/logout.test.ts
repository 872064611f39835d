import { describe, expect, it } from 'vitest'
import { loginAgain } from '../support/changes.ts'
import { accountOf, type Setup, serveSetup, setUp } from '../support/setup.ts'
import { forgedRefreshToken, renew } from '../support/tokens.ts'

async function loggedIn(setup: Setup = setUp()) {
  const { session } = await accountOf(setup)
  const client = await serveSetup(setup)
  /** What the tokens of the session are still worth. */
  const isDead = async () => {
    const answers = [
      await client.get('/protected', session.accessToken),
      await client.post('/auth/refresh', undefined, session.refreshToken),
    ]
    return answers.every(({ status }) => status === 401)
  }
  return { setup, session, client, isDead }
}

describe('S065 a logout', () => {
  it('with an access token ends session, access and refresh token', async () => {
    const { session, client, isDead } = await loggedIn()
    const answer = await client.post('/auth/logout', undefined, session.accessToken)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(await isDead()).toBe(true)
  })

  it.each(['body', 'bearer'])('with a refresh token as %s does the same', async (way) => {
    const { session, client, isDead } = await loggedIn()
    const { refreshToken } = session
    const answer =
      way === 'body'
        ? await client.post('/auth/logout', { refreshToken })
        : await client.post('/auth/logout', undefined, refreshToken)
    expect(answer.status).toBe(204)
    expect(await isDead()).toBe(true)
  })

  it('with an access token that has expired does the same', async () => {
    const { setup, session, client, isDead } = await loggedIn()
    setup.clock.advance(6 * 86_400)
    expect((await client.get('/protected', session.accessToken)).status).toBe(401)
    const answer = await client.post('/auth/logout', undefined, session.accessToken)
    expect(answer.status).toBe(204)
    expect(await isDead()).toBe(true)
  })

  it('with a spent refresh token does the same', async () => {
    const { setup, session, client, isDead } = await loggedIn()
    const next = await renew(setup.auth, session)
    setup.clock.advance(60)
    const answer = await client.post('/auth/logout', undefined, session.refreshToken)
    expect(answer.status).toBe(204)
    expect(await isDead()).toBe(true)
    await expect(renew(setup.auth, next)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('may be repeated, with either token, and is told once', async () => {
    const { setup, session, client } = await loggedIn()
    for (const token of [session.accessToken, session.accessToken, session.refreshToken]) {
      expect((await client.post('/auth/logout', undefined, token)).status).toBe(204)
    }
    await setup.auth.close()
    const ended = setup.events.filter(({ type }) => type === 'session.ended')
    expect(ended).toMatchObject([{ reason: 'logout', sessionId: session.sessionId }])
  })

  it('leaves the other sessions of the user alone', async () => {
    const { setup, session, client } = await loggedIn()
    const other = await loginAgain(setup)
    await client.post('/auth/logout', undefined, session.accessToken)
    expect((await client.get('/protected', other.accessToken)).status).toBe(200)
  })

  it('is never done by a GET', async () => {
    const { session, client } = await loggedIn()
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const headers = { authorization: `Bearer ${session.accessToken}` }
      expect((await client.send(method, '/auth/logout', { headers })).status).toBe(405)
    }
    expect((await client.get('/protected', session.accessToken)).status).toBe(200)
  })

  it('with what was never a token of ours is refused and ends nothing', async () => {
    const { session, client } = await loggedIn()
    const forged = [
      forgedRefreshToken(session.refreshToken),
      forgedRefreshToken(session.refreshToken, 2),
      `${session.accessToken.slice(0, -1)}${session.accessToken.endsWith('A') ? 'E' : 'A'}`,
      session.sessionId,
      'nonsense',
    ]
    for (const token of forged) {
      const answer = await client.post('/auth/logout', undefined, token)
      expect([answer.status, answer.body.code]).toEqual([401, 'invalid_token'])
    }
    expect((await client.post('/auth/logout')).body.code).toBe('unauthenticated')
    expect((await client.get('/protected', session.accessToken)).status).toBe(200)
  })
})

describe('S066 a revocation by RFC 7009', () => {
  const form = (members: Readonly<Record<string, string>>) => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(members).toString(),
  })
  const json = (members: Readonly<Record<string, string>>) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(members),
  })
  const hints = [undefined, 'access_token', 'refresh_token', 'something_else']
  const cases = hints.flatMap((hint) =>
    (['accessToken', 'refreshToken'] as const).flatMap((kind) =>
      [form, json].map((encode) => ({ kind, hint, as: encode === form ? 'form' : 'JSON', encode })),
    ),
  )

  it.each(cases)(
    'ends the session of the $kind, hint $hint, as $as',
    async ({ kind, hint, encode }) => {
      const { session, client, isDead } = await loggedIn()
      const members = { token: session[kind], ...(hint !== undefined && { token_type_hint: hint }) }
      const answer = await client.send('POST', '/auth/revoke', encode(members))
      expect(answer.status).toBe(200)
      expect(await isDead()).toBe(true)
    },
  )

  it('answers alike what lives, what is dead, expired, forged or garbage, and ends nothing by it', async () => {
    const { setup, session, client } = await loggedIn()
    const other = await loginAgain(setup)
    const tokens = [
      session.accessToken,
      session.accessToken,
      session.refreshToken,
      forgedRefreshToken(other.refreshToken),
      other.sessionId,
      'garbage',
      ' ',
      '../../dev/null',
      'x'.repeat(4096),
    ]
    const answers = await Promise.all(
      tokens.map((token) => client.send('POST', '/auth/revoke', form({ token }))),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set(['200 {}']),
    )
    expect((await client.get('/protected', other.accessToken)).status).toBe(200)
  })

  it('ends the session of an access token that has expired', async () => {
    const { setup, session, client, isDead } = await loggedIn()
    setup.clock.advance(86_400)
    const answer = await client.send('POST', '/auth/revoke', form({ token: session.accessToken }))
    expect(answer.status).toBe(200)
    expect(await isDead()).toBe(true)
  })

  it('needs a token, and one of it', async () => {
    const { session, client } = await loggedIn()
    expect((await client.send('POST', '/auth/revoke', form({}))).status).toBe(422)
    const twice = `token=a&token=${session.accessToken}`
    const answer = await client.send('POST', '/auth/revoke', { ...form({}), body: twice })
    expect(answer.status).toBe(400)
    expect((await client.get('/protected', session.accessToken)).status).toBe(200)
  })
})

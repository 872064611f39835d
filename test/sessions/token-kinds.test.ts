import { describe, expect, it } from 'vitest'
import type { Answer, HttpClient } from '../support/http-client.ts'
import { accountOf, PASSWORD, type Setup, serveSetup, setUp, tokenIn } from '../support/setup.ts'

const newPassword = 'another horse battery'

/** Every place that takes a token, and how it is handed over there. */
const places: Readonly<Record<string, (client: HttpClient, token: string) => Promise<Answer>>> = {
  'a guarded route': (client, token) => client.get('/protected', token),
  'an own route': (client, token) => client.get('/auth/me', token),
  'refresh, in the body': (client, refreshToken) => client.post('/auth/refresh', { refreshToken }),
  'refresh, as bearer': (client, token) => client.post('/auth/refresh', undefined, token),
  activation: (client, token) => client.post('/auth/activate', { token }),
  reset: (client, token) => client.post('/auth/password/reset', { token, newPassword }),
}

/** Every kind of token, and the places that take it. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  'access token': ['a guarded route', 'an own route'],
  'refresh token': ['refresh, in the body', 'refresh, as bearer'],
  'activation token': ['activation'],
  'reset token': ['reset'],
  'activation code': [],
  'reset code': [],
  'session id': [],
  'user id': [],
}

/** One token of each kind: of ada, who is logged in and has asked for a reset, and of bob, who is not activated. */
async function tokensOf(setup: Setup): Promise<Readonly<Record<string, string>>> {
  const { email, session } = await accountOf(setup)
  await setup.auth.forgotPassword({ identifier: email })
  const reset = await setup.outbox.next('reset_password', email)
  await setup.auth.register({ email: 'bob@example.com', password: PASSWORD })
  const activation = await setup.outbox.next('activate', 'bob@example.com')
  return {
    'access token': session.accessToken,
    'refresh token': session.refreshToken,
    'activation token': tokenIn(activation.link),
    'reset token': tokenIn(reset.link),
    'activation code': activation.code ?? '',
    'reset code': reset.code ?? '',
    'session id': session.sessionId,
    'user id': session.user.id,
  }
}

describe.each(Object.entries(kinds))('S045 a %s', (kind, taken) => {
  const elsewhere = Object.entries(places).filter(([place]) => !taken.includes(place))
  it.each(elsewhere)('is refused by %s, and is worth as much as before', async (_place, hand) => {
    const setup = setUp()
    const client = await serveSetup(setup)
    const token = (await tokensOf(setup))[kind] ?? ''
    expect(token).not.toBe('')
    const refused = await hand(client, token)
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.status).toBeLessThan(500)
    for (const place of taken.slice(0, 1)) {
      expect((await places[place]?.(client, token))?.status).toBeLessThan(300)
    }
  })

  it.each(taken)('is taken by %s', async (place) => {
    const setup = setUp()
    const client = await serveSetup(setup)
    const answer = await places[place]?.(client, (await tokensOf(setup))[kind] ?? '')
    expect(answer?.status).toBeLessThan(300)
  })
})

describe('S045 S051 a token of another kind', () => {
  it('is answered by a guarded route like any token that is not valid', async () => {
    const setup = setUp()
    const client = await serveSetup(setup)
    const tokens = await tokensOf(setup)
    const wrong = Object.keys(kinds).filter((kind) => kind !== 'access token')
    for (const kind of wrong) {
      const answer = await client.get('/protected', tokens[kind])
      expect([kind, answer.status, answer.body.code]).toEqual([kind, 401, 'invalid_token'])
    }
  })

  it('is answered by a refresh like any token that is not valid', async () => {
    const setup = setUp()
    const client = await serveSetup(setup)
    const tokens = await tokensOf(setup)
    const wrong = Object.keys(kinds).filter((kind) => kind !== 'refresh token')
    for (const kind of wrong) {
      const answer = await client.post('/auth/refresh', undefined, tokens[kind])
      expect([kind, answer.status, answer.body.code]).toEqual([kind, 401, 'invalid_token'])
    }
  })
})

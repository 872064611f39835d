import { describe, expect, it } from 'vitest'
import { changeUser, loginAgain } from '../support/changes.ts'
import { accountOf, type Setup, serveSetup, setUp } from '../support/setup.ts'

const MINUTE = 60

/** Ada with three sessions, a minute apart, and bob with one. */
async function crowd(setup: Setup = setUp()) {
  const { session: first } = await accountOf(setup)
  setup.clock.advance(MINUTE)
  const second = await loginAgain(setup, 'ada@example.com', 'a tablet')
  setup.clock.advance(MINUTE)
  const third = await loginAgain(setup, 'ada@example.com', 'a phone')
  const { session: bob } = await accountOf(setup, 'bob@example.com')
  return { setup, client: await serveSetup(setup), first, second, third, bob }
}

interface Listed {
  readonly id: string
  readonly current: boolean
}

describe('S063 the list of sessions', () => {
  it('has the own ones, newest first, and says which one asks', async () => {
    const { client, first, second, third } = await crowd()
    const { status, body } = await client.get('/auth/sessions', second.accessToken)
    expect(status).toBe(200)
    const listed: Listed[] = body.sessions
    expect(listed.map(({ id, current }) => [id, current])).toEqual([
      [third.sessionId, false],
      [second.sessionId, true],
      [first.sessionId, false],
    ])
  })

  it('says of each what its owner needs to know it again', async () => {
    const { setup, client, third } = await crowd()
    setup.clock.advance(MINUTE)
    const login = { identifier: 'ada@example.com', password: 'correct horse battery' }
    const opened = await client.send('POST', '/auth/login', {
      headers: { 'content-type': 'application/json', 'user-agent': 'a browser' },
      body: JSON.stringify({ ...login, device: { name: 'a laptop' } }),
    })
    const { body } = await client.get('/auth/sessions', third.accessToken)
    expect(body.sessions[0]).toEqual({
      id: opened.body.sessionId,
      current: false,
      deviceName: 'a laptop',
      userAgent: 'a browser',
      ip: '127.0.0.1',
      createdAt: '2030-01-01T00:03:00.000Z',
      lastSeenAt: '2030-01-01T00:03:00.000Z',
      expiresAt: '2030-01-08T00:03:00.000Z',
      impersonated: false,
    })
  })

  it('S089 holds no token and nothing that makes one', async () => {
    const { setup, client, first, second, third } = await crowd()
    const { text } = await client.get('/auth/sessions', third.accessToken)
    const found = await Promise.all(
      [first, second, third].map(({ sessionId }) => setup.store.sessions.find(sessionId)),
    )
    const secrets = [
      ...[first, second, third].flatMap(({ accessToken, refreshToken }) => [
        accessToken,
        refreshToken,
        refreshToken.split('.').at(-1),
      ]),
      ...found.flatMap((one) => [one?.session.salt, one?.user.passwordHash]),
      'salt',
      'hash',
      'token',
      'epoch',
      'generation',
    ]
    expect(secrets.filter((secret) => secret !== null && text.includes(secret ?? ''))).toEqual([])
  })

  it('tells when a session was last seen, to the minute', async () => {
    const { setup, client, first, third } = await crowd()
    setup.clock.advance(5 * MINUTE)
    await setup.auth.authenticate(first.accessToken)
    const { body } = await client.get('/auth/sessions', third.accessToken)
    const listed: { readonly id: string; readonly lastSeenAt: string }[] = body.sessions
    const seen = listed.find(({ id }) => id === first.sessionId)
    expect(seen?.lastSeenAt).toBe('2030-01-01T00:07:00.000Z')
  })

  it('leaves out what has ended, by hand or by a limit', async () => {
    const setup = setUp({ sessions: { idleLifetime: 30 * MINUTE } })
    const { client, first, second, third } = await crowd(setup)
    await setup.auth.logout(first.refreshToken)
    setup.clock.advance(29 * MINUTE)
    const tokens = await setup.auth.refresh({ refreshToken: third.refreshToken })
    const { body } = await client.get('/auth/sessions', tokens.accessToken)
    expect(body.sessions).toMatchObject([{ id: third.sessionId }])
    expect(second.sessionId).not.toBe(third.sessionId)
  })

  it('leaves out what died with the credentials', async () => {
    const { setup, client, first } = await crowd()
    // The state after a crash between the two writes of a password change.
    await changeUser(setup, first.user.id, ({ credentialEpoch }) => ({
      credentialEpoch: credentialEpoch + 1,
    }))
    const fresh = await loginAgain(setup)
    const { body } = await client.get('/auth/sessions', fresh.accessToken)
    expect(body.sessions).toMatchObject([{ id: fresh.sessionId, current: true }])
  })
})

describe('S064 ending one session', () => {
  it('ends it at once, and no other', async () => {
    const { setup, client, first, second, third } = await crowd()
    const path = `/auth/sessions/${first.sessionId}`
    const answer = await client.delete(path, third.accessToken)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect((await client.get('/protected', first.accessToken)).status).toBe(401)
    const { refreshToken } = first
    expect((await client.post('/auth/refresh', { refreshToken })).status).toBe(401)
    expect((await client.get('/protected', second.accessToken)).status).toBe(200)
    expect((await client.get('/protected', third.accessToken)).status).toBe(200)
    await setup.auth.close()
    expect(setup.events).toContainEqual(
      expect.objectContaining({
        type: 'session.ended',
        reason: 'ended_by_user',
        sessionId: first.sessionId,
      }),
    )
  })

  it('may be the own one', async () => {
    const { client, third } = await crowd()
    const path = `/auth/sessions/${third.sessionId}`
    expect((await client.delete(path, third.accessToken)).status).toBe(204)
    expect((await client.get('/protected', third.accessToken)).status).toBe(401)
  })

  it("answers somebody else's, one that has ended and one that never was alike: 404", async () => {
    const { setup, client, first, third, bob } = await crowd()
    await setup.auth.logout(first.accessToken)
    const ids = [bob.sessionId, first.sessionId, '0195f0a0-0000-7000-8000-000000000001', 'me', '0']
    const answers = await Promise.all(
      ids.map((id) => client.delete(`/auth/sessions/${id}`, third.accessToken)),
    )
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect((await client.get('/protected', bob.accessToken)).status).toBe(200)
  })

  it('S087 takes no other spelling of an id', async () => {
    const { client, third, bob } = await crowd()
    const spellings = [
      bob.sessionId.toUpperCase(),
      `${bob.sessionId}/`,
      `%20${bob.sessionId}`,
      '..%2fme',
    ]
    for (const id of spellings) {
      expect((await client.delete(`/auth/sessions/${id}`, third.accessToken)).status).toBe(404)
    }
    expect((await client.get('/protected', bob.accessToken)).status).toBe(200)
  })
})

describe('S064 ending all others', () => {
  it('leaves the one that asks, and other users, at once', async () => {
    const { client, first, second, third, bob } = await crowd()
    expect((await client.delete('/auth/sessions', second.accessToken)).status).toBe(204)
    const statuses = await Promise.all(
      [first, second, third, bob].map(({ accessToken }) => client.get('/protected', accessToken)),
    )
    expect(statuses.map(({ status }) => status)).toEqual([401, 200, 401, 200])
  })

  it('S093 needs a login of the last 15 minutes, which a refresh does not renew', async () => {
    const { setup, client, first, third } = await crowd()
    setup.clock.advance(15 * MINUTE)
    const { accessToken } = await setup.auth.refresh({ refreshToken: third.refreshToken })
    expect((await client.delete('/auth/sessions', accessToken)).status).toBe(204)
    setup.clock.advance(1)
    const later = await client.delete('/auth/sessions', accessToken)
    expect([later.status, later.body.code]).toEqual([403, 'reauth_required'])
    const fresh = await loginAgain(setup)
    expect((await client.delete('/auth/sessions', fresh.accessToken)).status).toBe(204)
    expect((await client.get('/protected', first.accessToken)).status).toBe(401)
  })

  it('needs a session', async () => {
    const { client, first, third } = await crowd()
    expect((await client.delete('/auth/sessions')).status).toBe(401)
    expect((await client.delete('/auth/sessions', third.refreshToken)).status).toBe(401)
    expect((await client.get('/protected', first.accessToken)).status).toBe(200)
  })
})

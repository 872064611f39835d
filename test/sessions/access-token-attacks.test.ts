import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loginAgain } from '../support/changes.ts'
import type { Answer } from '../support/http-client.ts'
import { accountOf, type Setup, serveSetup, setUp } from '../support/setup.ts'
import { accessSecret, partsOf, signed } from '../support/tokens.ts'

/** Everything of an answer that tells one from another. */
function fingerprint({ status, headers, text }: Answer): string {
  return JSON.stringify([status, [...headers].filter(([name]) => name !== 'date'), text])
}

/** Tokens of an attacker, each wrong in another way. */
function attacks(genuine: string): Readonly<Record<string, string>> {
  const { header, claims } = partsOf(genuine)
  const [first = '', payload = '', signature = ''] = genuine.split('.')
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
  const at = Number(claims.iat)
  return {
    'another byte': genuine.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    'alg none': `${none}.${payload}.`,
    'alg none, signed': `${none}.${payload}.${signature}`,
    'alg HS512': signed({ ...header, alg: 'HS512' }, claims),
    'no kid': signed({ alg: 'HS256', typ: 'at+jwt' }, claims),
    'another kid': signed({ ...header, kid: '__proto__' }, claims),
    'an empty key': signed(header, claims, ''),
    'the key of another secret': signed(
      header,
      claims,
      accessSecret('another secret of 32 bytes or more'),
    ),
    'typ JWT': signed({ ...header, typ: 'JWT' }, claims),
    'a jwk': signed({ ...header, jwk: { kty: 'oct', k: '' } }, claims),
    crit: signed({ ...header, crit: ['exp'] }, claims),
    b64: signed({ ...header, b64: false }, claims),
    'no exp': signed(header, { ...claims, exp: undefined }),
    expired: signed(header, { ...claims, iat: at - 600, exp: at }),
    'from the future': signed(header, { ...claims, iat: at + 60, exp: at + 660 }),
    'a day of life': signed(header, { ...claims, exp: at + 86_400 }),
    'another issuer': signed(header, { ...claims, iss: `${String(claims.iss)}/` }),
    'an array of audiences': signed(header, { ...claims, aud: [claims.aud] }),
    'another user': signed(header, { ...claims, sub: '0195f0a0-0000-7000-8000-000000000001' }),
    'a session that is not there': signed(header, { ...claims, sid: 'nowhere' }),
    'a generation to come': signed(header, { ...claims, gen: 2 }),
    'an epoch to come': signed(header, { ...claims, epoch: Number(claims.epoch) + 1 }),
    'a doubled sub': signed(header, JSON.stringify(claims).replace('{', '{"sub":"x",')),
    'deep nesting': signed(header, '['.repeat(2000)),
    padding: `${genuine}=`,
    'two segments': `${first}.${payload}`,
    'no token': 'nonsense',
    'six thousand characters': 'x'.repeat(6000),
  }
}

async function served(setup: Setup = setUp()) {
  const { session } = await accountOf(setup)
  return { setup, session, client: await serveSetup(setup) }
}

describe('S037 to S051 every access token that is not ours', () => {
  it('gets one and the same answer, header by header and byte by byte', async () => {
    const { session, client } = await served()
    expect((await client.get('/protected', session.accessToken)).status).toBe(200)
    const answers = new Map<string, string[]>()
    for (const [name, token] of Object.entries(attacks(session.accessToken))) {
      const answer = fingerprint(await client.get('/protected', token))
      answers.set(answer, [...(answers.get(answer) ?? []), name])
    }
    expect([...answers.values()]).toEqual([Object.keys(attacks(session.accessToken))])
    const refused = await client.get('/protected', 'nonsense')
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect(refused.body).toEqual({
      type: 'urn:latchkey:problem:invalid_token',
      title: 'The token is not valid',
      status: 401,
      code: 'invalid_token',
    })
  })

  it('gets the same from our own routes and from a guard that lets the anonymous pass', async () => {
    const { session, client } = await served()
    const refused = fingerprint(await client.get('/protected', 'nonsense'))
    for (const token of Object.values(attacks(session.accessToken))) {
      expect(fingerprint(await client.get('/open', token))).toBe(refused)
      expect(fingerprint(await client.get('/auth/me', token))).toBe(refused)
    }
  })

  it('does nothing to the session that it names, and is no failure of ours', async () => {
    const { setup, session, client } = await served()
    for (const token of Object.values(attacks(session.accessToken))) {
      await client.post('/auth/refresh', undefined, token)
      await client.get('/protected', token)
    }
    expect((await client.get('/protected', session.accessToken)).status).toBe(200)
    await setup.auth.close()
    expect(setup.errors).toEqual([])
    expect(setup.events.map(({ type }) => type)).not.toContain('session.ended')
  })

  it('S048 may be five million characters long', async () => {
    const { setup, session } = await served()
    const token = `${session.accessToken}${'A'.repeat(5_000_000)}`
    const guard = setup.auth.guard()
    const admission = await guard({
      method: 'GET',
      path: '/protected',
      header: (name) => (name === 'authorization' ? `Bearer ${token}` : null),
      ip: null,
    })
    expect(admission).toMatchObject({ admitted: false, reply: { status: 401 } })
    await expect(setup.auth.authenticate(token)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('S040 S105 fetches no key from where it says', async () => {
    let hits = 0
    const listener = createServer((_request, response) => {
      hits += 1
      response.end('{"keys":[]}')
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void listener.close())
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/jwks.json`
    const { session, client } = await served()
    const { header, claims } = partsOf(session.accessToken)
    for (const member of ['jku', 'x5u', 'iss', 'kid']) {
      const token = signed({ ...header, [member]: url }, { ...claims, iss: url })
      expect((await client.get('/protected', token)).status).toBe(401)
    }
    expect(hits).toBe(0)
  })
})

it('S043 S047 a session that ended takes every spelling of its tokens with it', async () => {
  const { setup, session, client } = await served()
  const again = await loginAgain(setup)
  const { header, claims } = partsOf(session.accessToken)
  const anotherJti = signed(header, { ...claims, jti: 'another' })
  expect((await client.get('/protected', anotherJti)).status).toBe(200)
  await setup.auth.logout(session.accessToken)
  for (const token of [session.accessToken, anotherJti, `${session.accessToken}=`]) {
    expect((await client.get('/protected', token)).status).toBe(401)
  }
  expect((await client.get('/protected', again.accessToken)).status).toBe(200)
})

it('S055 what the token says is all that a guarded route is told', async () => {
  const { session, client } = await served()
  const { body } = await client.get('/protected', session.accessToken)
  expect(body).toEqual({
    user: { id: session.user.id, roles: ['user'] },
    session: { id: session.sessionId, authTime: '2030-01-01T00:00:00.000Z', amr: ['pwd'] },
    actor: null,
  })
  const { claims } = partsOf(session.accessToken)
  const allowed = [
    'iss',
    'aud',
    'sub',
    'sid',
    'gen',
    'epoch',
    'cv',
    'roles',
    'auth_time',
    'amr',
    'iat',
    'exp',
    'jti',
  ]
  expect(Object.keys(claims)).toEqual(allowed)
})

it.each([undefined, null, 0, true, {}, ['a', 'b']])(
  'S048 is no failure of ours either where it is no text: %s',
  async (value) => {
    const { auth } = setUp()
    // What JavaScript hands over is not what the types promise.
    const token = value as unknown as string
    await expect(auth.authenticate(token)).rejects.toMatchObject({ code: 'invalid_token' })
    await expect(auth.logout(token)).rejects.toMatchObject({ code: 'invalid_token' })
  },
)

it('S052 there is no key to fetch where tokens are signed with a secret', async () => {
  const { client } = await served()
  for (const path of ['/auth/.well-known/jwks.json', '/.well-known/jwks.json', '/auth/jwks']) {
    const answer = await client.get(path)
    expect(answer.status).toBe(404)
    expect(answer.text).not.toContain('"k"')
  }
})

it.each([
  ['\u{5f79}'],
  ['a role'],
  ['a\u0000b'],
  [''],
  ['x'.repeat(65)],
  Array.from({ length: 17 }, (_, index) => `role-${index}`),
])(
  'S048 S097 refuses roles that would not fit, or no database could keep: %j',
  async (...roles) => {
    const { auth } = setUp()
    const created = auth.createUser({
      email: 'ada@example.com',
      password: 'a long password',
      roles,
    })
    await expect(created).rejects.toMatchObject({ code: 'invalid_input' })
  },
)

it('S048 whatever roles an account may be given, its tokens work', async () => {
  const roles = Array.from({ length: 16 }, (_, index) => `${index}`.padEnd(64, 'x'))
  const setup = setUp({ roles })
  await setup.auth.createUser({
    email: 'ada@example.com',
    password: 'correct horse battery',
    roles,
  })
  const { accessToken } = await loginAgain(setup)
  expect(await setup.auth.authenticate(accessToken)).toMatchObject({ user: { roles } })
})

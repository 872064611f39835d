import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateSigningKey, type PrivateJwk } from '@latchkey/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Answer } from '../support/http-client.ts'
import { accountOf, SECRET, serveSetup, setUp } from '../support/setup.ts'
import { accessSecret, partsOf, signed } from '../support/tokens.ts'

/** Everything of an answer that tells one from another. */
function fingerprint({ status, headers, text }: Answer): string {
  return JSON.stringify([status, [...headers].filter(([name]) => name !== 'date'), text])
}

/** Signs whatever it is given with this key, as a compact JWS. */
function signedBy(key: PrivateJwk, header: object, claims: object): string {
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const options = {
    key: createPrivateKey({ key: { ...key }, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363',
  } as const
  const hash = key.alg === 'EdDSA' ? null : 'sha256'
  return `${input}.${sign(hash, Buffer.from(input), options).toString('base64url')}`
}

const withoutPrivatePart = ({ d, ...rest }: PrivateJwk) => rest

async function served(key: PrivateJwk) {
  const setup = setUp({ signing: { keys: [key] } })
  const { session } = await accountOf(setup)
  return { setup, session, client: await serveSetup(setup), ...partsOf(session.accessToken) }
}

describe.each([generateSigningKey('EdDSA'), generateSigningKey('ES256')])('under $alg', (key) => {
  const own = withoutPrivatePart(key)
  const stranger = generateSigningKey(key.alg)
  const pem = createPublicKey({ key: { ...own }, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  })

  it('S037 to S051 every token that is not ours gets one and the same answer', async () => {
    const { client, session, header, claims } = await served(key)
    const [, payload] = session.accessToken.split('.')
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
    const attacks = {
      'alg none': `${none}.${payload}.`,
      'HS256 under the public key in PEM': signed({ ...header, alg: 'HS256' }, claims, String(pem)),
      'HS256 under the public key as it is served': signed(
        { ...header, alg: 'HS256' },
        claims,
        JSON.stringify(own),
      ),
      'HS256 under the secret': signed({ ...header, alg: 'HS256' }, claims, SECRET),
      'HS256 under the key derived from the secret': signed(
        { ...header, alg: 'HS256' },
        claims,
        accessSecret(),
      ),
      'the own header under the secret': signed(header, claims, accessSecret()),
      'the key of a stranger': signedBy(stranger, header, claims),
      'the key of a stranger, embedded': signedBy(
        stranger,
        { ...header, jwk: withoutPrivatePart(stranger) },
        claims,
      ),
      'the kid of a stranger': signedBy(stranger, { ...header, kid: stranger.kid }, claims),
      'the right key, another kid': signedBy(key, { ...header, kid: stranger.kid }, claims),
      'the right key, no kid': signedBy(key, { ...header, kid: undefined }, claims),
      'the right key, alg Ed25519': signedBy(key, { ...header, alg: 'Ed25519' }, claims),
      'the right key, typ JWT': signedBy(key, { ...header, typ: 'JWT' }, claims),
      'the right key, no exp': signedBy(key, header, { ...claims, exp: undefined }),
      'another byte': session.accessToken.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
      'no token': 'nonsense',
    }
    const answers = new Map<string, string[]>()
    for (const [name, token] of Object.entries(attacks)) {
      for (const path of ['/protected', '/open']) {
        const answer = fingerprint(await client.get(path, token))
        answers.set(answer, [...(answers.get(answer) ?? []), name])
      }
    }
    expect([...answers.values()].map((names) => names.length)).toEqual([
      2 * Object.keys(attacks).length,
    ])
    expect((await client.get('/protected', 'nonsense')).status).toBe(401)
    expect((await client.get('/protected', session.accessToken)).status).toBe(200)
  })

  it('S040 S041 S105 fetches no key from where the token says', async () => {
    const { client, header, claims } = await served(key)
    let hits = 0
    const listener = createServer((_request, response) => {
      hits += 1
      response.end(JSON.stringify({ keys: [withoutPrivatePart(stranger)] }))
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void listener.close())
    const evil = `127.0.0.1:${(listener.address() as AddressInfo).port}`
    const urls = [
      `http://${evil}/jwks.json`,
      `${client.url}/auth/.well-known/jwks.json@${evil}`,
      `http://127.0.0.1@${evil}/auth/.well-known/jwks.json`,
      `http://${evil}#${client.url}/auth/.well-known/jwks.json`,
      `${client.url}/auth/login?next=http://${evil}`,
    ]
    for (const url of urls) {
      for (const member of ['jku', 'x5u', 'kid', 'iss']) {
        const token = signedBy(stranger, { ...header, [member]: url }, { ...claims, iss: url })
        expect((await client.get('/protected', token)).status).toBe(401)
      }
    }
    expect(hits).toBe(0)
    expect((await fetch(urls[0] ?? '')).status).toBe(200)
    expect(hits).toBe(1)
  })

  it.each([
    '../../dev/null',
    '/dev/null',
    "' OR 1=1 --",
    '|sleep 10',
    '__proto__',
    'constructor',
    'toString',
    '0',
    'k'.repeat(2000),
  ])('S041 finds no key by the kid %j, neither its own nor an empty one', async (kid) => {
    const { client, header, claims } = await served(key)
    const tokens = [
      signedBy(key, { ...header, kid }, claims),
      ...['', '\0', kid].map((text) => signed({ ...header, alg: 'HS256', kid }, claims, text)),
    ]
    for (const token of tokens) expect((await client.get('/protected', token)).status).toBe(401)
  })

  it('S045 takes an access token nowhere else, and nothing else for one', async () => {
    const { client, session } = await served(key)
    const refresh = await client.post('/auth/refresh', { refreshToken: session.accessToken })
    expect(refresh.status).toBe(401)
    expect((await client.get('/protected', session.refreshToken)).status).toBe(401)
    const activation = await client.post('/auth/activate', { token: session.accessToken })
    expect(activation.status).toBeGreaterThanOrEqual(400)
  })

  it('S047 knows when the session has ended', async () => {
    const { setup, client, session } = await served(key)
    await setup.auth.logout(session.accessToken)
    expect((await client.get('/protected', session.accessToken)).status).toBe(401)
  })
})

import { generateSigningKey } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { hostsInTurn } from '../support/hosts.ts'
import { documentOf } from '../support/openapi-traffic.ts'
import { expectProblem } from '../support/problems.ts'
import { setUp } from '../support/setup.ts'

const PATH = '/.well-known/jwks.json'
const keys = [generateSigningKey('EdDSA'), generateSigningKey('ES256')]
const shared = keys.map(({ d, ...rest }) => rest)

describe('GET /.well-known/jwks.json', () => {
  for (const host of hostsInTurn) {
    it(`S052 is answered with public parts and nothing else, by ${host.name}`, async () => {
      const { auth } = await host.setUp({ signing: { keys } })
      const client = await host.serve(auth)
      const { status, body, text } = await client.get(host.base + PATH)
      expect(status).toBe(200)
      expect(body).toEqual({ keys: shared })
      expect(body).toEqual(auth.jwks())
      for (const { d } of keys) expect(text).not.toContain(d)
      const members = new Set(shared.flatMap((key) => Object.keys(key)))
      expect([...members].sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
    })

    it(`may be kept for five minutes by any cache, and read by any page, by ${host.name}`, async () => {
      const { auth } = await host.setUp({ signing: { keys } })
      const client = await host.serve(auth)
      const origin = { origin: 'https://elsewhere.example' }
      const { headers } = await client.send('GET', host.base + PATH, { headers: origin })
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'public, max-age=300',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      })
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      const head = await client.send('HEAD', host.base + PATH)
      expect([head.status, head.text]).toEqual([200, ''])
      const refused = await client.post(host.base + PATH, {})
      expectProblem(refused, 405, 'method_not_allowed')
      expect(refused.headers.get('access-control-allow-origin')).toBeNull()
    })

    it(`S052 is not there where the secret signs, by ${host.name}`, async () => {
      const { auth } = await host.setUp()
      const client = await host.serve(auth)
      const answer = await client.get(host.base + PATH)
      expect(answer.status).toBe(404)
      expect(answer.text).not.toContain('keys')
      expect(auth.jwks()).toEqual({ keys: [] })
      expect(Object.keys(documentOf(auth).paths)).not.toContain(PATH)
    })
  }

  it('stands in the OpenAPI document where keys sign', () => {
    const { auth } = setUp({ signing: { keys } })
    expect(documentOf(auth).paths[PATH]).toMatchObject({
      get: { operationId: 'readJwks', security: [] },
    })
  })

  it('hands out a set that whoever asks may change', () => {
    const { auth } = setUp({ signing: { keys } })
    const [first] = auth.jwks().keys
    Object.assign(first ?? {}, { x: 'another' })
    expect(auth.jwks()).toEqual({ keys: shared })
  })
})

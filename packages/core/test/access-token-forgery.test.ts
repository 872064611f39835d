import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { algorithms } from './support/algorithms.ts'
import { accessSecret, base64url, OTHER_SECRET, SECRET, signed } from './support/token-context.ts'

describe.each(algorithms)('under $alg, verifying', (algorithm) => {
  const { alg, members, genuine, claims, sign, verdictOn } = algorithm
  const { kid } = members
  const [, payload = '', signature = ''] = genuine.split('.')

  it('accepts the token that all others here are made from', async () => {
    expect(await verdictOn(genuine)).toBe('accepted')
    expect(await verdictOn(sign(JSON.stringify(members), claims))).toBe('accepted')
  })

  it('S037 S043 refuses a change of any character', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const accepted: string[] = []
    for (const [at, original] of [...genuine].entries()) {
      const place = alphabet.indexOf(original)
      const others = [
        alphabet[(place + 1) % 64],
        alphabet[(place + 33) % 64],
        original === '.' ? '' : '.',
      ]
      for (const character of others) {
        const token = genuine.slice(0, at) + character + genuine.slice(at + 1)
        if ((await verdictOn(token)) !== 'invalid_token') accepted.push(`${character} at ${at}`)
      }
    }
    expect(accepted).toEqual([])
  })

  it('S037 refuses a token that was cut, doubled or lengthened anywhere', async () => {
    const position = fc.nat(genuine.length - 1)
    const inserted = fc.string({ minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(position, inserted, async (at, text) => {
        expect(await verdictOn(genuine.slice(0, at))).toBe('invalid_token')
        expect(await verdictOn(genuine.slice(at + 1))).toBe('invalid_token')
        const longer = genuine.slice(0, at) + text + genuine.slice(at)
        expect(await verdictOn(longer)).toBe('invalid_token')
      }),
    )
  })

  it('S037 refuses a signature of any other bytes, whatever their number', async () => {
    const bytes = fc.uint8Array({ maxLength: 96 }).map(base64url)
    await fc.assert(
      fc.asyncProperty(bytes, async (other) => {
        const token = genuine.slice(0, -signature.length) + other
        expect(await verdictOn(token)).toBe('invalid_token')
      }),
    )
  })

  it('S048 refuses any text at all without another kind of failure', async () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.base64String(), fc.base64String(), fc.base64String()).map((all) => all.join('.')),
      fc.json().map((json) => sign(JSON.stringify(members), json)),
      fc.json().map((json) => sign(json, claims)),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        expect(await verdictOn(text)).toBe('invalid_token')
      }),
      { numRuns: 300 },
    )
  })

  describe('S038 refuses the algorithm', () => {
    const none = ['none', 'None', 'NONE', 'nOnE', 'nonE', '']
    const spellings = ['hs256', 'Hs256', 'eddsa', 'EDDSA', 'es256', 'Es256']
    const others = ['HS384', 'HS512', 'RS256', 'PS256', 'ES384', 'ES512', 'ES256K', 'Ed448']
    // The name that RFC 9864 has for it is another name: one key has one.
    const names = ['HS256', 'ES256', 'EdDSA', 'Ed25519', 'ESP256'].filter((name) => name !== alg)
    const shapes = [null, [], ['HS256'], ['EdDSA'], {}, 0, true, ' ES256', 'EdDSA\0']
    it.each([...none, ...spellings, ...others, ...names, ...shapes])('%j', async (other) => {
      const text = JSON.stringify({ ...members, alg: other })
      expect(await verdictOn(`${base64url(text)}.${payload}.`)).toBe('invalid_token')
      expect(await verdictOn(`${base64url(text)}.${payload}.${signature}`)).toBe('invalid_token')
      expect(await verdictOn(sign(text, claims))).toBe('invalid_token')
      expect(await verdictOn(signed(text, claims, accessSecret(), 'sha512'))).toBe('invalid_token')
    })

    it('when there is none', async () => {
      const { alg: _, ...rest } = members
      expect(await verdictOn(sign(JSON.stringify(rest), claims))).toBe('invalid_token')
    })
  })

  it('S039 refuses what the others sign, under the own header and under theirs', async () => {
    for (const other of algorithms.filter((one) => one !== algorithm)) {
      expect(await verdictOn(other.genuine)).toBe('invalid_token')
      expect(await verdictOn(other.sign(algorithm.header, claims))).toBe('invalid_token')
      const { alg: name } = other.members
      const relabelled = JSON.stringify({ ...members, alg: name })
      expect(await verdictOn(other.sign(relabelled, claims))).toBe('invalid_token')
    }
  })

  it.each([
    ['empty', ''],
    ['a zero byte', '\0'],
    ['the key id', kid],
    ['the secret itself', SECRET],
    ['the key of another secret', accessSecret(OTHER_SECRET)],
    ['the header', JSON.stringify(members)],
  ])('S039 S041 refuses HMAC under a key that is %s', async (_name, key) => {
    for (const name of [alg, 'HS256', 'HS384', 'HS512']) {
      const text = JSON.stringify({ ...members, alg: name })
      for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
        expect(await verdictOn(signed(text, claims, key, hash))).toBe('invalid_token')
      }
    }
  })
})

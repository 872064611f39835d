import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../src/errors.ts'
import { signAccessToken, verifyAccessToken } from '../src/tokens/access-token.ts'
import { generateSigningKey } from '../src/tokens/generate-signing-key.ts'
import { hasLowS, withLowS } from '../src/tokens/low-s.ts'
import { publicJwk, thumbprint } from '../src/tokens/public-jwk.ts'
import { importSigningKeys } from '../src/tokens/signing-keys.ts'
import { SECRET, session, tokenContext, user } from './support/token-context.ts'

type Given = string | object | undefined

const imported = (...keys: Given[]) => importSigningKeys('createAuth', 'signing.', { keys })

function refusalOf(...keys: Given[]): ConfigurationError {
  try {
    imported(...keys)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('the keys were taken')
}

const without = (jwk: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)))

const ed = generateSigningKey()
const otherEd = generateSigningKey('EdDSA')
const ec = generateSigningKey('ES256')
const otherEc = generateSigningKey('ES256')
const publicEd = without(ed, 'd')
const publicEc = without(ec, 'd')

// RFC 8037, appendix A.2; RFC 7515, appendix A.3.
const rfc8037 = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
} as const
const rfc7515 = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
} as const

describe('the id of a key', () => {
  it('S053 is its thumbprint (RFC 8037, appendix A.3)', () => {
    expect(thumbprint(rfc8037)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  it('S053 is the one that jose computes, of any key and whatever else stands in it', async () => {
    for (const key of [ed, ec, otherEd, otherEc, { ...rfc7515, kid: 'another', nonce: 1 }]) {
      expect(thumbprint(key)).toBe(await calculateJwkThumbprint({ ...key }))
    }
  })

  it('is not the kid that a JWK brings along', () => {
    const { current } = imported({ ...ed, kid: 'my key' })
    expect(current.header).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: ed.kid })
  })
})

it('verifies what RFC 7515, appendix A.3, signs under ES256', async () => {
  const jws = [
    'eyJhbGciOiJFUzI1NiJ9',
    'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
    'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  ].join('.')
  const key = await importJWK({ ...rfc7515 }, 'ES256')
  expect(hasLowS(jws)).toBe(false)
  await expect(compactVerify(withLowS(jws), key)).resolves.toBeDefined()
})

describe('the forms of a key', () => {
  const pemOf = (pair: { privateKey: KeyObject }) =>
    pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const edPair = generateKeyPairSync('ed25519')
  const ecPair = generateKeyPairSync('ec', { namedCurve: 'P-256' })

  it.each([
    ['a JWK', ed, ed.kid],
    ['a JWK with nothing but the key', without(ed, 'alg', 'use', 'kid'), ed.kid],
    ['JSON', JSON.stringify(ec), ec.kid],
    ['JSON with white space', ` ${JSON.stringify(ec, null, 2)}\n`, ec.kid],
    ['a JWK that says it is for signatures', { ...ed, key_ops: ['sign', 'verify'] }, ed.kid],
    ['a JWK that says it is for signing', { ...ec, key_ops: ['sign'], ext: true }, ec.kid],
  ])('are %s', async (_name, key, kid) => {
    const { current } = imported(key)
    expect(current.header.kid).toBe(kid)
    const { ctx } = tokenContext({}, [SECRET], imported(key))
    const { token } = await signAccessToken(ctx, session(), user())
    await expect(verifyAccessToken(ctx, token)).resolves.toBeDefined()
  })

  it.each([
    ['Ed25519', edPair, 'EdDSA'],
    ['P-256', ecPair, 'ES256'],
  ])('are PEM, of %s, also with its line breaks as two characters', (_name, pair, alg) => {
    const pem = pemOf(pair)
    const spki = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const { kid } = publicJwk(pair.publicKey.export({ format: 'jwk' }) as never)
    for (const form of [pem, pem.trim(), `\n${pem}`, pem.replaceAll('\n', '\\n')]) {
      expect(imported(form).current.header).toMatchObject({ alg, kid })
    }
    expect(imported(ed, spki).all[1]?.header).toMatchObject({ alg, kid })
  })
})

describe('S053 a list of keys', () => {
  it('signs with the first and verifies with all, of both algorithms and public ones too', async () => {
    const olds = [ed, otherEc]
    const { ctx } = tokenContext(
      {},
      [SECRET],
      imported(ec, ...olds.map((key) => without(key, 'd'))),
    )
    expect(ctx.keys.access().current.header.kid).toBe(ec.kid)
    for (const key of [ec, ...olds]) {
      const signer = tokenContext({}, [SECRET], imported(key))
      const { token } = await signAccessToken(signer.ctx, session(), user())
      await expect(verifyAccessToken(ctx, token)).resolves.toBeDefined()
    }
    const stranger = tokenContext({}, [SECRET], imported(otherEd))
    const { token } = await signAccessToken(stranger.ctx, session(), user())
    await expect(verifyAccessToken(ctx, token)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('S053 refuses the right key under the id of another', async () => {
    const { ctx } = tokenContext({}, [SECRET], imported(ed, otherEd))
    const { token } = await signAccessToken(ctx, session(), user())
    const [, other] = ctx.keys.access().all
    const relabelled = `${other?.segment}.${token.split('.').slice(1).join('.')}`
    await expect(verifyAccessToken(ctx, relabelled)).rejects.toMatchObject({
      code: 'invalid_token',
    })
  })

  it('S052 publishes public parts in its order', () => {
    expect(imported(ec, ed).published).toEqual([publicEc, publicEd])
  })
})

describe('S054 S109 refuses as a key', () => {
  const pemOf = (type: 'pkcs8' | 'sec1' | 'pkcs1', key: KeyObject) =>
    key.export({ type, format: 'pem' } as never).toString()
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey
  const k256 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey
  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const x25519 = generateKeyPairSync('x25519').privateKey
  const ed448 = generateKeyPairSync('ed448').privateKey
  const bytes = (value: number) => Buffer.alloc(32, value).toString('base64url')
  const locked = p256
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString()

  it.each<[string, Given, RegExp]>([
    ['nothing', undefined, /is missing \(is its variable set\?\)/],
    ['an empty text', '', /must be a private JWK, or PEM/],
    ['a text', 'a-secret-for-tests-0123456789-abcdefghijk', /must be a private JWK, or PEM/],
    ['JSON that is none', '{"kty":', /must be a private JWK, or PEM/],
    ['JSON of another shape', '["kty"]', /Ed25519 or P-256/],
    ['null in JSON', 'null', /must be a private JWK, or PEM/],
    ['a set of keys', { keys: [ed] }, /Ed25519 or P-256/],
    ['no members', {}, /Ed25519 or P-256/],
    ['a secret', { kty: 'oct', k: bytes(1), alg: 'HS256' }, /not a secret/],
    ['RSA', rsa.privateKey.export({ format: 'jwk' }), /Ed25519 or P-256/],
    ['RSA in PEM', pemOf('pkcs8', rsa.privateKey), /Ed25519 or P-256/],
    ['P-384', p384.export({ format: 'jwk' }), /Ed25519 or P-256/],
    ['P-384 in PEM', pemOf('pkcs8', p384), /Ed25519 or P-256/],
    ['secp256k1', k256.export({ format: 'jwk' }), /Ed25519 or P-256/],
    ['X25519', x25519.export({ format: 'jwk' }), /Ed25519 or P-256/],
    ['Ed448', ed448.export({ format: 'jwk' }), /Ed25519 or P-256/],
    ['a curve of another type', { ...ed, kty: 'EC' }, /Ed25519 or P-256/],
    ['another curve of the type', { ...ec, crv: 'P-384' }, /Ed25519 or P-256/],
    ['a prototype in place of a type', { ...ed, kty: '__proto__' }, /Ed25519 or P-256/],
    ['SEC1 in PEM', pemOf('sec1', p256), /PKCS#8/],
    ['PKCS#1 in PEM', pemOf('pkcs1', rsa.privateKey), /PKCS#8/],
    ['PEM with a password', locked, /PKCS#8 without a password/],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', /PKCS#8/],
    ['broken PEM', pemOf('pkcs8', p256).replace(/[A-Za-z]{9}/g, ''), /cannot be read/],
    ['another alg', { ...ed, alg: 'ES256' }, /another "alg" than "EdDSA"/],
    ['the new name of its alg', { ...ed, alg: 'Ed25519' }, /another "alg" than "EdDSA"/],
    ['alg HS256', { ...ec, alg: 'HS256' }, /another "alg" than "ES256"/],
    ['alg none', { ...ec, alg: 'none' }, /another "alg" than "ES256"/],
    ['use enc', { ...ec, use: 'enc' }, /"use"/],
    ['key_ops for verifying only', { ...ec, key_ops: ['verify'] }, /"key_ops"/],
    ['key_ops for keys', { ...ec, key_ops: ['sign', 'deriveKey'] }, /"key_ops"/],
    ['key_ops without any', { ...ec, key_ops: [] }, /"key_ops"/],
    ['key_ops of another shape', { ...ec, key_ops: 'sign' }, /"key_ops"/],
    ['no x', without(ed, 'x'), /wrong form/],
    ['no y', without(ec, 'y'), /wrong form/],
    ['an empty x', { ...ed, x: '' }, /wrong form/],
    ['an empty d', { ...ed, d: '' }, /wrong form/],
    ['x that is a number', { ...ed, x: 1 }, /wrong form/],
    ['d that is null', { ...ed, d: null }, /wrong form/],
    ['a long d', { ...ed, d: 'A'.repeat(100_000) }, /wrong form/],
    ['x too short', { ...ed, x: 'AAAA' }, /wrong form/],
    ['a point on no curve', { ...ec, y: ec.x }, /wrong form/],
    ['padding in d', { ...ed, d: `${ed.d}=` }, /wrong form/],
    ['padding in x', { ...publicEc, x: `${ec.x}=` }, /wrong form/],
    ['the private part of another Ed25519', { ...ed, d: otherEd.d }, /wrong form/],
    ['the private part of another P-256', { ...ec, d: otherEc.d }, /do not belong together/],
    ['a private part of zero', { ...ec, d: bytes(0) }, /is no key/],
    ['a private part beyond the order', { ...ec, d: bytes(255) }, /is no key/],
    ['a seed of zeros', patternKey(0), /must be random/],
    [
      'the key of RFC 8037',
      { ...rfc8037, d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A' },
      /printed/,
    ],
    [
      'the key of RFC 7515',
      { ...rfc7515, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' },
      /printed/,
    ],
  ])('%s', (_name, key, remedy) => {
    const first = refusalOf(key)
    expect(first.message).toMatch(remedy)
    expect(first.message).toMatch(/^createAuth: option "signing\.keys\.0" /)
    expect(refusalOf(ed, key).option).toBe('signing.keys.1')
  })

  it.each([
    '00'.repeat(32),
    `${'00'.repeat(31)}80`,
    `01${'00'.repeat(31)}`,
    `ec${'ff'.repeat(30)}7f`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    `01${'00'.repeat(30)}80`,
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(31)}`,
  ])('a public one for which anyone can sign: %s', (point) => {
    const x = Buffer.from(point, 'hex').toString('base64url')
    const weak = refusalOf(ed, { kty: 'OKP', crv: 'Ed25519', x })
    expect(weak.message).toMatch(/is a point for which anyone can sign/)
  })

  it('a public one in the first place', () => {
    for (const key of [publicEd, JSON.stringify(publicEc)]) {
      expect(refusalOf(key, otherEd)).toMatchObject({
        option: 'signing.keys.0',
        message: expect.stringMatching(/must be a private key, since it signs/),
      })
    }
  })

  it('one that stands there twice, in whatever form', () => {
    for (const again of [ed, publicEd, JSON.stringify(ed), { ...ed, kid: 'another' }]) {
      expect(refusalOf(ed, again)).toMatchObject({ option: 'signing.keys' })
    }
  })

  it('one of another algorithm than was said', () => {
    const said = (alg: 'EdDSA' | 'ES256') => () =>
      importSigningKeys('createAuth', 'signing.', { alg, keys: [ec, ed] })
    expect(said('ES256')).not.toThrow()
    expect(said('EdDSA')).toThrow('option "signing.alg" is "EdDSA", but the first of "keys"')
  })

  it('S110 without repeating any of it', () => {
    const { d: secret } = ed
    for (const key of [
      { ...ed, alg: 'ES256' },
      JSON.stringify({ ...ed, use: 'enc' }),
      `{"d":"${secret}"`,
    ]) {
      const error = refusalOf(key)
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret)
      expect(error.cause).toBeUndefined()
    }
  })
})

/** The key whose seed is one byte over and over. */
function patternKey(byte: number): string {
  const start = Buffer.from('302e020100300506032b657004220420', 'hex')
  const der = Buffer.concat([start, Buffer.alloc(32, byte)])
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----`
}

describe('S110 what prints itself', () => {
  it.each([ed, ec])('shows no private part of $alg', (key) => {
    const keys = imported(key, otherEd)
    const printed = inspect(keys, { depth: Infinity, showHidden: true }) + JSON.stringify(keys)
    const bytes = Buffer.from(key.d, 'base64url')
    const forms = [key.d, bytes.toString('hex'), bytes.toString('base64')]
    expect(forms.filter((form) => printed.includes(form))).toEqual([])
    expect(printed).toContain(key.kid)
    expect(keys.current.signs).toMatchObject({ extractable: false, usages: ['sign'] })
    for (const { verifies } of keys.all) expect(verifies).toMatchObject({ usages: ['verify'] })
  })
})

describe('generateSigningKey', () => {
  it.each(['EdDSA', 'ES256'] as const)('makes another key for %s each time', (alg) => {
    const keys = Array.from({ length: 20 }, () => generateSigningKey(alg))
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(20)
    expect(new Set(keys.map(({ d }) => d)).size).toBe(20)
    for (const key of keys) expect(imported(key).current.header.alg).toBe(alg)
  })
})

import { generateKeyPairSync } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuthError } from '../src/errors.ts'
import { signAccessToken, verifyAccessToken } from '../src/tokens/access-token.ts'
import {
  accessSecret,
  base64url,
  OTHER_SECRET,
  SECRET,
  session,
  signed,
  tokenContext,
  user,
} from './support/token-context.ts'

const { ctx } = tokenContext()
const { token: genuine } = await signAccessToken(ctx, session(), user())
const [, payload = '', signature = ''] = genuine.split('.')
const claims = Buffer.from(payload, 'base64url').toString()
const kid = ctx.keys.current.id
const members = { alg: 'HS256', typ: 'at+jwt', kid }

/** What verifying says; an exception of another kind is a defect of its own. */
async function verdictOn(token: string): Promise<string> {
  try {
    await verifyAccessToken(ctx, token)
    return 'accepted'
  } catch (error) {
    return error instanceof AuthError ? error.code : `threw ${String(error)}`
  }
}

it('accepts the token that all others here are made from', async () => {
  expect(await verdictOn(genuine)).toBe('accepted')
  expect(await verdictOn(signed(JSON.stringify(members), claims))).toBe('accepted')
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

it('S048 refuses any text at all without another kind of failure', async () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.base64String(), fc.base64String(), fc.base64String()).map((all) => all.join('.')),
    fc.json().map((json) => signed(JSON.stringify(members), json)),
    fc.json().map((json) => signed(json, claims)),
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
  const others = ['hs256', 'Hs256', 'HS384', 'HS512', 'RS256', 'PS256', 'ES256', 'ES384', 'EdDSA']
  const shapes = [null, [], ['HS256'], {}, 0, true, ' HS256', 'HS256\0']
  it.each([...none, ...others, ...shapes])('%j', async (alg) => {
    const text = JSON.stringify({ ...members, alg })
    expect(await verdictOn(`${base64url(text)}.${payload}.`)).toBe('invalid_token')
    expect(await verdictOn(`${base64url(text)}.${payload}.${signature}`)).toBe('invalid_token')
    expect(await verdictOn(signed(text, claims))).toBe('invalid_token')
    expect(await verdictOn(signed(text, claims, accessSecret(), 'sha512'))).toBe('invalid_token')
  })

  it('when there is none', async () => {
    const { alg: _, ...rest } = members
    expect(await verdictOn(signed(JSON.stringify(rest), claims))).toBe('invalid_token')
  })
})

describe('S039 S041 refuses the key', () => {
  const { publicKey } = generateKeyPairSync('ed25519')
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }))
  const keys = {
    empty: '',
    'a zero byte': '\0',
    'the key id': kid,
    'the secret itself': SECRET,
    'the key of another secret': accessSecret(OTHER_SECRET),
    'a public key as PEM': pem,
    'a public key as PEM without its last newline': pem.trimEnd(),
    'a public key as JWK': jwk,
    'a public key as DER': publicKey.export({ type: 'spki', format: 'der' }),
    'the header': JSON.stringify(members),
  }
  it.each(Object.entries(keys))('%s', async (_name, key) => {
    expect(await verdictOn(signed(JSON.stringify(members), claims, key))).toBe('invalid_token')
  })
})

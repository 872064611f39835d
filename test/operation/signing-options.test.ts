import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { type AuthOptions, ConfigurationError, generateSigningKey } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { accountOf, serveSetup, setUp } from '../support/setup.ts'

const KEY = generateSigningKey()
const OTHER = generateSigningKey('ES256')
const { d: _, ...SHARED } = KEY
const pem = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

/** Every way in which somebody may write the private part. */
function formsOf({ d }: { readonly d: string }): readonly string[] {
  const bytes = Buffer.from(d, 'base64url')
  const pairs = [...bytes.subarray(0, 9)].map((byte) => byte.toString(16).padStart(2, '0'))
  return [d, bytes.toString('base64'), bytes.toString('hex'), pairs.join(' ')]
}

function refusalOf(options: Record<string, unknown>): ConfigurationError {
  try {
    setUp(options as Partial<AuthOptions>)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
  throw new Error('the options were taken')
}

describe('S109 the option "signing"', () => {
  it.each<[string, unknown, RegExp]>([
    ['signing', KEY, /does not exist: check its spelling|must be/],
    ['signing', 'EdDSA', /must be an object such as \{ keys:/],
    ['signing', [KEY], /must be an object such as \{ keys:/],
    ['signing.keys', {}, /must be a list of keys/],
    ['signing.keys', { keys: KEY }, /must be a list of keys/],
    ['signing.keys', { keys: [] }, /must not be empty/],
    ['signing.keys', { keys: Array(17).fill(KEY) }, /at most 16 keys/],
    ['signing.keys.0', { keys: [17] }, /must be a JWK or PEM/],
    ['signing.keys.0', { keys: [null] }, /must be a JWK or PEM/],
    ['signing.keys.0', { keys: [undefined] }, /is missing \(is its variable set\?\)/],
    ['signing.keys.0', { keys: [SHARED] }, /must be a private key/],
    ['signing.keys.1', { keys: [KEY, { kty: 'oct', k: 'AAAA' }] }, /not a secret/],
    ['signing.keys', { keys: [KEY, SHARED] }, /must not name the same key twice/],
    ['signing.alg', { alg: 'RS256', keys: [KEY] }, /must be "EdDSA" or "ES256"/],
    ['signing.alg', { alg: 'HS256', keys: [KEY] }, /must be "EdDSA" or "ES256"/],
    [
      'signing.alg',
      { alg: 'ES256', keys: [KEY, OTHER] },
      /the first of "keys" is a key for "EdDSA"/,
    ],
    ['signing.acceptHs256', { acceptHs256: true, keys: [KEY] }, /does not exist/],
  ])('names "%s" and the remedy, given %j', (option, signing, remedy) => {
    const error = refusalOf({ signing })
    expect(error.message).toMatch(remedy)
    expect(error.option.startsWith(option)).toBe(true)
    const printed = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error)
    for (const form of formsOf(KEY)) expect(printed).not.toContain(form)
  })

  it.each<[string, AuthOptions['signing']]>([
    ['a JWK', { keys: [KEY] }],
    ['JSON', { keys: [JSON.stringify(OTHER)] }],
    ['PEM', { keys: [pem] }],
    ['keys for both algorithms', { alg: 'EdDSA', keys: [KEY, OTHER] }],
    ['a public key behind a private one', { alg: 'ES256', keys: [OTHER, SHARED] }],
  ])('takes %s', (_name, signing) => {
    expect(() => setUp({ signing })).not.toThrow()
  })

  it('does not stand in place of the secret, which refresh tokens and codes need', () => {
    expect(refusalOf({ secret: undefined, signing: { keys: [KEY] } })).toMatchObject({
      option: 'secret',
    })
  })
})

describe('S110 whatever is printed', () => {
  it('shows no private part: the auth, principals, sessions, events, answers', async () => {
    const setup = setUp({ signing: { keys: [KEY, OTHER] } })
    const { session } = await accountOf(setup)
    const client = await serveSetup(setup)
    const { auth } = setup
    const answers = await Promise.all(
      ['/auth/.well-known/jwks.json', '/auth/openapi.json', '/auth/me', '/protected'].map((path) =>
        client.get(path, session.accessToken),
      ),
    )
    const things = [
      auth,
      await auth.authenticate(session.accessToken),
      session,
      setup.events,
      setup.errors,
      auth.jwks(),
      auth.openapi(),
      answers.map(({ text, headers }) => [text, [...headers]]),
    ]
    const printed = things.map(
      (thing) => inspect(thing, { depth: Infinity, showHidden: true }) + JSON.stringify(thing),
    )
    expect(printed.join()).toContain(KEY.kid)
    for (const key of [KEY, OTHER]) {
      for (const form of formsOf(key)) expect(printed.join()).not.toContain(form)
    }
  })
})

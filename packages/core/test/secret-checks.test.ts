import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../src/errors.ts'
import { PRINTED_SECRETS } from '../src/printed-secrets.ts'
import { checkSecrets } from '../src/secret-checks.ts'
import { OTHER_SECRET, SECRET } from './support/token-context.ts'

/** What the refusal says, and `taken` where there is none. */
function verdictOn(secret: string): string {
  try {
    checkSecrets(secret, undefined)
    return 'taken'
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    expect(error.option).toBe('secret')
    return error.message
  }
}

const asBase64 = (text: string) => Buffer.from(text).toString('base64')
const asHex = (text: string) => Buffer.from(text).toString('hex')

describe('S054 a secret', () => {
  it('of 32 random bytes is taken, however it is written', () => {
    for (let count = 0; count < 3000; count += 1) {
      const bytes = randomBytes(32)
      for (const form of ['base64', 'base64url', 'hex'] as const) {
        expect(verdictOn(bytes.toString(form))).toBe('taken')
      }
    }
    expect([SECRET, OTHER_SECRET].map(verdictOn)).toEqual(['taken', 'taken'])
  })

  it.each([...PRINTED_SECRETS])('that is printed is refused: %s', (secret) => {
    expect(Buffer.byteLength(secret)).toBeGreaterThanOrEqual(32)
    expect(verdictOn(secret)).toMatch(/is an example that anyone can read/)
    expect(verdictOn(` ${secret}\n`)).toMatch(/is an example that anyone can read/)
    expect(verdictOn(asBase64(secret))).toMatch(/is an example that anyone can read/)
    expect(verdictOn(asHex(secret))).toMatch(/is an example that anyone can read/)
  })

  it.each([
    'a-string-secret-at-least-256-bits-long',
    'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
    'your-256-bit-secret-your-256-bit-secret',
    '***your-256-bit-secret*** and some more',
    'your-super-secret-jwt-token-with-at-least-32-characters-long',
    'super-secret-jwt-token-with-at-least-32-characters-long',
    'CHANGE_THIS_TO_SOMETHING_RANDOM_0123',
    'please-change-me-please-i-am-the-default',
    'change-before-you-go-into-production!',
    'THIS IS USED TO SIGN AND VERIFY JWT TOKENS, REPLACE IT WITH YOUR OWN SECRET',
    'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET',
    'JWTAuthenticationHIGHsecuredPasswordVVVp1OH7Xzyr',
    'SecretKey012345678901234567890123456789012345678901234567890123456789',
    'my-secret-token-to-change-in-production',
    'django-insecure-4f!x9_kq2z0w8v7u6t5s4r3q2p1o0n',
    'MySecretKeyForSigningTokens-2024-abc',
    'thisisthesecretkeyofmyverynewapplication',
    'keyboard cat keyboard dog keyboard bird',
  ])('that says what it is is refused: %s', (secret) => {
    for (const written of [secret, secret.toUpperCase(), asBase64(secret), asHex(secret)]) {
      expect(verdictOn(written)).toMatch(/is an example that anyone can read/)
    }
  })

  it.each([
    ['repeats itself', 'f8Kd02mXqL'.repeat(4)],
    ['repeats itself and breaks off', '01234567890vwxyz01234567890vwxyz01234567890vwxyz01'],
    ['is the alphabet', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['is the alphabet backwards', 'zyxwvutsrqponmlkjihgfedcba9876543210'],
    ['is filled up', `3swsq0g6jpwx${'0'.repeat(60)}`],
    ['has few characters', 'xyzxzyxyzzyxxzyyxzxyzzxyxzyyzxzyxxyzyxzzy'],
  ])('that %s is refused', (_name, secret) => {
    for (const written of [secret, asBase64(secret), asHex(secret)]) {
      expect(verdictOn(written)).toMatch(/must be random/)
    }
  })

  it.each([
    ['a UUID', '0a6b944d-d2fb-46fc-a85e-0295c986cd9f'],
    ['16 bytes of hex', '0d34a0167a7f06d568506b00c4a76f3d'],
    ['31 bytes of hex', randomBytes(31).toString('hex')],
  ])('that is %s is refused: it is too short', (_name, secret) => {
    expect(verdictOn(secret)).toMatch(/64 characters of hex/)
  })

  it('S110 is never repeated by the refusal', () => {
    for (const secret of [...PRINTED_SECRETS, 'short', '0a6b944d-d2fb-46fc-a85e-0295c986cd9f']) {
      expect(verdictOn(secret)).not.toContain(secret)
    }
  })
})

import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { compactVerify, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { signAccessToken } from '../src/tokens/access-token.ts'
import { generateSigningKey } from '../src/tokens/generate-signing-key.ts'
import { hasLowS, withLowS } from '../src/tokens/low-s.ts'
import { algorithms } from './support/algorithms.ts'
import { base64url, session, signed, user } from './support/token-context.ts'

const asymmetric = algorithms.filter(({ alg }) => alg !== 'HS256')

describe.each(asymmetric)(
  'S039 under $alg, verifying',
  ({ ctx, alg, members, claims, verdictOn }) => {
    const [published] = ctx.keys.access().published
    const jwk = { ...published, alg: undefined, use: undefined, kid: undefined }
    const publicKey = createPublicKey({ key: { ...published }, format: 'jwk' })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const der = publicKey.export({ type: 'spki', format: 'der' })
    const keys = {
      'as PEM': pem,
      'as PEM without its last newline': pem.trimEnd(),
      'as PEM with a second newline': `${pem}\n`,
      'as PEM with a newline in front': `\n${pem}`,
      'as PEM with a space in front': ` ${pem}`,
      'as PEM with CRLF': pem.replaceAll('\n', '\r\n'),
      'as the base64 of its PEM': pem.replace(/-----[^-]+-----|\n/g, ''),
      'as DER': der,
      'as the base64 of DER': der.toString('base64'),
      'as a JWK': JSON.stringify(jwk),
      'as it is published': JSON.stringify(published),
      'as the set it is published in': JSON.stringify({ keys: [published] }),
      'by its coordinate': Buffer.from(published?.x ?? '', 'base64url'),
      'by the text of its coordinate': published?.x ?? '',
      'by both coordinates': Buffer.concat(
        [published?.x, published?.y].map((part) => Buffer.from(part ?? '', 'base64url')),
      ),
      'as a point': der.subarray(-65),
      'by its id': members.kid,
      'by the bytes of its id': Buffer.from(members.kid, 'base64url'),
    }

    it.each(Object.entries(keys))('takes no HMAC under the public key %s', async (_name, key) => {
      for (const name of ['HS256', 'HS384', 'HS512', alg]) {
        const text = JSON.stringify({ ...members, alg: name })
        for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
          expect(await verdictOn(signed(text, claims, key, hash))).toBe('invalid_token')
        }
      }
    })

    it('S040 takes no signature of a key that the token brings along', async () => {
      const { d, ...own } = generateSigningKey(alg === 'EdDSA' ? 'EdDSA' : 'ES256')
      const privateKey = createPrivateKey({ key: { ...own, d }, format: 'jwk' })
      const signs = (header: string) => {
        const input = `${base64url(header)}.${base64url(claims)}`
        const hash = alg === 'EdDSA' ? null : 'sha256'
        const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
        return withLowS(`${input}.${base64url(sign(hash, Buffer.from(input), key))}`)
      }
      for (const header of [
        members,
        { ...members, jwk: own },
        { ...members, kid: own.kid, jwk: own },
      ]) {
        expect(await verdictOn(signs(JSON.stringify(header)))).toBe('invalid_token')
      }
    })

    it('S052 knows no secret part to be asked for', () => {
      expect(Object.keys(published ?? {}).sort()).toEqual([
        'alg',
        'crv',
        'kid',
        'kty',
        'use',
        'x',
        ...(alg === 'ES256' ? ['y'] : []),
      ])
    })
  },
)

describe('S043 a signature has one spelling', () => {
  const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const ed25519Order = 2n ** 252n + 27742317777372353535851937790883648493n

  function withS(token: string, change: (s: bigint) => bigint, little: boolean): string {
    const [header, payload, signature = ''] = token.split('.')
    const bytes = Buffer.from(signature, 'base64url')
    const half = Buffer.from(bytes.subarray(32))
    const s = BigInt(`0x${(little ? half.reverse() : half).toString('hex')}`)
    const changed = Buffer.from(change(s).toString(16).padStart(64, '0'), 'hex')
    const both = Buffer.concat([bytes.subarray(0, 32), little ? changed.reverse() : changed])
    return [header, payload, both.toString('base64url')].join('.')
  }

  const genuineOf = (alg: string) => {
    const found = algorithms.find((one) => one.alg === alg)
    if (found === undefined) throw new Error(`no ${alg}`)
    return found
  }

  it('under ES256: the higher s, which others would take, is refused', async () => {
    const { genuine, ctx, verdictOn } = genuineOf('ES256')
    const higher = withS(genuine, (s) => p256Order - s, false)
    expect(await verdictOn(higher)).toBe('invalid_token')
    const [published] = ctx.keys.access().published
    const key = await importJWK({ ...published }, 'ES256')
    await expect(compactVerify(higher, key)).resolves.toBeDefined()
    expect(withLowS(higher)).toBe(genuine)
  })

  it('under EdDSA: s plus the order of the group is refused', async () => {
    const { genuine, verdictOn } = genuineOf('EdDSA')
    expect(await verdictOn(withS(genuine, (s) => s + ed25519Order, true))).toBe('invalid_token')
    expect(await verdictOn(withS(genuine, (s) => s, true))).toBe('accepted')
  })

  it('under ES256: all that we write is the lower s', async () => {
    const { ctx } = genuineOf('ES256')
    const written = await Promise.all(
      Array.from({ length: 64 }, () => signAccessToken(ctx, session(), user())),
    )
    const tokens = written.map(({ token }) => token)
    expect(tokens.every(hasLowS)).toBe(true)
    const highers = tokens.map((token) => withS(token, (s) => p256Order - s, false))
    expect(highers.some(hasLowS)).toBe(false)
    expect(highers.map(withLowS)).toEqual(tokens)
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { User } from '../src/records.ts'
import {
  signAccessToken,
  verifyAccessToken,
  verifyIgnoringExpiry,
} from '../src/tokens/access-token.ts'
import { session, signed, tokenContext, user } from './support/token-context.ts'

function segments(token: string): string[] {
  return token.split('.').map((segment) => Buffer.from(segment, 'base64url').toString())
}

describe('signing', () => {
  it('S055 says who, which session and which roles, and nothing else', async () => {
    const { ctx } = tokenContext()
    const { token } = await signAccessToken(ctx, session(), user())
    expect(JSON.parse(segments(token)[1] ?? '')).toEqual({
      iss: 'https://app.example',
      aud: 'https://app.example',
      sub: user().id,
      sid: session().id,
      gen: 1,
      epoch: 0,
      cv: 0,
      roles: ['user'],
      auth_time: 1_893_456_000,
      amr: ['pwd'],
      iat: 1_893_456_000,
      exp: 1_893_456_600,
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    })
  })

  it('S055 holds nothing personal and nothing secret', async () => {
    const { ctx } = tokenContext()
    const { token } = await signAccessToken(ctx, session(), user())
    const text = segments(token).join().toLowerCase()
    const personal = ['ada', '@example.com', '2025550100', 'argon2', 'countess', '192.0.2.7']
    const hidden = [...personal, 'browser', 'phone', session().salt.toLowerCase()]
    expect(hidden.filter((word) => text.includes(word))).toEqual([])
  })

  it('S037 signs with HMAC-SHA-256 under the derived key (RFC 7515, appendix A.1)', async () => {
    const { ctx } = tokenContext()
    const { token } = await signAccessToken(ctx, session(), user())
    const [header = '', payload = ''] = segments(token)
    expect(token).toBe(signed(header, payload))
  })

  it('gives every token an id of its own', async () => {
    const { ctx } = tokenContext()
    const tokens = await Promise.all(
      Array.from({ length: 50 }, () => signAccessToken(ctx, session(), user())),
    )
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(50)
  })

  it.each([
    ['the configured lifetime', {}, 600],
    ['the idle limit', { idleExpiresAt: new Date('2030-01-01T00:01:40Z') }, 100],
    ['the absolute limit', { absoluteExpiresAt: new Date('2030-01-01T00:00:07.900Z') }, 7],
  ])('S061 lets no token outlive %s', async (_limit, limits, expected) => {
    const { ctx, clock } = tokenContext()
    const { token, expiresIn } = await signAccessToken(ctx, session(limits), user())
    expect(expiresIn).toBe(expected)
    clock.advance(expected - 0.001)
    await expect(verifyAccessToken(ctx, token)).resolves.toMatchObject({ sid: session().id })
    clock.advance(0.001)
    await expect(verifyAccessToken(ctx, token)).rejects.toMatchObject({ code: 'invalid_token' })
  })
})

describe('verifying', () => {
  it('gives back what was signed, whatever the session and the roles', async () => {
    const { ctx } = tokenContext()
    const record = fc.record({
      generation: fc.integer({ min: 1, max: 999_999_999 }),
      credentialEpoch: fc.nat(),
      claimsVersion: fc.nat(),
      roles: fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 8 }),
      amr: fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(record, async ({ claimsVersion, roles, ...changes }) => {
        const owner: User = user({ claimsVersion, roles })
        const { token } = await signAccessToken(ctx, session(changes), owner)
        expect(await verifyAccessToken(ctx, token)).toMatchObject({
          gen: changes.generation,
          epoch: changes.credentialEpoch,
          cv: claimsVersion,
          roles,
          amr: changes.amr,
        })
      }),
    )
  })

  it('S044 refuses an expired token, which only logout may still read', async () => {
    const { ctx, clock } = tokenContext()
    const { token } = await signAccessToken(ctx, session(), user())
    clock.advance(600)
    await expect(verifyAccessToken(ctx, token)).rejects.toMatchObject({ code: 'invalid_token' })
    clock.advance(86_400)
    expect(await verifyIgnoringExpiry(ctx, token)).toMatchObject({ sid: session().id })
  })

  it('S114 does not take a token from a future that the clock has left', async () => {
    const { ctx, clock } = tokenContext()
    const { token } = await signAccessToken(ctx, session(), user())
    clock.advance(-5)
    await expect(verifyAccessToken(ctx, token)).resolves.toBeDefined()
    clock.advance(-1)
    await expect(verifyAccessToken(ctx, token)).rejects.toMatchObject({ code: 'invalid_token' })
    await expect(verifyIgnoringExpiry(ctx, token)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it.each([{ issuer: 'https://app.example/' }, { audience: 'https://api.example' }])(
    'S046 refuses a token of another configuration: %o',
    async (other) => {
      const { token } = await signAccessToken(tokenContext(other).ctx, session(), user())
      const verified = verifyAccessToken(tokenContext().ctx, token)
      await expect(verified).rejects.toMatchObject({ code: 'invalid_token' })
    },
  )

  it('S053 verifies under every listed secret and no other', async () => {
    const { ctx: old } = tokenContext({}, ['an-old-secret-0123456789-abcdefghijklmno'])
    const { token } = await signAccessToken(old, session(), user())
    const secrets = ['a-new-secret-0123456789-abcdefghijklmno'] as const
    const both = tokenContext({}, [...secrets, 'an-old-secret-0123456789-abcdefghijklmno'])
    await expect(verifyAccessToken(both.ctx, token)).resolves.toBeDefined()
    const verified = verifyAccessToken(tokenContext({}, secrets).ctx, token)
    await expect(verified).rejects.toMatchObject({ code: 'invalid_token' })
  })
})

import { createPrivateKey, sign } from 'node:crypto'
import type { Context } from '../../src/context.ts'
import { AuthError } from '../../src/errors.ts'
import { signAccessToken, verifyAccessToken } from '../../src/tokens/access-token.ts'
import { generateSigningKey } from '../../src/tokens/generate-signing-key.ts'
import { withLowS } from '../../src/tokens/low-s.ts'
import { importSigningKeys } from '../../src/tokens/signing-keys.ts'
import { base64url, SECRET, session, signed, tokenContext, user } from './token-context.ts'

/** A way to sign access tokens, and a token that was signed so. */
export interface Algorithm {
  readonly alg: 'HS256' | 'EdDSA' | 'ES256'
  readonly ctx: Context
  /** What tokens have for a header: its members and, as JSON, its text. */
  readonly members: { readonly alg: string; readonly typ: string; readonly kid: string }
  readonly header: string
  readonly genuine: string
  /** The claims of {@link genuine}, as JSON. */
  readonly claims: string
  /** Signs whatever it is given with the right key. */
  sign(header: string, payload: string | Uint8Array): string
  /** What verifying says; an exception of another kind is a defect of its own. */
  verdictOn(token: string): Promise<string>
}

/** All of them. */
export const algorithms: readonly Algorithm[] = [
  await algorithmOf(tokenContext().ctx, (header, payload) => signed(header, payload)),
  await asymmetric('EdDSA'),
  await asymmetric('ES256'),
]

async function asymmetric(alg: 'EdDSA' | 'ES256'): Promise<Algorithm> {
  const jwk = generateSigningKey(alg)
  const key = createPrivateKey({ key: { ...jwk }, format: 'jwk' })
  const { ctx } = tokenContext({}, [SECRET], importSigningKeys('a test', '', { keys: [jwk] }))
  return algorithmOf(ctx, (header, payload) => {
    const input = `${base64url(header)}.${base64url(payload)}`
    const bytes = Buffer.from(input)
    if (alg === 'EdDSA') return `${input}.${base64url(sign(null, bytes, key))}`
    const signature = sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })
    return withLowS(`${input}.${base64url(signature)}`)
  })
}

async function algorithmOf(ctx: Context, signer: Algorithm['sign']): Promise<Algorithm> {
  const { token: genuine } = await signAccessToken(ctx, session(), user())
  const [header = '', claims = ''] = genuine
    .split('.')
    .map((segment) => Buffer.from(segment, 'base64url').toString())
  const members = ctx.keys.access().current.header
  const verdictOn = async (token: string) => {
    try {
      await verifyAccessToken(ctx, token)
      return 'accepted'
    } catch (error) {
      return error instanceof AuthError ? error.code : `threw ${String(error)}`
    }
  }
  return { alg: members.alg, ctx, members, header, genuine, claims, sign: signer, verdictOn }
}

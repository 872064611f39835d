import { createHash } from 'node:crypto'
import type { PublicJwk, SigningAlgorithm } from '../context.ts'

/** A curve, the algorithm that goes with it, and what Web Crypto calls that. */
interface Curve {
  readonly kty: PublicJwk['kty']
  readonly crv: PublicJwk['crv']
  readonly alg: SigningAlgorithm
  readonly algorithm: { readonly name: string; readonly namedCurve?: string }
}

// One algorithm for each curve (RFC 8037, section 3.1; RFC 7518, section 3.4): a key has exactly one (S038).
const curves: readonly Curve[] = [
  { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', algorithm: { name: 'Ed25519' } },
  { kty: 'EC', crv: 'P-256', alg: 'ES256', algorithm: { name: 'ECDSA', namedCurve: 'P-256' } },
]

/** The algorithm of a key, by its type and curve; `null` where it is none of ours. */
export function algorithmOf(kty: unknown, crv: unknown): SigningAlgorithm | null {
  return curves.find((curve) => curve.kty === kty && curve.crv === crv)?.alg ?? null
}

/** The curve of a key. */
export function curveOf({ crv }: Pick<PublicJwk, 'crv'>): Curve {
  const [ed25519, p256] = curves
  return (crv === 'P-256' ? p256 : ed25519) as Curve
}

/** The public part of a key. Whatever else it had, a private part above all, stays behind. */
export function publicJwk(key: Pick<PublicJwk, 'kty' | 'crv' | 'x' | 'y'>): PublicJwk {
  const { kty, crv, x, y } = key
  const { alg } = curveOf(key)
  return { kty, crv, x, ...(y !== undefined && { y }), alg, use: 'sig', kid: thumbprint(key) }
}

/** The SHA-256 thumbprint of a key (RFC 7638): its required members, by name, without white space. */
export function thumbprint({ kty, crv, x, y }: Pick<PublicJwk, 'kty' | 'crv' | 'x' | 'y'>): string {
  const members = JSON.stringify({ crv, kty, x, y })
  return createHash('sha256').update(members).digest('base64url')
}

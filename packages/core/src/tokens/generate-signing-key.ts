import { generateKeyPairSync } from 'node:crypto'
import type { PublicJwk, SigningAlgorithm } from '../context.ts'
import { publicJwk } from './public-jwk.ts'

/** A key for the option `signing`, as a JWK. Its member `d` is secret. */
export interface PrivateJwk extends PublicJwk {
  readonly d: string
}

/** Makes a key for the option `signing`: on Ed25519, or on P-256 for services that know no EdDSA. */
export function generateSigningKey(alg: SigningAlgorithm = 'EdDSA'): PrivateJwk {
  const { privateKey } =
    alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  // What Node exports of its own keys has these members.
  const jwk = { ...privateKey.export({ format: 'jwk' }) } as unknown as PrivateJwk
  return { ...publicJwk(jwk), d: jwk.d }
}

import { createRemoteJWKSet, jwtVerify } from 'jose'

/** Says who holds an access token, in a service that has neither the secret nor the store. */
export function offlineVerifier(origin: string, jwks: string) {
  const keys = createRemoteJWKSet(new URL(jwks))
  return async (accessToken: string) => {
    const { payload } = await jwtVerify(accessToken, keys, {
      issuer: origin,
      audience: origin,
      typ: 'at+jwt', // no other kind of token
      algorithms: ['EdDSA', 'ES256'], // never HS256: it would take the public key for a secret
      requiredClaims: ['sub', 'sid', 'exp'],
      clockTolerance: 5,
    })
    return payload
  }
}

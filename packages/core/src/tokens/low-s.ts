// SEC 2, section 2.4.2: the order of the group of P-256.
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

// ECDSA takes (r, s) and (r, n - s) alike, so whoever has a token could make another one of it. We write and take the
// lower of the two only: of every token there is one spelling (S043).

/** Whether the signature of the compact JWS is the lower one of its two. */
export function hasLowS(token: string): boolean {
  return sOf(signatureOf(token)) <= ORDER / 2n
}

/** The same compact JWS with the lower one of its two signatures. */
export function withLowS(token: string): string {
  const signature = signatureOf(token)
  const s = sOf(signature)
  if (s <= ORDER / 2n) return token
  const lower = (ORDER - s).toString(16).padStart(64, '0')
  const changed = Buffer.concat([signature.subarray(0, 32), Buffer.from(lower, 'hex')])
  return `${token.slice(0, token.lastIndexOf('.'))}.${changed.toString('base64url')}`
}

function signatureOf(token: string): Buffer {
  return Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url')
}

function sOf(signature: Buffer): bigint {
  return BigInt(`0x${signature.subarray(32).toString('hex') || '0'}`)
}

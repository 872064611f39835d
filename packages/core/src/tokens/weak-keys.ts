import type { PublicJwk } from '../context.ts'

/** Why anyone could sign for this key; `null` for a key that is sound. */
export function weaknessOf({ kid, crv, x }: PublicJwk): string | null {
  if (PRINTED_KEYS.has(kid)) return 'is printed in a standard or a tutorial'
  return crv === 'Ed25519' && isOfSmallOrder(x) ? 'is a point for which anyone can sign' : null
}

/** Under such a key OpenSSL 3.0, which Node 22 has, verifies what nobody with a private key has signed. */
function isOfSmallOrder(x: string): boolean {
  const y = Buffer.from(x, 'base64url')
  // The highest bit is the sign of the other coordinate.
  const highest = y.at(-1) ?? 0
  y.set([highest & 0x7f], y.length - 1)
  return SMALL_ORDER.has(y.toString('hex'))
}

// The y of the eight points of small order on Ed25519: 0, 1, -1, two of order 8; and p, p + 1, which are 0 and 1 again.
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
])

// By thumbprint.
const PRINTED_KEYS: ReadonlySet<string> = new Set([
  // RFC 8037, appendix A.1, which is the first test of RFC 8032, section 7.1; the other four of those
  'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  'FtIu-VbGrfe_KB6CH7GNwODB72MNxj_ml11dEvO-7kk',
  'FVV5umTuau890q59V-4Ga_R6qWb7ON_ivJc4EjvCwTM',
  'lZI1vM7tnlYapaF5-cy86ptx0tT_8Av721hhiNB5ti4',
  'iiDHHfFVNG6ICMUTsicgrWf1igtFYZEK73xlobt1ah4',
  // RFC 9421, appendix B.1.4
  'poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U',
  // RFC 7515, appendix A.3; RFC 7517, appendix A.2; RFC 6979, appendix A.2.5
  'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
  'cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s',
  'DOvxvJiAdIqVWIkFt5hDtCunXLF0BV4-JGv4f-ALSm0',
  // The examples of jwt.io
  '19J8y7Zprt2-QKLjF2I5pVk0OELX6cY2AfaAv1LC_w8',
  'zD6Ku27DiffK3Eo53dEThwg7azhZfXYV0x8egjO42jA',
])

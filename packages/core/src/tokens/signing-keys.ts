import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKeyInput,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { AccessKey, AccessKeys, SigningAccessKey, SigningAlgorithm } from '../context.ts'
import { ConfigurationError } from '../errors.ts'
import { type KeyParts, NO_KEY, REMEDY, type Refuse, readKey } from './key-forms.ts'
import { accessKey } from './keys.ts'
import { curveOf, publicJwk } from './public-jwk.ts'
import { weaknessOf } from './weak-keys.ts'

/** The keys as they are configured: the first signs, all verify. */
export interface GivenKeys {
  /** What the first key must be, where that is said. */
  readonly alg?: SigningAlgorithm | undefined
  readonly keys: readonly (string | object | undefined)[]
}

/**
 * Imports the keys, once: nothing is imported while requests are answered. Every key has one algorithm, which follows
 * from its curve, so keys of both may stand in one list. Throws `ConfigurationError`, which never repeats a key.
 *
 * @param where The function that was called.
 * @param path What stands before the option in the words of a refusal, such as `signing.`.
 */
export function importSigningKeys(where: string, path: string, given: GivenKeys): AccessKeys {
  const refuse = (option: string) => (remedy: string) => {
    throw new ConfigurationError(where, path + option, remedy)
  }
  const all = given.keys.map((key, index) => importKey(key, refuse(`keys.${index}`)))
  const [current] = all
  if (current?.signs === undefined) {
    return refuse('keys.0')('must be a private key, since it signs: put public keys behind it')
  }
  const { alg } = current.header
  if (given.alg !== undefined && given.alg !== alg) {
    refuse('alg')(`is "${given.alg}", but the first of "keys" is a key for "${alg}"`)
  }
  if (new Set(all.map(({ segment }) => segment)).size < all.length) {
    refuse('keys')('must not name the same key twice')
  }
  const signing: SigningAccessKey = { ...current, signs: current.signs }
  return { current: signing, all, published: all.map(({ published }) => published) }
}

type ImportedKey = AccessKey &
  Partial<Pick<SigningAccessKey, 'signs'>> & {
    readonly published: AccessKeys['published'][number]
  }

function importKey(given: string | object | undefined, refuse: Refuse): ImportedKey {
  const { d, ...parts } = readKey(given, refuse)
  const publicKey = keyObject(createPublicKey, parts, refuse)
  const published = publicJwk(parts)
  const weakness = weaknessOf(published)
  if (weakness !== null) refuse(`${weakness}: ${REMEDY}`)
  const { algorithm } = curveOf(parts)
  const verifies = publicKey.toCryptoKey(algorithm, true, ['verify'])
  const key = { ...accessKey(published.alg, published.kid, verifies), published }
  if (d === undefined) return key
  const privateKey = keyObject(createPrivateKey, { ...parts, d }, refuse)
  if (!signsFor(privateKey, publicKey)) refuse(NO_KEY)
  if (new Set(Buffer.from(d, 'base64url')).size < MIN_DIFFERENT_BYTES) {
    refuse(`must be random: ${REMEDY}`)
  }
  return { ...key, signs: privateKey.toCryptoKey(algorithm, false, ['sign']) }
}

// 32 random bytes have fewer different ones less than once in 10^20.
const MIN_DIFFERENT_BYTES = 12

/** The key of these parts, if they are written as they should be: Node also takes padding, and leaves zeros away. */
function keyObject(
  create: (jwk: JsonWebKeyInput) => KeyObject,
  parts: KeyParts,
  refuse: Refuse,
): KeyObject {
  try {
    const key = create({ key: { ...parts }, format: 'jwk' })
    if (isDeepStrictEqual(key.export({ format: 'jwk' }), parts)) return key
  } catch {
    // What cannot be imported is refused like what reads back otherwise.
  }
  return refuse(NO_KEY)
}

/** Node takes parts that do not belong together, and numbers that are none of the curve's. */
function signsFor(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const hash = publicKey.asymmetricKeyType === 'ec' ? 'sha256' : null
  const message = Buffer.from('latchkey')
  try {
    return verify(hash, message, publicKey, sign(hash, message, privateKey))
  } catch {
    return false
  }
}

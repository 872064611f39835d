import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import type { DerivedKeys } from '../src/context.ts'
import { keysOf } from '../src/tokens/keys.ts'
import { hkdf, OTHER_SECRET, SECRET } from './support/token-context.ts'

it('S045 derives a key for each purpose as RFC 5869 says', () => {
  const { current } = keysOf([SECRET])
  expect(current.id).toBe(hkdf(SECRET, 'latchkey/1 key id', 9).toString('base64url'))
  expect(current.refresh.export()).toEqual(hkdf(SECRET, 'latchkey/1 refresh token', 32))
  expect(current.code.export()).toEqual(hkdf(SECRET, 'latchkey/1 one-time code', 32))
})

it('derives the same keys in every release: another value here logs everybody out', () => {
  const { current } = keysOf([SECRET])
  expect(current.id).toBe('Vyll4sc7uFc2')
  expect(current.refresh.export().toString('hex')).toBe(
    '262c1a6420e61a86a5d0a00a8d5f81c77d313c9ab46d8dac0dde4fd7be30a8a9',
  )
  expect(current.code.export().toString('hex')).toBe(
    '1d0f05fb53ce55c432112af0d23025323966963e9e00e7842c46d348a6da5653',
  )
})

it('S045 gives no two purposes, and no two secrets, the same key', () => {
  const exported = (keys: DerivedKeys) => [keys.refresh, keys.code].map((key) => key.export())
  const { all } = keysOf([SECRET, OTHER_SECRET])
  const keys = all.flatMap(exported).map((key) => key.toString('hex'))
  expect(new Set(keys).size).toBe(4)
  expect(new Set(all.map(({ id }) => id)).size).toBe(2)
})

it('S053 signs with the first secret and verifies with all, in their order', () => {
  const rotated = keysOf([OTHER_SECRET, SECRET])
  const [first, second] = rotated.all
  expect(rotated.current).toBe(first)
  expect(first?.id).toBe(keysOf([OTHER_SECRET]).current.id)
  expect(second?.id).toBe(keysOf([SECRET]).current.id)
})

it('S038 fixes one header for each key, and writes it as it stands in tokens', () => {
  const keys = keysOf([SECRET])
  const { id } = keys.current
  const { current } = keys.access()
  expect(current.header).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: id })
  expect(Buffer.from(current.segment, 'base64url').toString()).toBe(
    `{"alg":"HS256","typ":"at+jwt","kid":"${id}"}`,
  )
})

it('S110 shows no key to whoever prints or serialises it', () => {
  const keys = keysOf([SECRET])
  const secrets = ['key id', 'refresh token', 'one-time code', 'access token'].flatMap(
    (purpose) => {
      const key = hkdf(SECRET, `latchkey/1 ${purpose}`, 32)
      const bytes = [...key.subarray(0, 9)]
      return [
        ...(['hex', 'base64', 'base64url'] as const).map((encoding) => key.toString(encoding)),
        bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
        bytes.join(','),
        bytes.join(', '),
      ]
    },
  )
  const shown = { ...keys, access: keys.access() }
  const printed = inspect(shown, { depth: 10, showHidden: true }) + JSON.stringify(shown)
  expect([SECRET, ...secrets].filter((secret) => printed.includes(secret))).toEqual([])
})

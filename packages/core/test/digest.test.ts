import { createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { equalInConstantTime, mac, sha256 } from '../src/crypto/digest.ts'

const toBase64url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url')

it.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
])('hashes %j as FIPS 180-4 says', (text, hex) => {
  expect(sha256(text)).toBe(toBase64url(hex))
})

it('authenticates as RFC 4231, test case 2, says', () => {
  const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  const key = createSecretKey(Buffer.from('Jefe'))
  expect(mac(key, 'what do ya want for nothing?')).toBe(toBase64url(expected))
})

it('S019 tells parts from each other and keys from each other', () => {
  const key = createSecretKey(Buffer.alloc(32, 1))
  const macs = [
    mac(key, 'activate', 'user', '123456'),
    mac(key, 'reset_password', 'user', '123456'),
    mac(key, 'activate', 'other', '123456'),
    mac(key, 'activate', 'user1', '23456'),
    mac(key, 'activate', 'user', '123457'),
    mac(createSecretKey(Buffer.alloc(32, 2)), 'activate', 'user', '123456'),
  ]
  expect(new Set(macs).size).toBe(macs.length)
})

it('S108 finds equal what is equal, and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(equalInConstantTime(a, a)).toBe(true)
      expect(equalInConstantTime(a, b)).toBe(Buffer.from(a).equals(Buffer.from(b)))
      expect(equalInConstantTime(a, `${a}x`)).toBe(false)
    }),
  )
})

it('S108 compares texts of one length but different size in bytes without an exception', () => {
  expect(equalInConstantTime('é', 'e')).toBe(false)
  expect(equalInConstantTime('', 'e')).toBe(false)
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { idsInOrder, newId, randomDigits, randomToken } from '../src/crypto/random.ts'

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

it('lays an id out as the example of RFC 9562, appendix A.6', () => {
  const id = newId(new Date('2022-02-22T19:22:22Z'))
  expect(id).toMatch(UUID_V7)
  expect(id.slice(0, 13)).toBe('017f22e2-79b0')
})

it('keeps the time in the id to the millisecond, and so the order of ids', () => {
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 })
  fc.assert(
    fc.property(time, time, (a, b) => {
      const [first, second] = [newId(new Date(a)), newId(new Date(b))]
      expect(first).toMatch(UUID_V7)
      expect(Number.parseInt(first.slice(0, 8) + first.slice(9, 13), 16)).toBe(a)
      if (a < b) expect(first < second).toBe(true)
    }),
  )
})

it('makes ids in order, also within a millisecond and when the clock goes back', () => {
  const nextId = idsInOrder()
  const ids = [5, 5, 5, 6, 6, 4, 4].map((time) => nextId(new Date(time)))
  const [...sorted] = ids.toSorted()
  expect(sorted).toEqual([ids[5], ids[6], ids[0], ids[1], ids[2], ids[3], ids[4]])
  const many = Array.from({ length: 5000 }, () => nextId(new Date(7)))
  expect(many.slice(0, 4096).toSorted()).toEqual(many.slice(0, 4096))
  for (const id of [...ids, ...many]) expect(id).toMatch(UUID_V7)
  expect(new Set(many).size).toBe(5000)
})

it('S107 gives each id of one millisecond its own 74 random bits', () => {
  const now = new Date('2030-01-01T00:00:00Z')
  const ids = Array.from({ length: 10_000 }, () => newId(now))
  expect(new Set(ids).size).toBe(ids.length)
  // Each random bit is set in about half of the ids; 6 standard deviations are 300.
  const bits = ids.map((id) => BigInt(`0x${id.replaceAll('-', '').slice(12)}`))
  const isFixed = (bit: number) => bit >= 76 || bit === 63 || bit === 62
  for (let bit = 0; bit < 80; bit += 1) {
    const set = bits.filter((value) => (value >> BigInt(bit)) & 1n).length
    if (!isFixed(bit)) expect(Math.abs(set - 5000)).toBeLessThan(300)
  }
})

it('S019 S107 makes tokens of 32 bytes in 43 characters, no two alike', () => {
  const tokens = Array.from({ length: 10_000 }, () => randomToken(32))
  expect(tokens.every((token) => /^[A-Za-z0-9_-]{43}$/.test(token))).toBe(true)
  expect(new Set(tokens).size).toBe(tokens.length)
})

it.each([6, 8])('S107 keeps the leading zeros of a code of %i digits, each as likely', (length) => {
  const codes = Array.from({ length: 20_000 }, () => randomDigits(length))
  expect(codes.every((code) => code.length === length && /^\d+$/.test(code))).toBe(true)
  for (const place of [0, length - 1]) {
    const counts = Array.from({ length: 10 }, () => 0)
    for (const code of codes) counts[Number(code[place])] = (counts[Number(code[place])] ?? 0) + 1
    // Chi-squared with 9 degrees of freedom exceeds 60 once in a thousand million times.
    const expected = codes.length / 10
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(chiSquared).toBeLessThan(60)
  }
})

import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalIp, networkOf } from '../src/ip-address.ts'

const group = fc.integer({ min: 0, max: 0xffff })
const groups = fc.array(group, { minLength: 8, maxLength: 8 })
const octets = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 })

/** An address in one of the ways in which it may be written. */
function written(parts: readonly number[], style: readonly boolean[]): string {
  const [isPadded, isUpper, isShort] = style
  const texts = parts.map((part) => part.toString(16).padStart(isPadded ? 4 : 1, '0'))
  const text = texts.join(':')
  const shortened = isShort
    ? text.replace(/(?:^|:)0{1,4}(?::0{1,4})+(?=:|$)/, (zeros) =>
        zeros.startsWith(':') ? ':' : '::',
      )
    : text
  const valid = isIP(shortened) === 6 ? shortened : text
  return isUpper ? valid.toUpperCase() : valid
}

const style = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 })

describe('S031 an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::FFFF:102:304', '1.2.3.4'],
    ['0:0:0:0:0:ffff:0102:0304', '1.2.3.4'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['2001:DB8::A', '2001:db8:0:0:0:0:0:a'],
    ['2001:0db8:0000:0000:0000:0000:0000:000a', '2001:db8:0:0:0:0:0:a'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0:0:0:c000:207'],
    ['1::', '1:0:0:0:0:0:0:0'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalIp(text)).toBe(canonical)
  })

  it.each([
    '',
    'unknown',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    ':::',
    '::1::',
    '12345::',
    'localhost',
    '1.2.3.4/8',
    '%',
  ])('%j is none', (text) => {
    expect(canonicalIp(text)).toBeNull()
  })

  it('has one form, however it is written, and that form is its own', () => {
    fc.assert(
      fc.property(groups, style, style, (parts, one, other) => {
        const form = canonicalIp(written(parts, one))
        expect(form).not.toBeNull()
        expect(canonicalIp(written(parts, other))).toBe(form)
        expect(canonicalIp(form ?? '')).toBe(form)
      }),
    )
  })

  it('has a form that no other address has', () => {
    fc.assert(
      fc.property(groups, groups, (one, other) => {
        fc.pre(one.join() !== other.join())
        expect(canonicalIp(written(one, []))).not.toBe(canonicalIp(written(other, [])))
      }),
    )
  })

  it('of IPv4 is the same in IPv6, in dots and in groups', () => {
    fc.assert(
      fc.property(octets, ([a = 0, b = 0, c = 0, d = 0]) => {
        const dotted = `${a}.${b}.${c}.${d}`
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        for (const text of [dotted, `::ffff:${dotted}`, `::FFFF:${hex}`, `0:0:0:0:0:ffff:${hex}`]) {
          expect(networkOf(canonicalIp(text) ?? '')).toBe(dotted)
        }
      }),
    )
  })

  it('of IPv6 counts with its /64, and with no other', () => {
    fc.assert(
      fc.property(groups, groups, (one, other) => {
        const [first, second] = [one, other].map((parts) => canonicalIp(written(parts, [])) ?? '')
        fc.pre([first, second].every((text) => text?.includes(':')))
        const list = new BlockList()
        list.addSubnet(first ?? '', 64, 'ipv6')
        const sameHalf = canonicalIp(written([...one.slice(0, 4), ...other.slice(4)], [])) ?? ''
        if (sameHalf.includes(':')) expect(networkOf(sameHalf)).toBe(networkOf(first ?? ''))
        expect(networkOf(second ?? '') === networkOf(first ?? '')).toBe(
          list.check(second ?? '', 'ipv6'),
        )
      }),
    )
  })
})

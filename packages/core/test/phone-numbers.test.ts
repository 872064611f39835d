import fc from 'fast-check'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../src/errors.ts'
import { phoneParser } from '../src/phone-numbers.ts'

const international = phoneParser(undefined)
const american = phoneParser('US')
const german = phoneParser('DE')

const digit = fc.constantFrom(...'0123456789')
/** A number of the United States that can exist. */
const known = fc
  .tuple(
    fc.constantFrom('202', '212', '305', '415', '617'),
    fc.constantFrom('2', '3', '5', '9'),
    fc.array(digit, { minLength: 6, maxLength: 6 }),
  )
  .map(([area, first, rest]) => `+1${area}${first}${rest.join('')}`)
  .filter((number) => international(number) !== null)

describe('a phone number', () => {
  it.each([
    '+12025550100',
    '+1 (202) 555-0100',
    '+1 202 555 0100',
    '+1-202-555-0100',
    '+1.202.555.0100',
    '+1 202/555/0100',
    '+1(202)5550100',
  ])('S013 %j is +12025550100', (text) => {
    for (const parse of [international, american, german]) expect(parse(text)).toBe('+12025550100')
  })

  it.each(['2025550100', '(202) 555-0100', '202-555-0100', '1 202 555 0100', '011 1 202 555 0100'])(
    'S013 %j is +12025550100 where the default country says so, and none without one',
    (text) => {
      expect(american(text)).toBe('+12025550100')
      expect(international(text)).toBeNull()
    },
  )

  it.each(['+19002345678', '+449098790000', '+41900123456', '+870773111632', '+18002345678'])(
    'S022 %s costs whoever sends to it, or is nobody’s own: it is none',
    (text) => expect(international(text)).toBeNull(),
  )

  it('S013 of another country needs its code, whatever the default', () => {
    expect(german('030 901820')).toBe('+4930901820')
    expect(american('030 901820')).toBeNull()
    expect(american('+49 30 901820')).toBe('+4930901820')
    expect(american('+49 (0)30 901820')).toBe('+4930901820')
  })

  it.each([
    '',
    '+',
    '+1',
    '+120255501',
    '+1202555010099',
    '+99912025550100',
    '+10005550100',
    '++12025550100',
    '+1+2025550100',
    ' +12025550100',
    '+12025550100 ',
    '+12025550100\n',
    '+12025550100\0',
    '+1 202 555\u00a00100', // no-break space
    '+1 202 555\u2010 0100', // hyphen
    '\uff0b12025550100', // full-width plus sign
    '+\uff11\uff122025550100', // full-width digits
    '+\u0661\u0662025550100', // Arabic digits
    '\u202a+12025550100\u202c', // as some address books copy it
    '+1202555\u200b0100',
    '+1 202 555 0100 ext. 7',
    '+12025550100x7',
    '+12025550100;ext=7',
    '+12025550100,,7',
    'tel:+12025550100',
    'tel:2025550100;phone-context=+1',
    '+1-800-FLOWERS',
    '+12025550100, +12025550101',
    '+12025550100+12025550101',
    '12025550100@example.org',
    `+1${'2025550100'.repeat(4)}`,
    `+1 ${' '.repeat(40)}2025550100`,
  ])('S014 S015 S017 %j is none', (text) => {
    for (const parse of [international, american, german]) expect(parse(text)).toBeNull()
  })

  it('S013 of any country is one number in every way to write it, and keeps its form when it is read again', () => {
    for (const country of getCountries()) {
      const example = getExampleNumber(country, examples)
      if (example === undefined) continue
      const national = phoneParser(country)
      const { number } = example
      expect(international(number), country).toBe(number)
      expect(international(example.formatInternational()), country).toBe(number)
      expect(national(example.formatNational()), country).toBe(number)
    }
  })

  it('S013 keeps its form when it is read again, by whatever default country', () => {
    const some = fc.oneof(
      known,
      fc.array(digit, { minLength: 6, maxLength: 15 }).map((digits) => `+${digits.join('')}`),
      fc.string({ unit: fc.constantFrom(...'0123456789+()-. /'), maxLength: 20 }),
    )
    fc.assert(
      fc.property(some, (text) => {
        for (const parse of [international, american, german]) {
          const canonical = parse(text)
          if (canonical === null) continue
          expect(canonical).toMatch(/^\+[1-9]\d{6,14}$/)
          for (const again of [international, american, german]) {
            expect(again(canonical)).toBe(canonical)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('S013 is one number whatever stands between its digits', () => {
    const between = fc.constantFrom('', ' ', '-', '.', '/')
    fc.assert(
      fc.property(known, fc.array(between, { minLength: 9, maxLength: 9 }), (number, marks) => {
        const [country, rest] = [number.slice(0, 2), number.slice(2)]
        const text = [...rest].map((one, at) => one + (marks[at] ?? '')).join('')
        expect(international(`${country} ${text}`)).toBe(number)
      }),
    )
  })

  it('is read under the rules of a country that exists', () => {
    for (const country of ['', 'XX', 'us', 'USA', '1', '__proto__']) {
      expect(() => phoneParser(country)).toThrow(ConfigurationError)
    }
  })
})

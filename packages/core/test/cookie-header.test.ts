import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CookieAttributes, cookieIn, setCookieLine } from '../src/http/cookie-header.ts'

const NAME = '__Host-at'
const refused = expect.objectContaining({ code: 'invalid_request' })

// RFC 6265bis, section 4.1.1.
const octets = "!#$%&'()*+-./0123456789:<=>?@ABCXYZ[]^_`abcxyz{|}~"
const values = fc.string({ unit: fc.constantFrom(...octets), minLength: 1 })
const names = fc.string({ unit: fc.constantFrom(...'_-atHosAT09'), minLength: 1 })

describe('S069 reading cookies', () => {
  it('finds ours wherever it stands, byte for byte as it was sent', async () => {
    const others = fc.array(fc.tuple(names, values), { maxLength: 5 })
    const cases = fc.tuple(others, others, values)
    await fc.assert(
      fc.property(cases, ([before, behind, value]) => {
        const isOther = ([name]: readonly [string, string]) => name !== NAME
        const pairs = [...before.filter(isOther), [NAME, value], ...behind.filter(isOther)]
        const header = pairs.map((pair) => pair.join('=')).join('; ')
        return cookieIn(header, NAME) === value
      }),
    )
  })

  it('finds nothing where no pair begins with exactly its name', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (header) => {
        const isThere = header.split(';').some((pair) => /^ *__Host-at=./s.test(pair))
        return isThere || cookieIn(header, NAME) === null
      }),
    )
  })

  it('refuses it twice, with one value or two, with or without', async () => {
    const two = fc.tuple(fc.option(values, { nil: '' }), fc.option(values, { nil: '' }), values)
    await fc.assert(
      fc.property(two, ([one, other, between]) => {
        const header = `${NAME}=${one}; theme=${between}; ${NAME}=${other}`
        expect(() => cookieIn(header, NAME)).toThrow(refused)
      }),
    )
  })

  it('takes an empty value for none', () => {
    for (const header of ['', `${NAME}=`, `${NAME}`, `${NAME}; theme=dark`, ';;;']) {
      expect(cookieIn(header, NAME)).toBeNull()
    }
  })

  it('does not unquote, decode, trim or fold', () => {
    const table: readonly (readonly [string, string | null])[] = [
      [`${NAME}="x"`, '"x"'],
      [`${NAME}=%41`, '%41'],
      [`${NAME}= x `, ' x '],
      [`${NAME}=x=y`, 'x=y'],
      [`   ${NAME}=x`, 'x'],
      [`\t${NAME}=x`, null],
      [`\u2000${NAME}=x`, null],
      [`\xa0${NAME}=x`, null],
      [`__host-at=x`, null],
      [`${NAME} =x`, null],
      [`__Host%2Dat=x`, null],
      [`=${NAME}=x`, null],
      [`$Version=1; ${NAME}=x; $Path=/`, 'x'],
      [`theme="; ${NAME}=x"`, 'x"'],
    ]
    for (const [header, value] of table)
      expect([header, cookieIn(header, NAME)]).toEqual([header, value])
  })

  it('S098 knows names that mean something to JavaScript as names', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(cookieIn(`${name}=x`, NAME)).toBeNull()
      expect(cookieIn('a=b', name)).toBeNull()
      expect(cookieIn(`${name}=x`, name)).toBe('x')
    }
  })

  it('S096 reads what is long in a time that grows with its length, up to a bound', () => {
    const long = `${' '.repeat(30_000)};${'a=b;'.repeat(7000)}${NAME}=x`
    expect(cookieIn(long, NAME)).toBe('x')
    expect(() => cookieIn('a'.repeat(64 * 1024 + 1), NAME)).toThrow(refused)
  })
})

describe('S067 writing cookies', () => {
  const attributes: CookieAttributes = {
    isSecure: true,
    isHttpOnly: true,
    sameSite: 'Lax',
    maxAge: 60,
  }

  it('names every attribute, and no domain', () => {
    expect(setCookieLine(NAME, 'x', attributes)).toBe(
      '__Host-at=x; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax',
    )
    const bare = { isSecure: false, isHttpOnly: false, sameSite: 'Strict', maxAge: null } as const
    expect(setCookieLine('at', '', bare)).toBe('at=; Path=/; SameSite=Strict')
  })

  it('S101 refuses every character that could end the value or the line', async () => {
    const bad = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => /[^\w.-]/.test(text))
    await fc.assert(
      fc.property(bad, (text) => {
        expect(() => setCookieLine(NAME, text, attributes)).toThrow('characters')
        expect(() => setCookieLine(text, 'x', attributes)).toThrow('characters')
      }),
    )
  })

  it('refuses what a browser would drop for its length', () => {
    const fits = 'x'.repeat(4096 - NAME.length)
    expect(setCookieLine(NAME, fits, attributes)).toContain(fits)
    expect(() => setCookieLine(NAME, `${fits}x`, attributes)).toThrow('too long')
  })
})

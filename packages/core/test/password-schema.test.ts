import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonPasswords } from '../src/common-passwords.ts'
import { AuthError } from '../src/errors.ts'
import { parseInput } from '../src/input.ts'
import { passwordSchema } from '../src/passwords.ts'

function read(password: unknown): string | null {
  return passwordSchema().safeParse(password).data ?? null
}

describe('a password at the door', () => {
  it('S002 has at most 256 code points, however many units or letters with marks they take', () => {
    expect(read('a'.repeat(256))).toHaveLength(256)
    expect(read('a'.repeat(257))).toBeNull()
    expect(read('😀'.repeat(256))).toBe('😀'.repeat(256))
    expect(read('😀'.repeat(257))).toBeNull()
    expect(read('e\u0301'.repeat(256))).toBe('é'.repeat(256))
  })

  it('S002 has at most 1024 bytes, also when its normal form is longer than what came', () => {
    expect(Buffer.byteLength(read('😀'.repeat(256)) ?? '')).toBe(1024)
    expect(read('a'.repeat(1025))).toBeNull()
    // NFC writes this one character of 2 units as 3 characters of 12 bytes.
    expect(Buffer.byteLength('\u{1D160}'.normalize('NFC'))).toBe(12)
    expect(read('\u{1D160}'.repeat(85))).toHaveLength(85 * 6)
    expect(read('\u{1D160}'.repeat(86))).toBeNull()
  })

  it('S003 takes every printable ASCII character and keeps spaces where they are', () => {
    const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('')
    expect(read(printable)).toBe(printable)
    expect(read('  two  inside  ')).toBe('  two  inside  ')
  })

  it('S004 turns other spaces into plain ones and composes letters, and folds nothing else', () => {
    expect(read('a\u00a0b\u3000c\u2009d')).toBe('a b c d')
    expect(read('cafe\u0301')).toBe('café')
    for (const kept of ['ﬀ', 'ＡＢＣ', 'ABC', 'ß', 'ſ', '①']) expect(read(kept)).toBe(kept)
  })

  it('S004 gives one form to all spellings that Unicode calls canonically equal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (text) => {
        expect(read(text.normalize('NFD'))).toBe(read(text.normalize('NFC')))
      }),
    )
  })

  it('S004 leaves its own form as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const once = read(text)
        if (once !== null) expect(read(once)).toBe(once)
      }),
    )
  })

  it.each([
    '',
    'a\0b',
    'tab\there',
    'line\nbreak',
    'delete\u007f',
    'c1\u0085',
    '\ud800',
    'x\udc00y',
  ])('S004 S005 refuses %j', (password) => {
    expect(read(password)).toBeNull()
  })

  it.each([undefined, null, 0, true, ['a', 'b'], { $ne: 1 }])('S025 refuses %j', (password) => {
    expect(read(password)).toBeNull()
  })

  it('S102 never repeats the password when it refuses it', () => {
    const password = `secret-${'x'.repeat(300)}\0`
    try {
      parseInput(passwordSchema, password)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(AuthError)
      expect(JSON.stringify(error) + String(error)).not.toContain('secret-')
    }
  })
})

describe('the bundled list of common passwords', () => {
  it('S006 has at least 3000 that the shortest allowed length would let pass', () => {
    const long = [...commonPasswords()].filter((password) => [...password].length >= 8)
    expect(long.length).toBeGreaterThanOrEqual(3000)
  })

  it('S006 is as long and as large as docs/passwords.md says', () => {
    const told = readFileSync(new URL('../../../docs/passwords.md', import.meta.url), 'utf8')
    const source = readFileSync(new URL('../src/common-passwords.ts', import.meta.url), 'utf8')
    const packed = / '([\w+/=]{1000,})'/.exec(source)?.[1] ?? ''
    const beyond = [...commonPasswords()].filter((password) => [...password].length >= 15)
    expect(told).toContain(`none of the ${commonPasswords().size.toLocaleString('en')} most common`)
    expect(told).toContain(`only ${beyond.length} passwords are that long`)
    expect(told).toContain(`${Math.round(packed.length / 1024)} KiB`)
  })

  it.each([
    'password1',
    'iloveyou',
    'qwertyuiop',
    '12345678',
    'sunshine',
    'letmein1',
    'password123',
  ])('S006 knows %s', (password) => {
    expect(commonPasswords().has(password)).toBe(true)
  })

  it('S006 is in the form in which passwords are compared', () => {
    for (const password of commonPasswords()) {
      if (read(password)?.toLowerCase() !== password) expect.unreachable(JSON.stringify(password))
    }
  })
})

it.each([
  ['257 characters', 'a'.repeat(257)],
  ['more than 1024 bytes', '\u{1f511}'.repeat(257)],
  ['1025 characters', 'a'.repeat(1025)],
])('says of %s that they are too many', (_what, password) => {
  expect(() => parseInput(passwordSchema, password)).toThrow(
    expect.objectContaining({
      errors: expect.arrayContaining([expect.objectContaining({ code: 'too_long' })]),
    }),
  )
})

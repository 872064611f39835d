import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Settings } from '../src/context.ts'
import { AuthError } from '../src/errors.ts'
import { canonicalForm, readIdentifier, readIdentifiers } from '../src/identifiers.ts'
import { phoneParser } from '../src/phone-numbers.ts'
import type { IdentifierKind } from '../src/records.ts'

const KINDS = ['email', 'username', 'phone'] as const
const ID = '0190a5f2-0000-7000-8000-000000000000'

/** Where accounts are known by these. */
function known(
  identifiers: readonly IdentifierKind[] = KINDS,
  optionalIdentifiers: readonly IdentifierKind[] = [],
) {
  // What else there is to set has nothing to do with identifiers.
  const settings = { identifiers, optionalIdentifiers, parsePhone: phoneParser('US') }
  return { settings: settings as unknown as Settings }
}

const letters = fc.constantFrom(...'abcxyz')
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZx0123456789._-@+()/ ,;:'), maxLength: 24 }),
  fc.string({ unit: fc.constantFrom(...'0123456789-. ()+'), minLength: 7, maxLength: 16 }),
  fc.string({ unit: fc.constantFrom(...'0123456789x._-'), minLength: 7, maxLength: 32 }),
  fc.tuple(fc.string({ unit: letters, minLength: 1 }), fc.nat()).map(([a, b]) => `${a}${b}`),
  fc.emailAddress(),
  fc.uuid(),
  fc.uuid().map((id) => id.replaceAll('-', '')),
  fc.string({ unit: 'binary' }),
)

/** Which kinds of identifier the text can be. */
function kindsOf(identifier: string): IdentifierKind[] {
  return KINDS.filter((kind) => canonicalForm(known(), kind, identifier, true) !== null)
}

describe('a text', () => {
  it('S017 is of one kind at most, and read as that', () => {
    fc.assert(
      fc.property(text, (some) => {
        const kinds = kindsOf(some)
        expect(kinds.length).toBeLessThanOrEqual(1)
        expect(readIdentifier(known(), some)?.kind).toBe(kinds[0])
      }),
      { numRuns: 2000 },
    )
  })

  it('S013 has a canonical form that is its own, of the same kind', () => {
    fc.assert(
      fc.property(text, (some) => {
        const read = readIdentifier(known(), some)
        if (read !== null) expect(readIdentifier(known(), read.value)).toEqual(read)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['ada@example.org', 'email'],
    ['2025550100@example.org', 'email'],
    ['ada', 'username'],
    ['2025550100x', 'username'],
    ['20e5550100', 'username'],
    ['2025550100', 'phone'],
    ['202-555-0100', 'phone'],
    ['+12025550100', 'phone'],
    ['202.555.0100', 'phone'],
  ])('S017 %j is a %s and nothing else', (some, kind) => {
    expect(kindsOf(some)).toEqual([kind])
    expect(readIdentifier(known(), some)?.kind).toBe(kind)
  })

  it.each([ID, ID.toUpperCase(), ID.replaceAll('-', ''), '2025550199999', '1.2.3', '___', ''])(
    'S017 %j is no identifier at all',
    (some) => {
      expect(kindsOf(some)).toEqual([])
      expect(readIdentifier(known(), some)).toBeNull()
    },
  )

  it('S017 of a kind that is not configured names nobody', () => {
    for (const [some, kind] of [
      ['ada@example.org', 'email'],
      ['ada', 'username'],
      ['+12025550100', 'phone'],
    ] as const) {
      const others = KINDS.filter((one) => one !== kind)
      expect(readIdentifier(known(others), some)).toBeNull()
      expect(readIdentifier(known([kind]), some)).toMatchObject({ kind })
    }
  })
})

describe('the identifiers of a new account', () => {
  const all = { email: 'Ada@Example.org', username: 'Ada', phone: '(202) 555-0100' }

  function refused(...input: Parameters<typeof readIdentifiers>) {
    try {
      readIdentifiers(...input)
    } catch (error) {
      return error instanceof AuthError
        ? error.errors.map(({ pointer, code }) => [pointer, code])
        : error
    }
    return 'accepted'
  }

  it('S013 are read in both forms', () => {
    expect(readIdentifiers(known(), all)).toEqual({
      email: { canonical: 'ada@example.org', asTyped: 'Ada@Example.org' },
      username: { canonical: 'ada', asTyped: 'Ada' },
      phone: { canonical: '+12025550100', asTyped: '(202) 555-0100' },
    })
  })

  it('are all of the kinds that are configured, and none besides', () => {
    expect(refused(known(), {})).toEqual([
      ['/email', 'required'],
      ['/username', 'required'],
      ['/phone', 'required'],
    ])
    expect(refused(known(['phone']), all)).toEqual([
      ['/email', 'not_accepted'],
      ['/username', 'not_accepted'],
    ])
  })

  it('may lack those that are optional, and may not have them wrong', () => {
    const ctx = known(KINDS, ['username', 'phone'])
    const { email } = all
    expect(readIdentifiers(ctx, { email })).toMatchObject({ username: null, phone: null })
    expect(refused(ctx, { email, username: 'a b', phone: '' })).toEqual([
      ['/username', 'invalid'],
      ['/phone', 'invalid'],
    ])
    expect(refused(ctx, { username: 'ada' })).toEqual([['/email', 'required']])
  })

  it('S017 are each of its own kind', () => {
    const mixed = { email: '+12025550100', username: 'ada@example.org', phone: 'ada' }
    expect(refused(known(), mixed)).toEqual([
      ['/email', 'invalid'],
      ['/username', 'invalid'],
      ['/phone', 'invalid'],
    ])
    for (const username of ['2025550100', '+12025550100', ID, ID.replaceAll('-', '')]) {
      expect(refused(known(), { ...all, username }, { trusted: true })).toEqual([
        ['/username', 'invalid'],
      ])
    }
  })
})

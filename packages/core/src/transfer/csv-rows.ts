import type { InputError } from '../errors.ts'
import { pointer } from '../input.ts'
import { isKnownColumn, PROFILE_COLUMN } from './columns.ts'
import { type CsvRecord, csvRecords } from './csv-records.ts'
import { withoutApostrophe } from './formula-safety.ts'
import { brokenRow, readableRow, type SourceRow, tooLong } from './source-row.ts'

/** Reads CSV with a header. Empty cells count as missing, blank lines for nothing. */
export async function* csvRows(source: AsyncIterable<Uint8Array>): AsyncGenerator<SourceRow> {
  let columns: readonly string[] | null = null
  let row = 0
  for await (const record of csvRecords(source)) {
    if (isBlank(record)) continue
    if (columns === null) {
      columns = columnsOf(record)
      if (!isHeader(columns)) break
      yield* unknownColumns(columns, record.line)
      continue
    }
    row += 1
    yield rowOf(row, record, columns)
  }
  if (columns === null || !isHeader(columns)) yield brokenRow(0, 1, 'invalid', NO_HEADER, LAST)
}

const NO_HEADER =
  'Give a first line with the names of the columns, with commas between them, in UTF-8, each of them once.'
const LAST = { last: true }

function isBlank({ cells }: CsvRecord): boolean {
  return cells?.length === 1 && cells[0] === ''
}

function columnsOf({ cells }: CsvRecord): readonly string[] {
  return (cells ?? []).map((cell) => (textOf(cell) ?? '').trim())
}

function isHeader(columns: readonly string[]): boolean {
  return columns.some(isKnownColumn) && new Set(columns).size === columns.length
}

const MAX_TOLD = 16

/** Said once, and not of each row. */
function* unknownColumns(columns: readonly string[], line: number): Generator<SourceRow> {
  const unknown = columns.filter((name) => !isKnownColumn(name)).slice(0, MAX_TOLD)
  if (unknown.length === 0) return
  yield { row: 0, line, value: null, errors: unknown.map(unknownColumn), last: false }
}

function unknownColumn(name: string): InputError {
  return { pointer: pointer([name]), code: 'unknown_member', detail: 'There is no such column.' }
}

function rowOf(row: number, { line, cells }: CsvRecord, columns: readonly string[]): SourceRow {
  if (cells === null) {
    return brokenRow(row, line, 'too_long', `${tooLong} Is the end of a quote missing?`, LAST)
  }
  if (cells.length !== columns.length) {
    return brokenRow(row, line, 'invalid', `Give ${columns.length} cells, as the header has.`)
  }
  const texts = cells.map(textOf)
  return texts.every((text) => text !== null)
    ? readableRow(row, line, membersOf(columns, texts))
    : brokenRow(row, line, 'invalid', 'Give text in UTF-8.')
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of a cell of bytes; `null` when it is not UTF-8. */
function textOf(cell: string): string | null {
  if (!/[\x80-\xff]/.test(cell)) return withoutApostrophe(cell)
  try {
    return withoutApostrophe(decoder.decode(Buffer.from(cell, 'latin1')))
  } catch {
    return null
  }
}

function membersOf(columns: readonly string[], texts: readonly string[]): object {
  const members: [string, unknown][] = []
  const profile: [string, unknown][] = []
  for (const [index, name] of columns.entries()) {
    const text = texts[index] ?? ''
    if (text === '') continue
    if (name.startsWith(PROFILE_COLUMN)) profile.push([name.slice(PROFILE_COLUMN.length), text])
    else if (isKnownColumn(name)) members.push([name, valueIn(name, text)])
  }
  const known = Object.fromEntries(members)
  // A profile that is no object is refused as such.
  const { profile: whole = {} } = known
  if (profile.length === 0 || !isObject(whole)) return known
  return { ...known, profile: { ...whole, ...Object.fromEntries(profile) } }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a text stands for in this column. What stands for nothing stays a text, which is of the wrong type. */
function valueIn(column: string, text: string): unknown {
  if (column === 'roles') return text.split(/[\s,;]+/).filter((role) => role !== '')
  if (column === 'emailVerified' || column === 'phoneVerified')
    return booleans.get(text.toLowerCase()) ?? text
  return column === 'profile' ? objectIn(text) : text
}

// Spreadsheets write them in capitals.
const booleans = new Map([
  ['true', true],
  ['false', false],
])

function objectIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

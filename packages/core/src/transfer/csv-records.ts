import { pipeline } from 'node:stream'
import type { Info, Options } from 'csv-parse'
import { type LineCount, lineCount } from './line-count.ts'
import { MAX_RECORD } from './source-row.ts'

const PIECE = 64 * 1024

/** A record of CSV: its cells, or nothing where it cannot be told where it ends. Then it is the last. */
export interface CsvRecord {
  /** Where it begins. */
  readonly line: number
  /** Each character is a byte. */
  readonly cells: readonly string[] | null
}

/**
 * Reads CSV (RFC 4180) with LF or CRLF. A quote in the wrong place is a character like others, so that it spoils its own
 * record alone. Loads the parser with the first import: most processes make none.
 */
export async function* csvRecords(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const { parse } = await import('csv-parse')
  const lines = lineCount()
  const options: Options<CsvRecord, string[]> = {
    // Bytes, for the parser would make something else of what is not UTF-8 without a word.
    encoding: 'latin1',
    record_delimiter: ['\r\n', '\n'],
    max_record_size: MAX_RECORD,
    relax_column_count: true,
    relax_quotes: true,
    skip_records_with_error: true,
    on_record: (cells, info) => wholeRecord(cells, info, lines),
    on_skip(error) {
      // Too long, or a quote without an end. To go on at the next line would take what somebody wrote into a cell for
      // records of its own.
      parser.push({ line: 1 + lines.before(Number(error?.bytes)), cells: null })
    },
  }
  // The types of the parser know no records of another form than its own.
  const parser = parse(options as object)
  pipeline(counted(source, lines), parser, () => {}) // its errors come out of the parser
  for await (const record of parser as AsyncIterable<CsvRecord>) {
    yield record
    if (record.cells === null) return
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  lines: LineCount,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    // The parser makes all records of what it is given at once, and whoever waits meanwhile, waits for that.
    for (let at = 0; at < chunk.length; at += PIECE) {
      const piece = chunk.subarray(at, at + PIECE)
      lines.add(piece)
      yield piece
    }
  }
}

/** The last byte of a record is the end of its line, or of the text. */
function wholeRecord(cells: readonly string[], { bytes }: Info, lines: LineCount): CsvRecord {
  return { line: 1 + lines.before(bytes - 1) - sum(cells.map(newlinesIn)), cells }
}

function newlinesIn(cell: string): number {
  return cell.includes('\n') ? cell.split('\n').length - 1 : 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

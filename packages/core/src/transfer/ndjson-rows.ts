import { brokenRow, MAX_RECORD, readableRow, type SourceRow, tooLong } from './source-row.ts'

const NEWLINE = 0x0a

/** A line of bytes; `null` for one that is too long to be kept. */
interface Line {
  readonly number: number
  readonly bytes: Uint8Array | null
}

/** Reads newline-delimited JSON, one object a line. Blank lines count for nothing. */
export async function* ndjsonRows(source: AsyncIterable<Uint8Array>): AsyncGenerator<SourceRow> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let row = 0
  for await (const { number, bytes } of linesOf(source)) {
    if (bytes !== null && isBlank(bytes)) continue
    row += 1
    yield bytes === null
      ? brokenRow(row, number, 'too_long', tooLong)
      : rowOf(row, number, bytes, decoder)
  }
}

function rowOf(
  row: number,
  line: number,
  bytes: Uint8Array,
  decoder: InstanceType<typeof TextDecoder>,
): SourceRow {
  try {
    return readableRow(row, line, JSON.parse(decoder.decode(bytes)))
  } catch {
    return brokenRow(row, line, 'invalid', 'Give one JSON object in UTF-8 on each line.')
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}

async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const pending = pendingLine()
  let number = 0
  for await (const chunk of source) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      number += 1
      pending.add(chunk.subarray(start, end))
      yield { number, bytes: pending.take() }
      start = end + 1
    }
    pending.add(chunk.subarray(start))
  }
  // A blank rest is no line, and counts for nothing.
  yield { number: number + 1, bytes: pending.take() }
}

/** Collects what comes of a line, as long as it may be kept. */
function pendingLine() {
  let pieces: Uint8Array[] = []
  let length = 0
  return {
    add(piece: Uint8Array): void {
      length += piece.length
      if (length > MAX_RECORD) pieces = []
      else pieces.push(piece)
    },
    take(): Uint8Array | null {
      const [first, ...more] = pieces
      const whole = more.length === 0 && first !== undefined ? first : Buffer.concat(pieces)
      const bytes = length > MAX_RECORD ? null : whole
      pieces = []
      length = 0
      return bytes
    },
  }
}

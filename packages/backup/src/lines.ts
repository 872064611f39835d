import { BackupError } from './backup-error.ts'

/** One line of a backup. */
export type Line = Readonly<Record<string, unknown>>

const PIECE = 64 * 1024

/** Lines as JSON, in pieces large enough that the work on each does not count. */
export async function* writeLines(lines: AsyncIterable<Line>): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for await (const line of lines) {
    text += `${JSON.stringify(line)}\n`
    if (text.length < PIECE) continue
    yield encoder.encode(text)
    text = ''
  }
  yield encoder.encode(text)
}

/** The lines of a backup. Rejects with `not_a_backup` for what is none. */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const piece of bytes) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.map(parse)
  }
  if (rest !== '') yield parse(rest)
}

function parse(text: string): Line {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Line
  } catch {
    // Told below; the words of the parser hold pieces of the line.
  }
  throw new BackupError('not_a_backup', 'this is no backup of Latchkey')
}

import { readableRow, type SourceRow } from './source-row.ts'

/** Counts the objects of a source. */
export async function* objectRows(source: AsyncIterable<unknown>): AsyncGenerator<SourceRow> {
  let row = 0
  for await (const value of source) {
    row += 1
    yield readableRow(row, null, value)
  }
}

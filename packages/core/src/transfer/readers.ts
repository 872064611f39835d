import { withoutByteOrderMark } from './byte-order-mark.ts'
import { csvRows } from './csv-rows.ts'
import type { TransferFormat } from './formats.ts'
import { ndjsonRows } from './ndjson-rows.ts'
import type { SourceRow } from './source-row.ts'

type Reader = (source: AsyncIterable<Uint8Array>) => AsyncIterable<SourceRow>

/** How each format is read. */
export const readers: Readonly<Record<TransferFormat, Reader>> = {
  csv: (source) => csvRows(withoutByteOrderMark(source)),
  ndjson: (source) => ndjsonRows(withoutByteOrderMark(source)),
}

import { exportedColumns } from './columns.ts'
import type { ExportedUser } from './exported-user.ts'
import type { TransferFormat } from './formats.ts'
import { withApostrophe } from './formula-safety.ts'

/** Writes exported users as text. */
export interface UserWriter {
  /** What stands before the first of them. */
  readonly head: string
  write(users: readonly ExportedUser[]): string
}

/** How each format is written. What it needs is loaded with the first export: most processes make none. */
export const writers: Readonly<Record<TransferFormat, () => Promise<UserWriter>>> = {
  async csv() {
    const { stringify } = await import('csv-stringify/sync')
    // CRLF, as RFC 4180 says.
    const write = (rows: readonly (readonly string[])[]) =>
      stringify([...rows], { record_delimiter: 'windows' })
    return { head: write([exportedColumns]), write: (users) => write(users.map(cellsOf)) }
  },
  async ndjson() {
    return { head: '', write: (users) => users.map((user) => `${JSON.stringify(user)}\n`).join('') }
  },
}

/** Whatever is in a cell, no spreadsheet runs it (S095). */
function cellsOf(user: ExportedUser): readonly string[] {
  return exportedColumns.map((column) => withApostrophe(cellOf(user, column)))
}

function cellOf(user: ExportedUser, column: (typeof exportedColumns)[number]): string {
  const value = user[column]
  if (value === null) return ''
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

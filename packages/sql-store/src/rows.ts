import { type Columns, columnName, type Kind, membersOf } from './tables.ts'

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>

/** Makes a date, a flag or JSON of what a driver gives. Never called with `null`. */
export type Decode = Readonly<Record<Exclude<Kind, 'plain'>, (value: unknown) => unknown>>

/** Makes records of rows. With a prefix, of the columns whose names begin with it. */
export function rowReader<Rec>(
  columns: Columns<Rec>,
  decode: Decode,
  prefix = '',
): (row: Row) => Rec {
  const cells = membersOf(columns).map((member) => {
    const kind: Kind = columns[member]
    return {
      member,
      column: prefix + columnName(member),
      read: kind === 'plain' ? null : decode[kind],
    }
  })
  return (row) => {
    const record: Record<string, unknown> = {}
    for (const { member, column, read } of cells) {
      const value = row[column]
      record[member] = value === null || read === null ? value : read(value)
    }
    return record as Rec
  }
}

import type { UserPatch } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database, Outcome } from './database.ts'
import type { Row } from './rows.ts'
import { type Columns, membersOf, type TableNames } from './tables.ts'

/** A statement that waits for its values. */
export type Verb<Input extends object> = (input: Input) => Promise<Outcome>

/** The record of the first row, `null` when there is none. */
export function first<Rec>({ rows }: Outcome, read: (row: Row) => Rec): Rec | null {
  const [row] = rows
  return row === undefined ? null : read(row)
}

/** The values of all columns, for an insert. */
export function valuesOf<Rec extends object>(columns: Columns<Rec>, record: Rec): Rec {
  const values = membersOf(columns).map((member) => [member, record[member]])
  return Object.fromEntries(values) as Rec
}

/** A column in a fragment of SQL. */
export function column(name: string): RawBuilder<unknown> {
  return sql.ref(name)
}

/** A table in a fragment of SQL: Kysely brings only those of its own builders into the schema. */
export function tableIn(schema: string | null, name: string): RawBuilder<unknown> {
  return sql.table(schema === null ? name : `${schema}.${name}`)
}

/** A table of the store in a fragment of SQL. */
export function tableOf({ place, tables }: Database, name: keyof TableNames): RawBuilder<unknown> {
  return tableIn(place.schema, tables[name])
}

/** Gives the value to MySQL's connection too, which answers it with the count of rows. */
export function lastInsertId(value: RawBuilder<number>): RawBuilder<number> {
  return sql<number>`last_insert_id(${value})`
}

/** What the revocation feed is told of: members whose change revokes something. */
const REVOKING = ['status', 'credentialEpoch', 'claimsVersion'] as const

/** Sets `changedAt` if the patch changes what the revocation feed is told of. */
export function changedAtOf(
  { engine }: Database,
  patch: UserPatch,
): { changedAt?: RawBuilder<Date | null> } {
  const moved = REVOKING.filter((member) => patch[member] !== undefined).map(
    (member) => sql<boolean>`${column(member)} <> ${patch[member]}`,
  )
  if (moved.length === 0) return {}
  return {
    changedAt: sql`case when ${sql.join(moved, sql` or `)} then ${engine.clock} else ${column('changedAt')} end`,
  }
}

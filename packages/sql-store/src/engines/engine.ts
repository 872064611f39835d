import type { Dialect, Kysely, RawBuilder } from 'kysely'
import type { Decode } from '../rows.ts'
import type { SqlStoreError } from '../sql-store-error.ts'

/** The databases, by the language that they speak. MariaDB speaks MySQL. */
export type EngineName = 'sqlite' | 'postgres' | 'mysql'

/** What differs between databases, beside how they say things. */
export interface Engine {
  readonly name: EngineName
  readonly dialect: Dialect
  /** The clock of the database, at the moment at which the statement writes. */
  readonly clock: RawBuilder<Date>
  /** Whether UPDATE and DELETE can answer the rows that they changed. */
  readonly returning: boolean
  readonly decode: Decode
  /** Which column of a unique index refused the statement; `null` for every other error. */
  takenColumn(error: unknown): string | null
  /** Whether the statement did nothing for a reason that passes, such as a lock that somebody else holds. */
  mayRunAgain(error: unknown): boolean
  /** What the error of the driver means, and what to do. */
  explain(error: unknown): SqlStoreError
  /** Says that this statement will run often. */
  keep(sql: string): void
  /** Rejects if the server would not keep what it is given. Asked once, before the first statement. */
  check(db: Kysely<unknown>): Promise<void>
  /** Runs work that may take long, such as migrations, without the limits that hold for verbs. */
  withoutLimits<T>(work: (dialect: Dialect) => Promise<T>): Promise<T>
  /** Closes what the store opened itself. */
  close(): Promise<void>
}

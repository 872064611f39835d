import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { isJson } from './values.ts'

/**
 * What the store needs of a connection to SQLite: a `DatabaseSync` of `node:sqlite` and a database of better-sqlite3
 * both have it.
 */
export interface SqliteConnection {
  /** Prepares one statement. */
  prepare(sql: string): SqliteConnectionStatement
  /** Runs statements that answer nothing. */
  exec(sql: string): unknown
  /** Closes the connection. */
  close(): unknown
}

/** A prepared statement of either library. */
export interface SqliteConnectionStatement {
  /** Runs it and answers all rows. */
  all(...values: never[]): unknown[]
  /** Runs it and answers how many rows it changed. */
  run(...values: never[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  /** Runs it and answers row by row. */
  iterate(...values: never[]): IterableIterator<unknown>
  /** The columns of its answer. `node:sqlite` has it from Node 22.16 on. */
  columns?(): unknown[]
}

/** More than the store has; the others go, the oldest first. */
const CACHED_STATEMENTS = 200

/** Gives Kysely's dialect what it needs, prepares each statement once, and brings values into SQLite's types. */
export function preparing(connection: SqliteConnection): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>()

  function prepare(sql: string): SqliteStatement {
    const statement = connection.prepare(sql)
    normalise(statement)
    return {
      reader: answersRows(statement, sql),
      all: (values) => statement.all(...toSqlite(values)),
      run: (values) => statement.run(...toSqlite(values)),
      iterate: (values) => statement.iterate(...toSqlite(values)),
    }
  }

  return {
    close() {
      prepared.clear()
    },
    prepare(sql) {
      // A transaction that begins by reading cannot wait for its turn to write.
      const text = sql === 'begin' ? 'begin immediate' : sql
      const known = prepared.get(text)
      if (known !== undefined) return known
      const statement = prepare(text)
      const [oldest] = prepared.keys()
      if (oldest !== undefined && prepared.size >= CACHED_STATEMENTS) prepared.delete(oldest)
      prepared.set(text, statement)
      return statement
    },
  }
}

/** better-sqlite3 tells by `reader`, and throws when a statement without rows is asked for its columns. */
function answersRows(statement: SqliteConnectionStatement, sql: string): boolean {
  const { reader } = statement as { reader?: boolean }
  return reader ?? (statement.columns ? statement.columns().length > 0 : READS.test(sql))
}

const READS =
  /^\s*(?:select|values|pragma|explain|with(?!.*\b(?:insert|update|delete)\b))\b|\breturning\b/is

/** Undoes what the connection may have been told of the form of all answers. */
function normalise(statement: SqliteConnectionStatement): void {
  const { setReadBigInts, setReturnArrays, safeIntegers } = statement as {
    setReadBigInts?: (on: boolean) => void
    setReturnArrays?: (on: boolean) => void
    safeIntegers?: (on: boolean) => void
  }
  setReadBigInts?.call(statement, false)
  setReturnArrays?.call(statement, false)
  safeIntegers?.call(statement, false)
}

/** The types of the two libraries have no common type of values. */
function toSqlite(values: readonly unknown[]): never[] {
  return values.map(toSqliteValue) as never[]
}

function toSqliteValue(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.getTime()
  return isJson(value) ? JSON.stringify(value) : value
}

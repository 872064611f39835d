import { type Dialect, type Kysely, SqliteAdapter, SqliteDialect, sql } from 'kysely'
import type { SqlStoreErrorCode } from '../sql-store-error.ts'
import { SqlStoreError } from '../sql-store-error.ts'
import type { Engine } from './engine.ts'
import { CLOSED } from './limits.ts'
import { preparing, type SqliteConnection } from './sqlite-connection.ts'
import { openSqliteFile } from './sqlite-file.ts'
import { parseJson } from './values.ts'

/** SQLite: a path, or a connection of the application. */
export function sqliteEngine(given: string | SqliteConnection): Engine {
  const own = typeof given === 'string'
  const connection = own ? openSqliteFile(given) : given
  const dialect = new SqliteDialect({ database: preparing(connection) })
  let open = true
  return {
    name: 'sqlite',
    dialect,
    clock: sql<Date>`cast(unixepoch('subsec') * 1000 as integer)`,
    returning: true,
    decode: {
      date: (value) => new Date(Number(value)),
      flag: (value) => value === 1,
      json: parseJson,
    },
    takenColumn,
    mayRunAgain: (error) => BUSY.includes(primaryCode(error)),
    explain,
    keep: () => {},
    check: async (_: Kysely<unknown>) => {},
    async withoutLimits(work) {
      if (!own || given === IN_MEMORY) return inTurn(connection, () => work(migrating(connection)))
      // A connection of its own: what verbs write meanwhile must not be undone with a migration that fails.
      const further = openSqliteFile(given)
      try {
        return await work(migrating(further))
      } finally {
        further.close()
      }
    },
    async close() {
      if (own && open) connection.close()
      open = false
    },
  }
}

const IN_MEMORY = ':memory:'

/** Takes all migrations into one transaction: nobody else writes meanwhile, and a crash leaves nothing half done. */
function migrating(connection: SqliteConnection): Dialect {
  return new TransactionalDialect({ database: preparing(connection) })
}

class TransactionalDialect extends SqliteDialect {
  override createAdapter() {
    return new TransactionalAdapter()
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl() {
    return true
  }
}

const turns = new WeakMap<SqliteConnection, Promise<unknown>>()

/** A connection has one transaction at a time. */
function inTurn<T>(connection: SqliteConnection, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(connection) ?? Promise.resolve()).then(work, work)
  turns.set(connection, turn)
  return turn
}

/** Somebody else writes: https://www.sqlite.org/rescode.html#busy, and #locked. */
const BUSY = [5, 6]

const NAMES: Readonly<Record<string, number>> = {
  SQLITE_BUSY: 5,
  SQLITE_LOCKED: 6,
  SQLITE_READONLY: 8,
  SQLITE_IOERR: 10,
  SQLITE_FULL: 13,
  SQLITE_CANTOPEN: 14,
  SQLITE_CONSTRAINT: 19,
  SQLITE_NOTADB: 26,
}

/** The lower byte of the result code. `node:sqlite` gives a number, better-sqlite3 a name. */
function primaryCode(error: unknown): number {
  const { errcode, code } = Object(error) as { errcode?: unknown; code?: unknown }
  if (typeof errcode === 'number') return errcode & 0xff
  const name = Object.keys(NAMES).find((known) => String(code).startsWith(known))
  return NAMES[name ?? ''] ?? 0
}

/** "UNIQUE constraint failed: latchkey_users.email" */
function takenColumn(error: unknown): string | null {
  const told = /^UNIQUE constraint failed: \S+\.(\w+)$/.exec(messageOf(error))
  return told?.[1] ?? null
}

const MEANINGS: Readonly<Record<number, readonly [SqlStoreErrorCode, string]>> = {
  5: ['timeout', 'the SQLite database stayed locked by somebody else for 5 s'],
  6: ['timeout', 'the SQLite database stayed locked by somebody else for 5 s'],
  8: ['access_denied', 'the SQLite database cannot be written: check the permissions of its file'],
  13: ['full', 'the SQLite database, or the disk it is on, is full'],
  14: ['unreachable', 'the SQLite database cannot be opened: check its path and its permissions'],
  26: ['unknown_database', 'the file is not an SQLite database'],
}

function explain(error: unknown): SqlStoreError {
  if (error instanceof SqlStoreError) return error
  if (/is not open$|has been finalized$/.test(messageOf(error))) {
    return new SqlStoreError(CLOSED.code, CLOSED.message, error)
  }
  if (/no such (?:table|column)/.test(messageOf(error))) {
    const missing = `${messageOf(error)}, though the migrations were run: restore it`
    return new SqlStoreError('not_migrated', missing, error)
  }
  const [code, message] = MEANINGS[primaryCode(error)] ?? ['failed', 'SQLite refused a statement']
  return new SqlStoreError(code, message, error)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

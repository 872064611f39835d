import { SqlStoreError } from '../sql-store-error.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

/** While the file is opened, and migrations of another process may hold it, nobody else is served anyway. */
const OPENING_MS = 5000

/** SQLite waits without letting anything else run: it waits briefly, and the store tries again. */
const WAITING_MS = 5

/**
 * Opens the file for many processes: a write-ahead log, so that readers never wait; and every commit on the disk before
 * it is answered, so that no revocation is lost with the power.
 */
export function openSqliteFile(path: string): SqliteConnection {
  const connection = open(path)
  try {
    connection.exec('pragma journal_mode = wal')
    connection.exec('pragma synchronous = full')
    connection.exec(`pragma busy_timeout = ${WAITING_MS}`)
  } catch (cause) {
    connection.close()
    throw new SqlStoreError('unknown_database', `${path} cannot be used as a database`, cause)
  }
  return connection
}

function open(path: string): SqliteConnection {
  // Loaded when it is needed: elsewhere its warning on Node 22 would only puzzle.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  try {
    return new DatabaseSync(path, { timeout: OPENING_MS })
  } catch (cause) {
    throw new SqlStoreError(
      'unreachable',
      `the SQLite database ${path} cannot be opened: its folder must exist, and this process must be able to write there`,
      cause,
    )
  }
}

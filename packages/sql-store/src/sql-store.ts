import type { Store } from '@latchkey/core'
import { Database } from './database.ts'
import { eventStore } from './events.ts'
import {
  type MigrationStatus,
  migrate,
  migrationStatus,
  plannedStatements,
  requireMigrations,
} from './migrations/migrate.ts'
import { oneTimeTokenStore } from './one-time-tokens.ts'
import { engineOf, placeOf, type SqlStoreOptions } from './options.ts'
import { pruneVerb } from './prune.ts'
import { revokedSinceVerb } from './revoked-since.ts'
import { sessionStore } from './sessions.ts'
import { userStore } from './users.ts'

/** A store whose tables can be made and brought up to date. */
export interface SqlStore extends Store {
  /**
   * Runs the migrations that are missing, and resolves their names. Several processes may call it at once: one works,
   * the others wait. Nothing calls it by itself.
   * @throws SqlStoreError `newer_schema` when a newer version of this package has migrated the database.
   */
  migrate(): Promise<readonly string[]>

  /** All migrations, in order, with the time at which each was run. Changes nothing. */
  migrationStatus(): Promise<readonly MigrationStatus[]>

  /** The statements that {@link migrate} would run now, in order. Changes nothing. */
  plannedStatements(): Promise<readonly string[]>
}

/**
 * Keeps everything in an SQL database: SQLite, PostgreSQL, MariaDB or MySQL. Nothing is connected before the first verb.
 * Each verb is one conditional statement (on MariaDB and MySQL a read may go before or after it); none opens a
 * transaction. A statement that failed for a deadlock or a lock is run again, for at most 5 s.
 *
 * @throws ConfigurationError when an option is wrong, or the driver is not installed; it says what to do.
 */
export function sqlStore(options: SqlStoreOptions): SqlStore {
  const engine = engineOf(options)
  const db = new Database(engine, placeOf(options), async (database) => {
    await requireMigrations(database)
    await engine.check(database.plain)
  })
  return {
    users: userStore(db),
    sessions: sessionStore(db),
    oneTimeTokens: oneTimeTokenStore(db),
    events: eventStore(db),
    revokedSince: revokedSinceVerb(db),
    prune: pruneVerb(db),
    ready: () => requireMigrations(db),
    close: () => engine.close(),
    migrate: () => migrate(db),
    migrationStatus: () => migrationStatus(db),
    plannedStatements: () => plannedStatements(db),
  }
}

export type {
  MysqlConnection,
  MysqlPool,
  MysqlPromisePool,
  MysqlQuery,
} from './engines/mysql-pool.ts'
export type {
  PostgresClient,
  PostgresPool,
  PostgresQuery,
  PostgresResult,
} from './engines/postgres-pool.ts'
export type { SqliteConnection, SqliteConnectionStatement } from './engines/sqlite-connection.ts'
export type { MigrationStatus } from './migrations/migrate.ts'
export type {
  MysqlOptions,
  PostgresOptions,
  SqliteOptions,
  SqlStoreOptions,
  TableOptions,
  UrlOptions,
} from './options.ts'
export {
  type ListeningClient,
  type ListeningPool,
  type PostgresPushOptions,
  postgresPush,
} from './postgres-push.ts'
export { type SqlStore, sqlStore } from './sql-store.ts'
export { SqlStoreError, type SqlStoreErrorCode } from './sql-store-error.ts'

import { ConfigurationError } from '@latchkey/core'
import type { Place } from './database.ts'
import type { Engine } from './engines/engine.ts'
import { mysqlEngine } from './engines/mysql.ts'
import type { MysqlPool, MysqlPromisePool } from './engines/mysql-pool.ts'
import { postgresEngine } from './engines/postgres.ts'
import type { PostgresPool } from './engines/postgres-pool.ts'
import { sqliteEngine } from './engines/sqlite.ts'
import type { SqliteConnection } from './engines/sqlite-connection.ts'
import { sqlitePath } from './sqlite-path.ts'

/** What all databases have in common. */
export interface TableOptions {
  /**
   * What the names of all tables begin with: lower-case letters, digits and `_`, at most 32 characters.
   * @default 'latchkey_'
   */
  readonly tablePrefix?: string
  /**
   * PostgreSQL: the schema of the tables, of the same characters; migrations create it. Without it, the first of the
   * connection's search path.
   */
  readonly schema?: string
  /**
   * PostgreSQL: prepare statements by name on each connection. Turn it off behind a pooler that gives each statement
   * to another connection and does not know them (PgBouncer before 1.21 in transaction mode).
   * @default true
   */
  readonly preparedStatements?: boolean
}

/** A database that the store opens, and closes with `store.close()`. */
export interface UrlOptions extends TableOptions {
  /**
   * - `sqlite:./app.db`, `sqlite::memory:`, or the path of a file
   * - `postgres://user:password@host:5432/database`, or `postgresql://…`
   * - `mysql://user:password@host:3306/database`, or `mariadb://…`
   */
  readonly url: string
  /**
   * How many connections to a server the store opens at most.
   * @default 10
   */
  readonly maxConnections?: number
}

/** A connection to SQLite that the application has opened, and closes. */
export interface SqliteOptions extends TableOptions {
  /** A `DatabaseSync` of `node:sqlite`, or a database of better-sqlite3: one that has no transaction open across an `await`. */
  readonly sqlite: SqliteConnection
}

/** A pool that the application has made, and ends. */
export interface PostgresOptions extends TableOptions {
  /** A `Pool` of `pg`. */
  readonly postgres: PostgresPool
}

/** A pool that the application has made, and ends. */
export interface MysqlOptions extends TableOptions {
  /** A pool of `mysql2` or of `mysql2/promise`. */
  readonly mysql: MysqlPool | MysqlPromisePool
}

/** Where the records are kept: exactly one of `url`, `sqlite`, `postgres` and `mysql`. */
export type SqlStoreOptions = UrlOptions | SqliteOptions | PostgresOptions | MysqlOptions

const SOURCES = ['url', 'sqlite', 'postgres', 'mysql']
const DEFAULT_PREFIX = 'latchkey_'
const DEFAULT_CONNECTIONS = 10

type Wanted = Partial<UrlOptions & SqliteOptions & PostgresOptions & MysqlOptions>

/** Opens the database that the options name. Nothing is connected yet, but that a file of SQLite is opened. */
export function engineOf(options: SqlStoreOptions): Engine {
  requireOptions(options)
  const { url, sqlite, postgres, mysql, preparedStatements = true }: Wanted = options
  if (url !== undefined) return engineAt(url, options, preparedStatements)
  if (sqlite !== undefined) return sqliteEngine(offering('prepare', sqlite, 'sqlite', SQLITE))
  if (postgres !== undefined) {
    const from = offering('connect', postgres, 'postgres', 'a Pool of pg')
    return postgresEngine({ from, prepare: preparedStatements, maxConnections: 0 })
  }
  const pool = Object(mysql).pool ?? mysql
  offering('getConnection', pool, 'mysql', 'a pool of mysql2')
  return mysqlEngine({ from: mysql as MysqlPool, maxConnections: 0 })
}

/** Where in the database the tables are. */
export function placeOf({ tablePrefix = DEFAULT_PREFIX, schema }: SqlStoreOptions): Place {
  return { tablePrefix, schema: schema ?? null }
}

const SQLITE = 'a DatabaseSync of node:sqlite or a database of better-sqlite3'

function wrong(option: string, remedy: string): ConfigurationError {
  return new ConfigurationError('sqlStore', option, remedy)
}

function requireOptions(options: SqlStoreOptions): void {
  if (typeof options === 'string') throw wrong('url', "must be in an object: write { url: '…' }")
  const known = [...SOURCES, 'tablePrefix', 'schema', 'preparedStatements', 'maxConnections']
  const given = Object.entries(Object(options)).filter(([, value]) => value !== undefined)
  const [unknown] = given.filter(([name]) => !known.includes(name))
  if (unknown !== undefined) throw wrong(unknown[0], `is not known. There are: ${known.join(', ')}`)
  const [source, second] = given.filter(([name]) => SOURCES.includes(name))
  if (second !== undefined)
    throw wrong(second[0], `is given beside ${source?.[0]}: give one of them`)
  if (source === undefined) {
    throw wrong(
      'url',
      "must be given, or else one of sqlite, postgres and mysql: write { url: 'sqlite:./app.db' }, or 'postgres://…', 'mysql://…'",
    )
  }
  requireTableOptions(options)
}

function requireTableOptions(options: Wanted): void {
  const { url, tablePrefix, schema, preparedStatements, maxConnections } = options
  if (tablePrefix !== undefined) requireName('tablePrefix', tablePrefix)
  if (schema !== undefined) {
    requireName('schema', schema)
    if (options.postgres === undefined && !isPostgres(url)) {
      throw wrong('schema', 'is for PostgreSQL. Elsewhere, use tablePrefix')
    }
  }
  if (typeof (preparedStatements ?? true) !== 'boolean') {
    throw wrong('preparedStatements', 'must be true or false')
  }
  if (maxConnections === undefined) return
  requireCount('maxConnections', maxConnections)
  if (url === undefined)
    throw wrong('maxConnections', 'goes with url. A pool has a limit of its own')
}

function isPostgres(url: unknown): boolean {
  return typeof url === 'string' && /^postgres(?:ql)?:\/\//i.test(url)
}

function engineAt(
  url: string,
  { maxConnections = DEFAULT_CONNECTIONS }: Wanted,
  prepare: boolean,
): Engine {
  const path = sqlitePath(url, wrong)
  if (path !== null) return sqliteEngine(path)
  requireReadable(url)
  if (isPostgres(url)) {
    return postgresEngine({ from: url, maxConnections, prepare })
  }
  if (/^(?:mysql|mariadb):\/\//i.test(url)) return mysqlEngine({ from: url, maxConnections })
  // Only the scheme: the rest may hold a password.
  const [scheme] = url.split(':')
  throw wrong(
    'url',
    `has the scheme "${scheme}", which is none of sqlite:, postgres://, mysql:// and mariadb://`,
  )
}

/** Drivers tell of a URL that they cannot read by repeating it, password and all. */
function requireReadable(url: string): void {
  try {
    // PostgreSQL's may be without a host, for a socket.
    const { username, password } = new URL(url.replace('@/', '@localhost/'))
    decodeURIComponent(username + password)
  } catch {
    throw wrong(
      'url',
      'cannot be read: what is special in user and password must be percent-encoded',
    )
  }
}

function offering<T>(method: string, value: T, option: string, kind: string): T {
  if (typeof Object(value)[method] === 'function') return value
  throw wrong(option, `must be ${kind}. For a URL or a path, write { url: … }`)
}

function requireName(option: string, value: unknown): void {
  if (typeof value === 'string' && /^[a-z_][a-z0-9_]{0,31}$/.test(value)) return
  throw wrong(
    option,
    'must be 1 to 32 characters of a to z, 0 to 9 and _, and not begin with a digit',
  )
}

function requireCount(option: string, value: unknown): void {
  if (Number.isSafeInteger(value) && Number(value) >= 1) return
  throw wrong(option, 'must be a whole number, at least 1')
}

import type { Place } from './database.ts'
import type { Engine } from './engines/engine.ts'
import { mysqlEngine } from './engines/mysql.ts'
import type { MysqlPool, MysqlPromisePool } from './engines/mysql-pool.ts'
import { postgresEngine } from './engines/postgres.ts'
import type { PostgresPool } from './engines/postgres-pool.ts'
import { sqliteEngine } from './engines/sqlite.ts'
import type { SqliteConnection } from './engines/sqlite-connection.ts'

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
  /** A `DatabaseSync` of `node:sqlite`, or a database of better-sqlite3. Give the store one that is not in a transaction. */
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

/** Where the records are kept. Exactly one of `url`, `sqlite`, `postgres` and `mysql`. */
export type SqlStoreOptions = UrlOptions | SqliteOptions | PostgresOptions | MysqlOptions

const SOURCES = ['url', 'sqlite', 'postgres', 'mysql'] as const
const KNOWN = [...SOURCES, 'tablePrefix', 'schema', 'preparedStatements', 'maxConnections']
const NAME = /^[a-z_][a-z0-9_]{0,31}$/
const MAX_CONNECTIONS = 10

/** The database that the options name. */
export function engineOf(options: SqlStoreOptions): Engine {
  const source = sourceOf(options)
  const prepare = options.preparedStatements ?? true
  if ('url' in options && source === 'url') return engineAt(options, prepare)
  if ('sqlite' in options) return sqliteEngine(having(options.sqlite, 'sqlite', 'prepare'))
  if ('postgres' in options) {
    const from = having(options.postgres, 'postgres', 'connect')
    return postgresEngine({ from, prepare, maxConnections: MAX_CONNECTIONS })
  }
  const from = (options as MysqlOptions).mysql
  having('pool' in Object(from) ? (from as MysqlPromisePool).pool : from, 'mysql', 'getConnection')
  return mysqlEngine({ from, maxConnections: MAX_CONNECTIONS })
}

/** Where in the database the tables are. */
export function placeOf({ tablePrefix = 'latchkey_', schema }: SqlStoreOptions): Place {
  requireName('tablePrefix', tablePrefix)
  if (schema !== undefined) requireName('schema', schema)
  return { tablePrefix, schema: schema ?? null }
}

function sourceOf(options: SqlStoreOptions): (typeof SOURCES)[number] {
  const given = SOURCES.filter((name) => Object(options)[name] !== undefined)
  const [source] = given
  if (source === undefined || given.length > 1) {
    throw new TypeError(
      "sqlStore: give exactly one of url ('sqlite:./app.db', 'postgres://…', 'mysql://…'), sqlite, postgres and mysql",
    )
  }
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`sqlStore: there is no option ${unknown}. There are: ${KNOWN.join(', ')}`)
  }
  return source
}

function engineAt(options: UrlOptions, prepare: boolean): Engine {
  const { url, maxConnections = MAX_CONNECTIONS } = options
  requireCount('maxConnections', maxConnections)
  const path = sqlitePath(url)
  if (path !== null) return sqliteEngine(path)
  if (/^postgres(?:ql)?:\/\//.test(url))
    return postgresEngine({ from: url, maxConnections, prepare })
  if (/^(?:mysql|mariadb):\/\//.test(url)) return mysqlEngine({ from: url, maxConnections })
  // Only the scheme: the rest may hold a password.
  throw new TypeError(
    `sqlStore: url has the scheme "${url.split(':')[0]}", which is none of sqlite:, postgres://, mysql:// and mariadb://`,
  )
}

/** The path of an SQLite file; `null` when the URL is one of something else. */
function sqlitePath(url: unknown): string | null {
  if (typeof url !== 'string' || url === '') {
    throw new TypeError("sqlStore: url must be text, such as 'sqlite:./app.db' or 'postgres://…'")
  }
  if (url === ':memory:') return url
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/i.exec(url) ?? []
  if (scheme === '') return url
  if (!['sqlite', 'sqlite3', 'file'].includes(scheme.toLowerCase())) return null
  const path = rest.replace(/^\/\/(?=\/|\.)/, '')
  if (path === '' || path.startsWith('//')) {
    throw new TypeError(
      "sqlStore: write the path after the scheme: 'sqlite:./app.db', 'sqlite:/var/lib/app.db'",
    )
  }
  return path
}

function having<T>(value: T, option: string, method: string): T {
  if (typeof Object(value)[method] === 'function') return value
  const wanted = {
    sqlite: 'a DatabaseSync of node:sqlite or a database of better-sqlite3',
    postgres: 'a Pool of pg',
    mysql: 'a pool of mysql2',
  }[option]
  throw new TypeError(
    `sqlStore: ${option} must be ${wanted}. For a URL or a path, write { url: … }`,
  )
}

function requireName(option: string, value: unknown): void {
  if (typeof value === 'string' && NAME.test(value)) return
  throw new TypeError(
    `sqlStore: ${option} must be 1 to 32 lower-case letters, digits or _, and not begin with a digit`,
  )
}

function requireCount(option: string, value: unknown): void {
  if (Number.isSafeInteger(value) && Number(value) >= 1) return
  throw new TypeError(`sqlStore: ${option} must be a whole number, at least 1`)
}

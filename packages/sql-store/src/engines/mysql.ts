import { type Kysely, MysqlDialect, sql } from 'kysely'
import { SqlStoreError, type SqlStoreErrorCode } from '../sql-store-error.ts'
import { loadDriver } from './driver.ts'
import type { Engine } from './engine.ts'
import { CLOSED, TIMEOUT_MS } from './limits.ts'
import { guardedPool, type MysqlPool, type MysqlPromisePool } from './mysql-pool.ts'
import { parseJson } from './values.ts'

/** What of the module `mysql2` is used. */
interface Mysql2 {
  createPool(options: object): MysqlPool & {
    on(
      event: 'connection',
      listener: (connection: { query(sql: string): unknown }) => void,
    ): unknown
  }
}

/** MariaDB and MySQL. */
export interface MysqlSettings {
  /** A URL, or a pool of the application. */
  readonly from: string | MysqlPool | MysqlPromisePool
  readonly maxConnections: number
}

/** MariaDB and MySQL: a URL, or a pool of the application. */
export function mysqlEngine({ from, maxConnections }: MysqlSettings): Engine {
  const open = typeof from === 'string' ? poolOpener(from) : null
  const pool = open?.(maxConnections, SESSION) ?? callbackPool(from as MysqlPool)
  const dialect = new MysqlDialect({ pool: guardedPool(pool, true) })
  let closing: Promise<void> | null = null
  return {
    name: 'mysql',
    dialect,
    clock: CLOCK,
    returning: false,
    decode: { date: toDate, flag: (value) => Number(value) === 1, json: parseJson },
    takenColumn,
    mayRunAgain: (error) => COLLISIONS.includes(numberOf(error)),
    explain,
    keep: () => {},
    check: requireExactness,
    async withoutLimits(work) {
      const patient = open?.(1, '')
      try {
        return await work(new MysqlDialect({ pool: guardedPool(patient ?? pool, false) }))
      } finally {
        if (patient !== undefined) await end(patient)
      }
    },
    async close() {
      if (open !== null) closing ??= end(pool)
      await closing
    },
  }
}

const NOT_STRICT =
  'the connections have no strict SQL mode, and what does not fit would be shortened: add STRICT_TRANS_TABLES to sql_mode'

const NOT_UNICODE =
  'the connections cannot carry all of Unicode: make the pool with the charset utf8mb4'

const NOT_COMMITTING =
  'the connections do not commit by themselves, and what is written would be seen by nobody: set autocommit to 1'

/** What the server would change on the way would be somebody else's identifier. */
async function requireExactness(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ mode: string; charset: string; autocommit: number }>`
    select @@session.sql_mode as mode, @@character_set_client as charset, @@autocommit as autocommit`.execute(
    db,
  )
  const { mode = '', charset = '', autocommit } = rows[0] ?? {}
  if (!/STRICT_(?:TRANS|ALL)_TABLES/.test(mode)) {
    throw new SqlStoreError('unsafe_settings', NOT_STRICT)
  }
  if (Number(autocommit) !== 1) throw new SqlStoreError('unsafe_settings', NOT_COMMITTING)
  if (charset !== 'utf8mb4') throw new SqlStoreError('unsafe_settings', NOT_UNICODE)
}

/**
 * The time at which the row is written, in UTC whatever the time zone of the connection. The usual functions give the
 * time at which the statement began, and it may have waited for the row since.
 */
const CLOCK = sql<Date>`timestampadd(microsecond, timestampdiff(microsecond, now(6), utc_timestamp(6)), sysdate(6))`

/**
 * No statement takes longer than a verb may, and none is shortened to fit. The comment is a setting to MariaDB. MySQL has
 * none for statements that write: there only the wait for each row ends.
 */
const SESSION = `set session autocommit = 1, innodb_lock_wait_timeout = ${TIMEOUT_MS / 1000}
  /*M!100100 , max_statement_time = ${TIMEOUT_MS / 1000} */
  , sql_mode = concat(@@sql_mode, ',STRICT_TRANS_TABLES')`

/** A server keeps 16,382 in all. */
const PREPARED_STATEMENTS = 200

type PoolOpener = (maxConnections: number, session: string) => MysqlPool

function poolOpener(url: string): PoolOpener {
  const { createPool } = loadDriver<Mysql2>('mysql2', 'MariaDB or MySQL')
  const uri = url.replace(/^mariadb:/, 'mysql:')
  return (connectionLimit, session) => {
    const pool = createPool({
      uri,
      connectionLimit,
      connectTimeout: TIMEOUT_MS,
      maxPreparedStatements: PREPARED_STATEMENTS,
      enableKeepAlive: true,
    })
    if (session !== '') pool.on('connection', (connection) => connection.query(session))
    return pool
  }
}

function callbackPool(pool: MysqlPool | MysqlPromisePool): MysqlPool {
  return 'pool' in pool && 'getConnection' in pool.pool ? pool.pool : (pool as MysqlPool)
}

function end(pool: MysqlPool): Promise<void> {
  return new Promise((resolve, reject) => {
    pool.end((error) => (error ? reject(error) : resolve()))
  })
}

/** A date, or text where the application wants it so: "2030-01-01 00:00:00.123", in UTC. */
function toDate(value: unknown): Date {
  if (value instanceof Date) return value
  return new Date(`${String(value).replace(' ', 'T')}Z`)
}

/** A deadlock; and what MariaDB 11.6 and later say of a row that changed since the statement began. */
const COLLISIONS = [1213, 1020]
const DUPLICATE = 1062

function numberOf(error: unknown): number {
  return Number((Object(error) as { errno?: unknown }).errno)
}

/** "Duplicate entry 'ada' for key 'latchkey_users_username'"; MySQL names the table before the key. */
function takenColumn(error: unknown): string | null {
  if (numberOf(error) !== DUPLICATE || !(error instanceof Error)) return null
  const [, name] = /for key '(?:[^']*[._])?(\w+?)'$/.exec(error.message) ?? []
  return name === 'PRIMARY' ? 'id' : (name ?? null)
}

const MEANINGS: Readonly<Record<number, readonly [SqlStoreErrorCode, string]>> = {
  1021: ['full', 'the disk of the database is full'],
  1040: ['overloaded', 'the database has no connection left: make the pools smaller'],
  1044: ['access_denied', 'the database refused this user: grant it the rights on the database'],
  1045: [
    'access_denied',
    'the database refused the credentials: check user and password in the URL',
  ],
  1049: ['unknown_database', 'there is no such database: create it, or check the URL'],
  1053: ['unreachable', 'the database is shutting down'],
  1054: ['not_migrated', 'a column is missing, though the migrations were run: restore it'],
  1698: [
    'access_denied',
    'the database refused the credentials: check user and password in the URL',
  ],
  1114: ['full', 'the tables of the database are full'],
  1142: ['access_denied', 'the user may not do this: grant it the rights on the tables'],
  1146: ['not_migrated', 'a table is missing, though the migrations were run: restore it'],
  1205: ['timeout', 'a row stayed locked for too long'],
  1290: ['unsafe_settings', 'this database cannot be written: it is a replica'],
  1317: ['timeout', 'the database cancelled a statement'],
  1836: ['unsafe_settings', 'this database cannot be written: it is a replica'],
  1927: ['unreachable', 'the database closed the connection'],
  1969: ['timeout', 'the database cancelled a statement that took too long'],
  3024: ['timeout', 'the database cancelled a statement that took too long'],
}

function explain(error: unknown): SqlStoreError {
  if (error instanceof SqlStoreError) return error
  const known = MEANINGS[numberOf(error)]
  if (known !== undefined) return new SqlStoreError(known[0], known[1], error)
  const { sqlState, code } = Object(error) as { sqlState?: unknown; code?: unknown }
  if (/Pool is closed/.test(String(error))) {
    return new SqlStoreError(CLOSED.code, CLOSED.message, error)
  }
  if (sqlState === undefined) {
    return new SqlStoreError(
      'unreachable',
      'the database does not answer: check that it runs, and host and port in the URL',
      error,
    )
  }
  return new SqlStoreError('failed', `the database refused a statement (${code})`, error)
}

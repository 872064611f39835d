import type { MysqlPool as KyselyPool } from 'kysely'
import { SqlStoreError } from '../sql-store-error.ts'
import { withDeadline } from './deadline.ts'
import { NO_ANSWER, NO_FREE_CONNECTION, TIMEOUT_MS, timeLeft } from './limits.ts'
import { isJson } from './values.ts'

/** What the store needs of a pool: a pool of `mysql2` has it, and so has one of `mysql2/promise` in `pool`. */
export interface MysqlPool {
  /** Lends a connection. */
  getConnection(callback: (error: Error | null, connection: MysqlConnection) => void): void
  /** Closes all connections. */
  end(callback: (error: Error | null) => void): void
}

/** A pool with promises has the one with callbacks inside. */
export interface MysqlPromisePool {
  /** The pool with callbacks. */
  readonly pool: MysqlPool
}

/** A connection of the pool. */
export interface MysqlConnection {
  /** How the connection was set up. */
  readonly config?: { readonly typeCast?: unknown }
  /** Runs a statement as text. */
  query(options: MysqlQuery, callback: MysqlCallback): unknown
  /** Runs a prepared statement. */
  execute(options: MysqlQuery, callback: MysqlCallback): unknown
  /** Gives the connection back. */
  release(): void
  /** Closes the connection. */
  destroy(): void
}

/** A statement, as `mysql2` takes it. */
export interface MysqlQuery {
  readonly sql: string
  readonly values: (string | number | null)[]
  readonly timezone: 'Z'
  readonly typeCast: true | ((field: unknown, next: () => unknown) => unknown)
  readonly rowsAsArray: false
  readonly nestTables: false
}

type MysqlCallback = (error: Error | null, result: unknown) => void

/** Gives Kysely's dialect what it needs: prepared statements, values in our types, deadlines, no broken connection. */
export function guardedPool(pool: MysqlPool, timeouts: boolean): KyselyPool {
  return {
    getConnection(callback) {
      const began = performance.now()
      const lent = lend(pool)
      const timely = timeouts
        ? withDeadline(lent, TIMEOUT_MS, NO_FREE_CONNECTION, (late) => late.release())
        : lent
      timely.then(
        (connection) => callback(null, guardedConnection(connection, timeouts, began)),
        (error: Error) => callback(error, undefined as never),
      )
    },
    end: (callback) => callback(null as never),
  }
}

function lend(pool: MysqlPool): Promise<MysqlConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => {
      if (error) reject(error)
      else resolve(connection)
    })
  })
}

type KyselyConnection = Parameters<Parameters<KyselyPool['getConnection']>[0]>[1]

function guardedConnection(
  connection: MysqlConnection,
  timeouts: boolean,
  began: number,
): KyselyConnection {
  let broken = false
  const guarded = {
    query(sql: string, values: readonly unknown[], callback: MysqlCallback) {
      const result = run(connection, sql, values.map(toMysql))
      const timely = timeouts ? withDeadline(result, timeLeft(began), NO_ANSWER) : result
      timely.then(
        (rows) => callback(null, rows),
        (error: Error) => {
          broken ||= leavesItBroken(error)
          callback(error, undefined)
        },
      )
    },
    release: () => (broken ? connection.destroy() : connection.release()),
    destroy: () => connection.destroy(),
  }
  // Of the overloads of `query`, the store uses no streams.
  return guarded as unknown as KyselyConnection
}

/** The application may have asked for other forms of rows and values; here they have one. */
const FORM = { timezone: 'Z', rowsAsArray: false, nestTables: false } as const

/** Only a function takes the place of one of the application; but a function is called for each value, which costs. */
function typeCastFor({ config }: MysqlConnection): MysqlQuery['typeCast'] {
  return typeof config?.typeCast === 'function' ? (_, next) => next() : true
}

function run(connection: MysqlConnection, sql: string, values: MysqlQuery['values']) {
  return new Promise<unknown>((resolve, reject) => {
    const options = { ...FORM, typeCast: typeCastFor(connection), sql, values }
    const done: MysqlCallback = (error, result) => (error ? reject(error) : resolve(result))
    // Values never become part of a text. Without values, there are statements that cannot be prepared.
    if (values.length === 0) connection.query(options, done)
    else connection.execute(options, done)
  })
}

/** The server shuts down; it was told to close this connection. */
const LAST_WORDS: readonly unknown[] = [1053, 1927]

/** A connection that no server speaks on, or not for long: else an error has a number of the server. */
function leavesItBroken(error: unknown): boolean {
  const { errno, fatal, sqlState } = Object(error) as Record<string, unknown>
  if (error instanceof SqlStoreError || fatal === true || !errno || !sqlState) return true
  return LAST_WORDS.includes(errno)
}

/** "2030-01-01 00:00:00.123", in UTC whatever the time zone of the connection. */
function toMysql(value: unknown): string | number | null {
  if (value instanceof Date) return value.toISOString().slice(0, 23).replace('T', ' ')
  if (typeof value === 'boolean') return value ? 1 : 0
  if (isJson(value)) return JSON.stringify(value)
  return value as string | number | null
}

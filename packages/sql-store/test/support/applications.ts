import { DatabaseSync } from 'node:sqlite'
import {
  type SqlStore,
  type SqlStoreOptions,
  sqlStore,
  type TableOptions,
} from '@latchkey/sql-store'
import BetterSqlite3 from 'better-sqlite3'
import mysql from 'mysql2'
import mysqlPromise from 'mysql2/promise'
import pg from 'pg'
import { type Blank, type DatabaseKind, mariadb, postgres, sqlite } from './databases.ts'

/** A connection that an application has made for itself, and lends to stores. */
export interface Application {
  /** What an application gives to `sqlStore`. */
  readonly options: SqlStoreOptions
  /** Runs a statement on the connection itself. */
  run(statement: string): Promise<unknown>
  end(): Promise<void>
}

/** A way in which applications set up their connections, for purposes of their own. */
export interface Setting {
  readonly title: string
  readonly kind: DatabaseKind
  /** What the names of the tables begin with, the schema included. */
  readonly tables: string
  connect(database: Blank): Application
}

/** Opens a store on the connection. */
export function storeOn({ options }: Application): SqlStore {
  return sqlStore(options)
}

const fileOf = ({ url }: Blank) => url.replace('sqlite:', '')

/** Nothing here asks what a loss of power leaves. Waiting for the disk would take most of the time. */
const NO_WAITING = 'pragma synchronous = off'

function betterSqlite3(database: Blank, bigInts: boolean): Application {
  const db = new BetterSqlite3(fileOf(database))
  db.exec(NO_WAITING)
  if (bigInts) db.defaultSafeIntegers(true)
  return {
    options: { sqlite: db },
    run: async (sql) => {
      const statement = db.prepare(sql)
      return statement.reader ? statement.all() : statement.run()
    },
    end: async () => {
      db.close()
    },
  }
}

const sqliteSettings: readonly Setting[] = [
  {
    title: 'a better-sqlite3 database',
    kind: sqlite,
    tables: 'latchkey_',
    connect: (database) => betterSqlite3(database, false),
  },
  {
    title: 'a better-sqlite3 database that reads all integers as bigint',
    kind: sqlite,
    tables: 'latchkey_',
    connect: (database) => betterSqlite3(database, true),
  },
  {
    title: 'a DatabaseSync that reads bigints and arrays, and knows no text in double quotes',
    kind: sqlite,
    tables: 'mine_',
    connect(database) {
      const db = new DatabaseSync(fileOf(database), {
        readBigInts: true,
        returnArrays: true,
        enableDoubleQuotedStringLiterals: false,
      })
      db.exec(NO_WAITING)
      return {
        options: { sqlite: db, tablePrefix: 'mine_' },
        run: async (statement) => db.prepare(statement).all(),
        end: async () => db.close(),
      }
    },
  },
]

function postgresPool(settings: pg.PoolConfig, options: TableOptions = {}) {
  return ({ url }: Blank): Application => {
    const pool = new pg.Pool({ connectionString: url, ...settings })
    // Its connections may still be closing when the database is dropped.
    pool.on('error', () => {})
    return {
      options: { postgres: pool, ...options },
      run: async (statement) => (await pool.query(statement)).rows,
      end: () => pool.end(),
    }
  }
}

const postgresSettings: readonly Setting[] = [
  {
    title: 'a pool of another time zone, for a schema and a prefix of its own',
    kind: postgres,
    tables: 'accounts.mine_',
    connect: postgresPool(
      { options: '-c TimeZone=Asia/Kolkata -c IntervalStyle=sql_standard -c extra_float_digits=0' },
      { schema: 'accounts', tablePrefix: 'mine_' },
    ),
  },
  {
    title: 'a pool of serializable transactions, without prepared statements',
    kind: postgres,
    tables: 'latchkey_',
    connect: postgresPool(
      { options: '-c default_transaction_isolation=serializable' },
      { preparedStatements: false },
    ),
  },
]

/** Makes of each value what somebody else wants of it. */
const typeCast: mysql.PoolOptions['typeCast'] = (field, next) => {
  if (field.type === 'TINY') return field.string() === '1'
  if (field.type === 'JSON' || field.type === 'BLOB') return { wrapped: field.string() }
  return next()
}

const mariadbSettings: readonly Setting[] = [
  {
    title: 'a mysql2 pool of another time zone that changes values, and counts changed rows only',
    kind: mariadb,
    tables: 'latchkey_',
    connect({ url }) {
      const pool = mysql.createPool({
        uri: url,
        timezone: '+05:00',
        flags: ['-FOUND_ROWS'],
        typeCast,
        dateStrings: false,
        rowsAsArray: true,
      })
      pool.on('connection', (connection) => connection.query("set time_zone = '+05:00'"))
      return {
        options: { mysql: pool },
        run: (statement) => pool.promise().query(statement),
        end: () => pool.promise().end(),
      }
    },
  },
  {
    title:
      'a mysql2/promise pool with named placeholders, nested tables, dates and numbers as text',
    kind: mariadb,
    tables: 'mine_',
    connect({ url }) {
      const pool = mysqlPromise.createPool({
        uri: url,
        namedPlaceholders: true,
        nestTables: true,
        dateStrings: true,
        supportBigNumbers: true,
        bigNumberStrings: true,
        decimalNumbers: false,
        jsonStrings: true,
        connectionLimit: 3,
      })
      return {
        options: { mysql: pool, tablePrefix: 'mine_' },
        run: (statement) => pool.query(statement),
        end: () => pool.end(),
      }
    },
  },
]

export const settings = [...sqliteSettings, ...postgresSettings, ...mariadbSettings]

/** The same with nothing but the defaults, and as few connections as there can be. */
export const plainSettings: readonly Setting[] = [
  ...sqliteSettings.slice(0, 1),
  {
    title: 'a DatabaseSync',
    kind: sqlite,
    tables: 'latchkey_',
    connect(database) {
      const db = new DatabaseSync(fileOf(database))
      return {
        options: { sqlite: db },
        run: async (statement) => db.prepare(statement).all(),
        end: async () => db.close(),
      }
    },
  },
  {
    title: 'a pool of one connection',
    kind: postgres,
    tables: 'latchkey_',
    connect: postgresPool({ max: 1 }),
  },
  {
    title: 'a pool of one connection',
    kind: mariadb,
    tables: 'latchkey_',
    connect({ url }) {
      const pool = mysql.createPool({ uri: url, connectionLimit: 1 })
      return {
        options: { mysql: pool },
        run: async (statement) => (await pool.promise().query(statement))[0],
        end: () => pool.promise().end(),
      }
    },
  },
]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import mysql from 'mysql2/promise'
import pg from 'pg'
import {
  mariadbDatabase,
  mariadbUrl,
  postgresDatabase,
  postgresUrl,
} from '../../../../test/servers/databases.ts'

/** A database with the tables of the store, and nothing else. */
export interface Migrated {
  readonly url: string
  /** Runs any statement, and resolves its rows. */
  query(sql: string): Promise<Record<string, unknown>[]>
  /** Runs a file of statements. */
  load(sql: string): Promise<void>
  /** Deletes what is in the tables, and opens a store on them. */
  emptied(): Promise<SqlStore>
  drop(): Promise<void>
}

/** A kind of database. Where it is not `available`, its suites are skipped. */
export interface DatabaseKind {
  readonly name: string
  readonly available: boolean
  /** Its name in names of files. */
  readonly fileName: string
  /** A database without tables. */
  make(): Promise<Blank>
}

/** A database without tables. */
export type Blank = Omit<Migrated, 'emptied'>

export const TABLES = ['users', 'sessions', 'one_time_tokens', 'events'].map(
  (name) => `latchkey_${name}`,
)

export const sqlite: DatabaseKind = {
  name: 'SQLite',
  fileName: 'sqlite',
  available: true,
  make: makeSqlite,
}

export const postgres: DatabaseKind = {
  name: 'PostgreSQL',
  fileName: 'postgres',
  available: postgresUrl !== undefined,
  make: makePostgres,
}

export const mariadb: DatabaseKind = {
  name: 'MariaDB',
  fileName: 'mariadb',
  available: mariadbUrl !== undefined,
  make: makeMariadb,
}

export const kinds: readonly DatabaseKind[] = [sqlite, postgres, mariadb]

/** A new database of the kind, with the tables of the store. */
export async function migrated(kind: DatabaseKind): Promise<Migrated> {
  const blank = await kind.make()
  const store = sqlStore({ url: blank.url })
  await store.migrate()
  await store.close()
  return {
    ...blank,
    async emptied() {
      for (const table of TABLES) await blank.query(`delete from ${table}`)
      return sqlStore({ url: blank.url })
    },
  }
}

async function makeSqlite(): Promise<Blank> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-sqlite-'))
  const path = join(folder, 'test.db')
  const db = new DatabaseSync(path, { timeout: 5000 })
  return {
    url: `sqlite:${path}`,
    query: async (sql) => db.prepare(sql).all(),
    load: async (sql) => db.exec(sql),
    async drop() {
      db.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function makePostgres(): Promise<Blank> {
  const { url, drop } = await postgresDatabase()
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  // Its connection may still be closing when the database is dropped.
  pool.on('error', () => {})
  // Nobody pulls the plug here: see test/faults for that.
  await pool.query(`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`)
  return {
    url,
    query: async (sql) => (await pool.query(sql)).rows,
    async load(sql) {
      await pool.query(sql)
    },
    drop: () => pool.end().then(drop),
  }
}

async function makeMariadb(): Promise<Blank> {
  const { url, drop } = await mariadbDatabase()
  const pool = mysql.createPool({ uri: url, connectionLimit: 1 })
  return {
    url,
    query: async (sql) => (await pool.query<mysql.RowDataPacket[]>(sql))[0],
    async load(sql) {
      const connection = await mysql.createConnection({ uri: url, multipleStatements: true })
      await connection.query(sql)
      await connection.end()
    },
    drop: () => pool.end().then(drop),
  }
}

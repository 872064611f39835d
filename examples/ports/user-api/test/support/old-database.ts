import Database from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'

const TABLE = `create table user (
  id integer primary key,
  uuid varchar(36) unique,
  username varchar(80) unique,
  mobile varchar(20) unique,
  email varchar(120) null,
  gender varchar(10) null,
  password varchar(255),
  status boolean,
  created_at datetime
)`

// By passlib: with `pbkdf2_sha256` of "toomanysecrets", with `bcrypt` of "secret".
export const PBKDF2_HASH =
  '$pbkdf2-sha256$29000$N2YMIWQsBWBMae09x1jrPQ$1t8iyB2A.WF/Z5JZv.lfCIhXXN33N23OSgQYThBYRfk'
export const BCRYPT_HASH = '$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW'

/** The columns in their order, without the id. */
export type OldRow = readonly [
  uuid: string,
  username: string,
  mobile: string,
  email: string | null,
  gender: string | null,
  password: string | null,
  status: number | null,
  createdAt: string | null,
]

/** Fills a database of the Flask service, of SQLite or MariaDB, as that one would have done. */
export async function fillOldDatabase(url: string, rows: readonly OldRow[]): Promise<void> {
  const run = url.startsWith('sqlite:') ? runOnSqlite : runOnMariadb
  const insert = `insert into user values (${Array(9).fill('?').join()})`
  await run(url, [[TABLE, []], ...rows.map((row, at) => [insert, [at + 1, ...row]] as const)])
}

type Statement = readonly [sql: string, values: readonly (string | number | null)[]]

async function runOnSqlite(url: string, statements: readonly Statement[]): Promise<void> {
  const database = new Database(url.slice('sqlite:'.length))
  for (const [sql, values] of statements) database.prepare(sql).run(...values)
  database.close()
}

async function runOnMariadb(url: string, statements: readonly Statement[]): Promise<void> {
  const connection = await createConnection(url)
  for (const [sql, values] of statements) await connection.execute(sql, [...values])
  await connection.end()
}

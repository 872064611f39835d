import pg from 'pg'
import { onTestFinished } from 'vitest'
import { postgresDatabase } from '../../../../../test/servers/databases.ts'

/** What Werkzeug 3.1 and bcrypt 5.0 for Python make of {@link OLD_PASSWORD}. */
export const hashes = {
  scrypt:
    'scrypt:32768:8:1$GnvGdyl4pkSQOHau$b0cef63e6aba9326b7b131b6f1d46fedd1c9ee587913258cde95cb204c26ebc13aaeed14b7e4b493446f0d83d27dcb3d8bff93d93391bcc32e265d34d3e9b4c4',
  pbkdf2:
    'pbkdf2:sha256:260000$40nEhhkwXTwuWMV4$f7ebb7422b483f543d8cfea5b18f1056541b3c3ba4f39865f17aec12c20999c1',
  bcrypt: '$2b$12$lvyeZwmFn/HhyFdRyMhbXeLeC7aTvIxZzk47TepzGs.PYQsW1Wuq2',
} as const

export const OLD_PASSWORD = 'correct horse bättery ✓'

/** A row of the original's table: username, email, password. */
export type OldRow = readonly [string | null, string | null, string | null]

/** A database of PostgreSQL with the table of the original, and these users in it. */
export async function original(rows: readonly OldRow[]): Promise<string> {
  const url = await newPostgres()
  await query(
    url,
    `CREATE TABLE users (
      id SERIAL PRIMARY KEY,
      username VARCHAR(80),
      email VARCHAR(120) UNIQUE,
      password VARCHAR(200)
    )`,
  )
  await addUsers(url, rows)
  return url
}

/** More users of the original, by default with the next ids. */
export async function addUsers(
  url: string,
  rows: readonly OldRow[],
  firstId?: number,
): Promise<void> {
  if (firstId !== undefined) {
    await query(url, 'ALTER SEQUENCE users_id_seq MINVALUE -1000')
    await query(url, "SELECT setval('users_id_seq', $1, false)", [firstId])
  }
  const [names, emails, passwords] = [0, 1, 2].map((column) => rows.map((row) => row[column]))
  const insert = `INSERT INTO users (username, email, password)
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`
  await query(url, insert, [names, emails, passwords])
}

/** Everything in the tables of this database but for those of the original, as one text. */
export async function contentsOfNewTables(url: string): Promise<string> {
  const tables = await query(
    url,
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'users'",
  )
  const contents = tables.map(({ name }) => query(url, `SELECT t::text AS row FROM "${name}" t`))
  return JSON.stringify([tables, await Promise.all(contents)])
}

export async function newPostgres(): Promise<string> {
  const { url, drop } = await postgresDatabase()
  onTestFinished(drop)
  return url
}

async function query(url: string, statement: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, string>>(statement, values)).rows
  } finally {
    await client.end()
  }
}

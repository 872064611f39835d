import Database from 'better-sqlite3'
import { createConnection } from 'mysql2'

/** A row of the table that the Flask service keeps. */
export interface OldUser {
  readonly uuid: string
  readonly username: string
  readonly mobile: string
  readonly email: string | null
  /** Whether the row has an e-mail address that another one has too: the column is not unique. */
  readonly sharesEmail: number
  readonly gender: string | null
  readonly password: string | null
  readonly status: number | null
  /** In UTC, without a word of it: `2024-03-01 09:30:00`. */
  readonly createdAt: string | null
}

const QUERY = `
  select uuid, username, mobile, nullif(email, '') as email, nullif(gender, '') as gender, password, status,
    created_at as createdAt,
    coalesce(lower(email) in (
      select lower(email) from user where email <> '' group by lower(email) having count(*) > 1
    ), 0) as sharesEmail
  from user order by id`

/** The rows, one after another, of the database at `sqlite:<file>` or `mysql://…`. Nothing is written to it. */
export async function* oldUsers(url: string): AsyncGenerator<OldUser> {
  yield* url.startsWith('sqlite:') ? sqliteUsers(url.slice('sqlite:'.length)) : mysqlUsers(url)
}

function* sqliteUsers(file: string): Generator<OldUser> {
  const database = new Database(file, { readonly: true, fileMustExist: true })
  try {
    yield* database.prepare<[], OldUser>(QUERY).iterate()
  } finally {
    database.close()
  }
}

async function* mysqlUsers(uri: string): AsyncGenerator<OldUser> {
  const connection = createConnection({ uri, dateStrings: true })
  try {
    yield* connection.query(QUERY).stream()
  } finally {
    connection.destroy()
  }
}

import { createAuth } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { accountOptions } from './accounts.ts'

// Moves the accounts of the original's database. What is moved already is skipped: it may be run again.

interface OldUser extends RowDataPacket {
  readonly id: number
  readonly username: string | null
  readonly password: string | null
  readonly email: string | null
  /** UTC, as `datetime.utcnow` has it: `2024-05-01 12:00:00`. */
  readonly created_at: string | null
}

const { OLD_DATABASE_URL, DATABASE_URL, AUTH_SECRET, ADMINISTRATORS = '' } = process.env
if (!OLD_DATABASE_URL) throw new Error('OLD_DATABASE_URL must name the database of the original.')
if (!DATABASE_URL) throw new Error('DATABASE_URL must name the database of the accounts.')

const administrators = new Set(ADMINISTRATORS.toLowerCase().split(/[\s,]+/))
const old = await createConnection({ uri: OLD_DATABASE_URL, dateStrings: true })
const store = sqlStore({ url: DATABASE_URL })
await store.migrate()
const auth = createAuth({
  ...accountOptions,
  secret: AUTH_SECRET,
  store,
  origin: 'http://localhost',
  mailer: () => {}, // an import sends nothing
  maintenance: false,
})

/** The id of each row, for the report. */
const ids: number[] = []
const report = await auth.importUsers('system', accounts())
console.log(`${report.created} moved, ${report.skipped} there already, ${report.refused} refused`)
for (const { row, errors } of report.errors) {
  const reasons = errors.map(({ pointer, detail }) => `${pointer} ${detail}`)
  console.log(`users.id ${ids[row - 1]}: ${reasons.join(' ')}`)
}
await auth.close()
await store.close()
await old.end()
process.exitCode = report.refused > 0 ? 1 : 0

async function* accounts() {
  for await (const { id, username, password, email, created_at: createdAt } of oldUsers()) {
    ids.push(id)
    const isAdministrator = username !== null && administrators.has(username.toLowerCase())
    yield {
      ...(username !== null && { username }),
      ...(email !== null && { email }),
      ...(password !== null && { passwordHash: password }),
      ...(createdAt !== null && { createdAt: `${createdAt.replace(' ', 'T')}Z` }),
      roles: [isAdministrator ? 'admin' : 'user'],
    }
  }
}

/** A few hundred at a time: the server need not keep a result open for as long as the import takes. */
async function* oldUsers(): AsyncGenerator<OldUser> {
  const query = `SELECT id, username, password, email, created_at FROM users
    WHERE id > ? ORDER BY id LIMIT 500`
  let rows: OldUser[]
  let lastId = 0
  do {
    ;[rows] = await old.query<OldUser[]>(query, [lastId])
    yield* rows
    lastId = rows.at(-1)?.id ?? lastId
  } while (rows.length > 0)
}

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

const administrators = await administratorIds()
const withoutAddress = await namesWithoutAddress()
/** The id of each row, for the report. */
const ids: number[] = []
/** The ids of rows that are held back. */
const namesakes: number[] = []
const report = await auth.importUsers('system', accounts())
const refused = report.refused + namesakes.length
console.log(`${report.created} moved, ${report.skipped} there already, ${refused} refused`)
for (const id of namesakes) {
  console.log(`users.id ${id}: /username There is an account of this name, without an address.`)
}
for (const { row, errors } of report.errors) {
  const reasons = errors.map(({ pointer, detail }) => `${pointer} ${detail}`)
  console.log(`users.id ${ids[row - 1]}: ${reasons.join(' ')}`)
}
const more = report.refused - report.errors.length
if (more > 0) console.log(`and ${more} more`)
await auth.close()
await store.close()
await old.end()
process.exitCode = refused > 0 ? 1 : 0

/** By the names as the old table itself tells them apart: most collations do so whatever their case. */
async function administratorIds(): Promise<ReadonlySet<number>> {
  const found = new Set<number>()
  const unknown: string[] = []
  for (const name of ADMINISTRATORS.split(',').map((text) => text.trim())) {
    if (name === '') continue
    const query = 'SELECT id FROM users WHERE username = ?'
    const [[user]] = await old.query<OldUser[]>(query, [name])
    if (user === undefined) unknown.push(name)
    else found.add(user.id)
  }
  if (unknown.length === 0) return found
  throw new Error(`ADMINISTRATORS names nobody in users: ${unknown.join(', ')}`)
}

/** The usernames of accounts by whose address nobody can tell whether they are those of a row. */
async function namesWithoutAddress(): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await auth.listUsers('system', { limit: 200, cursor })
    for (const { username, email } of page.users) {
      if (username !== null && email === null) names.add(username.toLowerCase())
    }
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  return names
}

async function* accounts() {
  for await (const { id, username, password, email, created_at: createdAt } of oldUsers()) {
    // An import would take the two for one, and drop address and password of this row.
    if (email !== null && withoutAddress.has(username?.toLowerCase() ?? '')) {
      namesakes.push(id)
      continue
    }
    ids.push(id)
    yield {
      ...(username !== null && { username }),
      ...(email !== null && { email }),
      ...(password !== null && { passwordHash: password }),
      ...(createdAt !== null && { createdAt: `${createdAt.replace(' ', 'T')}Z` }),
      roles: [administrators.has(id) ? 'admin' : 'user'],
    }
  }
}

/** A few hundred at a time: the server need not keep a result open for as long as the import takes. */
async function* oldUsers(): AsyncGenerator<OldUser> {
  const query = `SELECT id, username, password, email, created_at FROM users
    WHERE id > ? ORDER BY id LIMIT 500`
  let rows: OldUser[]
  let lastId = Number.MIN_SAFE_INTEGER
  do {
    ;[rows] = await old.query<OldUser[]>(query, [lastId])
    yield* rows
    lastId = rows.at(-1)?.id ?? lastId
  } while (rows.length > 0)
}

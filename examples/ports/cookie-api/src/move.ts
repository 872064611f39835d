import { sqlStore } from '@latchkey/sql-store'
import pg from 'pg'
import { createAccounts } from './accounts.ts'

// Moves the accounts of the original's database. What is moved already is skipped: it may be run again.

interface OldUser {
  readonly id: number
  readonly username: string | null
  readonly email: string | null
  readonly password: string | null
}

// Of any library, also those that nothing here can verify.
const HASH =
  /^\s*(?:b')?(?:\$[\w,=-]+\$|\{[\w-]+\}|[a-z][\w:.-]*\$[^$]*\$|(?:pbkdf2|scrypt):|\*?[0-9a-f]{32,128}'?\s*$)/i

const [passwords] = process.argv.slice(2)
if (passwords !== 'plain' && passwords !== 'hashed') {
  throw new Error('Say how the passwords of the original are kept: plain or hashed.')
}
const { OLD_DATABASE_URL, DATABASE_URL, AUTH_SECRET } = process.env
if (!OLD_DATABASE_URL) throw new Error('OLD_DATABASE_URL must name the database of the original.')
if (!DATABASE_URL) throw new Error('DATABASE_URL must name the database of the accounts.')

const old = new pg.Pool({ connectionString: OLD_DATABASE_URL })
const store = sqlStore({ url: DATABASE_URL })
await store.migrate()
const auth = createAccounts({
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
const untold = report.refused - report.errors.length
if (untold > 0) console.log(`and ${untold} more that were refused`)
if (report.refused === 0) console.log('Now: ALTER TABLE users DROP COLUMN password')
await auth.close()
await store.close()
await old.end()
process.exitCode = report.refused > 0 ? 1 : 0

async function* accounts() {
  for await (const { id, username, email, password } of oldUsers()) {
    ids.push(id)
    yield {
      email,
      profile: { username: username?.trim() || email?.slice(0, 80) },
      ...(password !== null && { [memberFor(password)]: password }),
    }
  }
}

/** A hash is never taken for a password: it would open the account to whoever has seen it. */
function memberFor(password: string): 'password' | 'passwordHash' {
  return passwords === 'hashed' || HASH.test(password) ? 'passwordHash' : 'password'
}

/** A few hundred at a time, so that any number of them fits into memory. */
async function* oldUsers(): AsyncGenerator<OldUser> {
  const query = `SELECT id, username, email, password FROM users
    WHERE id > $1::bigint ORDER BY id LIMIT 500`
  let rows: OldUser[]
  let lastId = Number.MIN_SAFE_INTEGER // ids may be negative
  do {
    ;({ rows } = await old.query<OldUser>(query, [lastId]))
    yield* rows
    lastId = rows.at(-1)?.id ?? lastId
  } while (rows.length > 0)
}

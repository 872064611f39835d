import { createAuth } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import Database from 'better-sqlite3'
import { accounts } from './accounts.ts'

interface OldUser {
  readonly id: number
  readonly username: string | null
  readonly email: string | null
  readonly password: string | null
}

const { OLD_DATABASE = '', PASSWORDS: form = 'hashed', ADMINISTRATORS = '' } = process.env
if (form !== 'hashed' && form !== 'plain') throw new Error('PASSWORDS must be hashed or plain.')
const administrators = new Set(ADMINISTRATORS.toLowerCase().split(','))

const old = new Database(OLD_DATABASE, { readonly: true, fileMustExist: true })
const store = sqlStore({
  url: process.env.DATABASE_URL || `sqlite:${import.meta.dirname}/../accounts.db`,
})
await store.migrate()
const auth = createAuth({
  ...accounts,
  secret: process.env.AUTH_SECRET,
  store,
  origin: process.env.ORIGIN || 'http://localhost:3000',
  mailer: () => {}, // an import sends nothing
  maintenance: false,
})

/** The id of each row, for the report. */
const ids: number[] = []
const report = await auth.importUsers('system', rows())
console.log(`${report.created} moved, ${report.skipped} there already, ${report.refused} refused`)
for (const { row, errors } of report.errors) {
  const reasons = errors.map(({ pointer, detail }) => `${pointer} ${detail}`)
  console.error(`user.id ${ids[row - 1]}: ${reasons.join(' ')}`)
}
process.exitCode = report.refused === 0 ? 0 : 1
old.close()
await auth.close()
await store.close()

async function* rows() {
  for (const user of oldUsers()) {
    ids.push(user.id)
    yield accountOf(user)
  }
}

/** Page by page: the old service, which may still write, is not locked out meanwhile. */
function* oldUsers(): Iterable<OldUser> {
  const page = old.prepare<[number], OldUser>(
    'select id, username, email, password from user where id > ? order by id limit 500',
  )
  for (let users = page.all(0); users.length > 0; users = page.all(users.at(-1)?.id ?? 0)) {
    yield* users
  }
}

/** Nobody has proved their address to the old service. The number that was the id is no id here. */
function accountOf({ username, email, password }: OldUser) {
  const roles = administrators.has(username?.toLowerCase() ?? '') ? ['admin'] : ['user']
  return { username, email, roles, ...(password !== null && { [columnFor(password)]: password }) }
}

/** A hash that counted as a password would let in whoever has read the old database. */
function columnFor(password: string): 'password' | 'passwordHash' {
  return form === 'plain' && !/^(?:pbkdf2|scrypt):/.test(password) ? 'password' : 'passwordHash'
}

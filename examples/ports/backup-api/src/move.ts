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
const administrators = ADMINISTRATORS.split(',')
  .map((name) => name.trim())
  .filter(Boolean)
// Of any library, also those that nothing here can verify.
const HASH =
  /^\s*(?:b')?(?:\$[\w,=-]+\$|\{[\w-]+\}|[a-z][\w:.-]*\$[^$]*\$|(?:pbkdf2|scrypt):|\*?[0-9a-f]{32,128}'?\s*$)/i

const old = new Database(OLD_DATABASE, { readonly: true, fileMustExist: true })
// As the old service compared them: who is called `ADA` is not `ada`.
const named = old.prepare<[string]>('select 1 from user where username = ? collate binary')
const strangers = administrators.filter((name) => named.get(name) === undefined)
if (strangers.length > 0) throw new Error(`ADMINISTRATORS: nobody is called ${strangers.join()}.`)
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
const untold = report.refused - report.errors.length
if (untold > 0) console.error(`and ${untold} more that were refused`)
for (const name of administrators) {
  if (await isAdministrator(name)) continue
  console.error(`ADMINISTRATORS: ${name} is none: the row was refused, or the account was there`)
  process.exitCode = 1
}
if (report.refused > 0) process.exitCode = 1
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
  let lastId = -Infinity // ids may be negative
  for (let users = page.all(lastId); users.length > 0; users = page.all(lastId)) {
    yield* users
    lastId = users.at(-1)?.id ?? lastId
  }
}

/** Nobody has proved their address to the old service. The number that was the id is no id here. */
function accountOf({ username, email, password }: OldUser) {
  const roles = administrators.includes(username ?? '') ? ['admin'] : ['user']
  return { username, email, roles, ...(password !== null && { [columnFor(password)]: password }) }
}

/** A hash that counted as a password would let in whoever has read the old database. */
function columnFor(password: string): 'password' | 'passwordHash' {
  return form === 'plain' && !HASH.test(password) ? 'password' : 'passwordHash'
}

async function isAdministrator(name: string): Promise<boolean> {
  const { users } = await auth.listUsers('system', { search: name, role: 'admin', limit: 200 })
  return users.some(({ username }) => username === name)
}

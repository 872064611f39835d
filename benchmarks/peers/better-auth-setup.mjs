import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { getMigrations } from 'better-auth/db/migration'

export const EMAIL = 'ada@example.com'
export const PASSWORD = 'correct horse battery'

/** A better-auth on this database, and how often it has asked it. */
export async function createBetterAuth({ database, cookieCache = false, isQuickPassword = false }) {
  let queries = 0
  const count = () => {
    queries += 1
  }
  const options = {
    secret: 'a-secret-for-benchmarks-0123456789-abcdefghijk',
    baseURL: 'http://localhost:3000',
    emailAndPassword: {
      enabled: true,
      // So that a thousand logins before the measurement take no minutes.
      ...(isQuickPassword && {
        password: {
          hash: async (password) => password,
          verify: async (given) => given.hash === given.password,
        },
      }),
    },
    // Its default of 5 minutes would end within the benchmark.
    ...(cookieCache && { session: { cookieCache: { enabled: true, maxAge: 3600 } } }),
    rateLimit: { enabled: false },
    database: databaseOf(database, count),
  }
  if (database !== undefined) await (await getMigrations(options)).runMigrations()
  return { auth: betterAuth(options), queries: () => queries }
}

function databaseOf(url, count) {
  return url === undefined
    ? countedMemory(count)
    : countedSqlite(url.slice('sqlite:'.length), count)
}

/** As its documentation recommends for one process: a write-ahead log. */
function countedSqlite(file, count) {
  const db = new DatabaseSync(file)
  db.exec('pragma journal_mode = wal')
  const prepare = db.prepare.bind(db)
  db.prepare = (sql) => {
    count()
    return prepare(sql)
  }
  return db
}

function countedMemory(count) {
  const make = memoryAdapter({ user: [], session: [], account: [], verification: [] })
  return (options) => {
    const adapter = make(options)
    for (const verb of ['findOne', 'findMany']) {
      const call = adapter[verb]
      adapter[verb] = (...input) => {
        count()
        return call(...input)
      }
    }
    return adapter
  }
}

import { DatabaseSync } from 'node:sqlite'
import type { User } from '@latchkey/core'
import { type SqlStore, type SqlStoreOptions, sqlStore } from '@latchkey/sql-store'
import BetterSqlite3 from 'better-sqlite3'
import mysql from 'mysql2'
import pg from 'pg'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Blank, type DatabaseKind, mariadb, postgres, sqlite } from './support/databases.ts'
import { blankForTest, migratedForTest } from './support/faults.ts'
import { aUser } from './support/records.ts'

vi.setConfig({ testTimeout: 30_000 })

/** The connections of a store to a database, and whether each has something to do. */
const CONNECTIONS: Readonly<Record<string, (database: string) => string>> = {
  [postgres.name]: (database) => `select state = 'active' as busy from pg_stat_activity
    where datname = '${database}' and application_name = 'latchkey'`,
  // Whoever holds the lock is in the database, too.
  [mariadb.name]: (
    database,
  ) => `select command <> 'Sleep' as busy from information_schema.processlist
    where db = '${database}' and id <> (select min(id) from information_schema.processlist where db = '${database}')`,
}

for (const kind of [postgres, mariadb]) {
  describe.skipIf(!kind.available)(`the pool of a store on ${kind.name}`, () => {
    it.each([
      [1, { maxConnections: 1 }],
      [3, { maxConnections: 3 }],
      [10, {}],
    ])('never has more than %i connections', async (limit, options) => {
      const { store, connections, lock, id } = await observed(kind, options)
      const release = await lock()
      const calls = Array.from({ length: 40 }, () => store.users.countFailedLogin(id))
      await vi.waitFor(async () => expect((await connections()).busy).toBe(limit))
      // Ten more find no connection free.
      calls.push(...Array.from({ length: 10 }, () => store.users.countFailedLogin(id)))
      expect(await connections()).toEqual({ all: limit, busy: limit })
      await release()
      const counts = (await Promise.all(calls)).map((user) => user?.failedLogins)
      expect(counts.sort((a = 0, b = 0) => a - b)).toEqual(Array.from(counts, (_, n) => n + 2))
      expect((await connections()).all).toBe(limit)
    })

    it('opens nothing before it is used, and then what it needs', async () => {
      const { store, connections } = await observed(kind, {})
      expect((await connections()).all).toBe(0)
      for (let n = 0; n < 5; n++) await store.users.find('')
      expect((await connections()).all).toBe(1)
    })

    it('waits for the statement that runs when it is closed, and then is gone', async () => {
      const { store, connections, lock, user, query } = await observed(kind, {})
      await Promise.all(Array.from({ length: 8 }, () => store.users.find('')))
      const release = await lock()
      const running = store.users.clearFailedLogins(user.id)
      await vi.waitFor(async () => expect((await connections()).busy).toBe(1))
      const closing = Promise.all([store.close(), store.close()])
      await release()
      await running
      await closing
      expect(await query('select failed_logins as n from latchkey_users')).toEqual([{ n: 0 }])
      await store.close()
      await vi.waitFor(async () => expect((await connections()).all).toBe(0))
    })
  })
}

async function observed(kind: DatabaseKind, options: Partial<SqlStoreOptions>) {
  const database = await migratedForTest(kind)
  const observer = await blankForTest(kind)
  const statement = CONNECTIONS[kind.name]?.(new URL(database.url).pathname.slice(1)) ?? ''
  const user = aUser({ username: 'ada', failedLogins: 1 })
  await insertedBy(database, user)
  const connections = async () => {
    const rows = await observer.query(statement)
    return { all: rows.length, busy: rows.filter(({ busy }) => Boolean(busy)).length }
  }
  await database.query('select 1')
  await vi.waitFor(async () => expect((await connections()).all).toBe(0))
  const store = sqlStore({ url: database.url, ...options })
  onTestFinished(() => store.close())
  const lock = async () => {
    await database.query('begin')
    await database.query('select id from latchkey_users for update')
    return () => database.query('rollback')
  }
  const id = { kind: 'username', value: 'ada' } as const
  return { store, connections, lock, query: database.query, user, id }
}

/** By a store of its own, whose connections are gone when the test begins. */
async function insertedBy({ url }: Blank, user: User): Promise<void> {
  const store = sqlStore({ url })
  await store.users.insert(user)
  await store.close()
}

/** Ends what a store works on, and gives the store. */
type Ended = () => Promise<SqlStore>

async function closed(options: SqlStoreOptions): Promise<SqlStore> {
  const store = sqlStore(options)
  await store.migrate()
  await store.users.find('')
  await store.close()
  return store
}

const ended: readonly (readonly [title: string, kind: DatabaseKind, end: Ended])[] = [
  [
    'a store that was closed',
    sqlite,
    async () => closed({ url: (await blankForTest(sqlite)).url }),
  ],
  [
    'a store that was closed',
    postgres,
    async () => closed({ url: (await blankForTest(postgres)).url }),
  ],
  [
    'a store that was closed',
    mariadb,
    async () => closed({ url: (await blankForTest(mariadb)).url }),
  ],
  [
    'a DatabaseSync that was closed',
    sqlite,
    async () => {
      const db = new DatabaseSync(':memory:')
      const store = await closed({ sqlite: db })
      db.close()
      return store
    },
  ],
  [
    'a better-sqlite3 database that was closed',
    sqlite,
    async () => {
      const db = new BetterSqlite3(':memory:')
      const store = await closed({ sqlite: db })
      db.close()
      return store
    },
  ],
  [
    'a pool of pg that was ended',
    postgres,
    async () => {
      const pool = new pg.Pool({ connectionString: (await blankForTest(postgres)).url })
      const store = await closed({ postgres: pool })
      await pool.end()
      return store
    },
  ],
  [
    'a pool of mysql2 that was ended',
    mariadb,
    async () => {
      const pool = mysql.createPool({ uri: (await blankForTest(mariadb)).url })
      const store = await closed({ mysql: pool })
      await pool.promise().end()
      return store
    },
  ],
]

for (const [title, kind, end] of ended) {
  describe.skipIf(!kind.available)(`${title}, on ${kind.name}`, () => {
    it('refuses every call at once', async () => {
      const store = await end()
      const began = performance.now()
      for (const call of [
        () => store.users.find(''),
        () => store.users.insert(aUser()),
        () => store.revokedSince(null),
        () => store.ready(),
      ]) {
        await expect(call()).rejects.toMatchObject({
          name: 'SqlStoreError',
          code: 'unreachable',
          message: expect.stringContaining('the store was closed, or the pool that it was given'),
        })
      }
      expect(performance.now() - began).toBeLessThan(1000)
    })
  })
}

import { testStore } from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { migrations } from '../src/migrations/migrations.ts'
import {
  type Application,
  plainSettings,
  type Setting,
  settings,
  storeOn,
} from './support/applications.ts'
import { type Blank, postgres, TABLES } from './support/databases.ts'
import { callEveryVerb } from './support/every-verb.ts'
import { aUser } from './support/records.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

for (const setting of settings) {
  describe.skipIf(!setting.kind.available)(`on ${setting.kind.name}, ${setting.title}`, () => {
    let connected: Connected
    beforeAll(async () => {
      connected = await connect(setting)
    })
    afterAll(() => connected.end())

    // That the tables can be emptied for each case shows that the store of the case before has left the connection alone.
    testStore(
      'a store on it',
      async () => {
        await connected.empty()
        return storeOn(connected.application)
      },
      { describe, it },
    )
  })
}

for (const setting of plainSettings) {
  describe.skipIf(!setting.kind.available)(`on ${setting.kind.name}, ${setting.title}`, () => {
    let application: Application
    beforeEach(async () => {
      const database = await setting.kind.make()
      application = setting.connect(database)
      onTestFinished(() => application.end().then(database.drop))
    })

    it('works on when its store is closed, even twice', async () => {
      const store = storeOn(application)
      await store.migrate()
      await store.close()
      await store.close()
      expect(await storeOn(application).users.find('')).toBeNull()
      await application.run('select 1')
    })

    it('keeps its own settings', async () => {
      const statement = SESSION_SETTINGS[setting.kind.name] ?? ''
      const before = await application.run(statement)
      const store = storeOn(application)
      await store.migrate()
      await callEveryVerb(store, () => {})
      await store.close()
      expect(await application.run(statement)).toEqual(before)
    })

    it('may carry several stores, which know nothing of each other', async () => {
      const others = ['one_', 'two_'].map((tablePrefix) => ({
        ...application,
        options: { ...application.options, tablePrefix },
      }))
      const stores = [application, ...others].map(storeOn)
      for (const store of stores) expect(await store.migrate()).toEqual(Object.keys(migrations))
      const users = stores.map(() => aUser({ email: 'ada@example.com' }))
      await Promise.all(stores.map((store, n) => store.users.insert(users[n] ?? aUser())))
      for (const [n, store] of stores.entries()) {
        const identifier = { kind: 'email', value: 'ada@example.com' } as const
        expect(await store.users.findByIdentifier(identifier)).toEqual(users[n])
        await store.users.update(users[n]?.id ?? '', 1, { status: 'disabled' })
        const { users: changed } = await store.revokedSince('0')
        expect(changed.map(({ id }) => id)).toEqual([users[n]?.id])
      }
    })
  })
}

/** What tells how the connection is set up. */
const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  SQLite: `select * from pragma_journal_mode, pragma_synchronous, pragma_busy_timeout,
    pragma_foreign_keys, pragma_locking_mode, pragma_temp_store, pragma_cache_size`,
  PostgreSQL: 'select name, setting, source from pg_settings order by name',
  MariaDB: `select @@sql_mode, @@time_zone, @@innodb_lock_wait_timeout, @@max_statement_time,
    @@tx_isolation, @@autocommit, @@character_set_client, @@collation_connection`,
}

interface Connected {
  readonly application: Application
  readonly database: Blank
  empty(): Promise<void>
  end(): Promise<void>
}

async function connect({ kind, tables, connect }: Setting): Promise<Connected> {
  const database = await kind.make()
  const application = connect(database)
  const store = storeOn(application)
  await store.migrate()
  await store.close()
  return {
    application,
    database,
    async empty() {
      for (const name of TABLES) {
        await application.run(`delete from ${name.replace('latchkey_', tables)}`)
      }
    },
    async end() {
      await application.end()
      await database.drop()
    },
  }
}

describe.skipIf(!postgres.available)('a pool of pg on PostgreSQL', () => {
  it('may have parsers of its own for every type', async () => {
    const { builtins } = pg.types
    const changed = [builtins.TIMESTAMPTZ, builtins.JSONB, builtins.INT4, builtins.BOOL]
    const parsers = changed.map((type) => [type, pg.types.getTypeParser(type)] as const)
    onTestFinished(() => {
      for (const [type, parser] of parsers) pg.types.setTypeParser(type, parser)
    })
    for (const type of changed) pg.types.setTypeParser(type, () => 'parsed otherwise')
    const pool = await postgresPool()
    const store = sqlStore({ postgres: pool })
    await store.migrate()
    const user = aUser({ email: 'ada@example.com' })
    await store.users.insert(user)
    expect(await store.users.find(user.id)).toEqual(user)
    const { rows } = await pool.query('select 1 as one, now() as now, true as yes')
    expect(rows).toEqual([
      { one: 'parsed otherwise', now: 'parsed otherwise', yes: 'parsed otherwise' },
    ])
  })

  it('is refused when it writes dates in a form that can be misread', async () => {
    for (const style of ['German', 'SQL', 'Postgres']) {
      const pool = await postgresPool({ options: `-c TimeZone=Asia/Kolkata -c DateStyle=${style}` })
      const store = sqlStore({ postgres: pool })
      await store.migrate()
      await expect(store.users.find('')).rejects.toMatchObject({
        name: 'SqlStoreError',
        code: 'unsafe_settings',
        message: expect.stringContaining('set DateStyle to ISO'),
      })
    }
  })

  it('may be shared by as many stores as there are', async () => {
    const warnings: Error[] = []
    const listen = (warning: Error) => warnings.push(warning)
    process.on('warning', listen)
    onTestFinished(() => {
      process.off('warning', listen)
    })
    const pool = await postgresPool()
    await sqlStore({ postgres: pool }).migrate()
    for (let count = 0; count < 30; count++) {
      await sqlStore({ postgres: pool }).users.find('')
    }
    // Warnings are told in the next turn.
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings).toEqual([])
  })
})

async function postgresPool(settings: pg.PoolConfig = {}): Promise<pg.Pool> {
  const { url, drop } = await postgres.make()
  const pool = new pg.Pool({ connectionString: url, ...settings })
  // Its connections may still be closing when the database is dropped.
  pool.on('error', () => {})
  onTestFinished(() => pool.end().then(drop))
  return pool
}

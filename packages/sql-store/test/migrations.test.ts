import { DatabaseSync } from 'node:sqlite'
import { type SqlStoreOptions, sqlStore } from '@latchkey/sql-store'
import pg from 'pg'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { migrations } from '../src/migrations/migrations.ts'
import { kinds, postgres } from './support/databases.ts'
import { blankForTest } from './support/faults.ts'
import { runModule } from './support/node.ts'
import { aUser } from './support/records.ts'
import { schemaOf } from './support/schema.ts'

vi.setConfig({ testTimeout: 60_000 })

const ALL = Object.keys(migrations)

function storeAt(options: SqlStoreOptions) {
  const store = sqlStore(options)
  onTestFinished(() => store.close())
  return store
}

for (const kind of kinds) {
  describe.skipIf(!kind.available)(`migrations on ${kind.name}`, () => {
    it('are run once, whoever asks again', async () => {
      const { url } = await blankForTest(kind)
      const store = storeAt({ url })
      expect(await store.migrate()).toEqual(ALL)
      const status = await store.migrationStatus()
      expect(await store.migrate()).toEqual([])
      expect(await storeAt({ url }).migrate()).toEqual([])
      expect(await store.migrationStatus()).toEqual(status)
    })

    it('have a state that can be asked for', async () => {
      const { url } = await blankForTest(kind)
      const store = storeAt({ url })
      const blank = ALL.map((name) => ({ name, appliedAt: null, known: true }))
      expect(await store.migrationStatus()).toEqual(blank)
      const before = Date.now()
      await store.migrate()
      for (const [n, { name, appliedAt, known }] of (await store.migrationStatus()).entries()) {
        expect({ name, known }).toEqual({ name: ALL[n], known: true })
        expect(+(appliedAt ?? 0)).toBeGreaterThanOrEqual(before)
        expect(+(appliedAt ?? 0)).toBeLessThanOrEqual(Date.now())
      }
    })

    it('are run by one of many stores that ask at once', async () => {
      const { url, query } = await blankForTest(kind)
      const stores = Array.from({ length: 4 }, () => storeAt({ url }))
      const ran = await Promise.all([...stores, ...stores].map((store) => store.migrate()))
      expect(ran.flat()).toEqual(ALL)
      expect(await query('select name from latchkey_migrations')).toHaveLength(ALL.length)
    })

    it('are run by one of many processes that ask at once', async () => {
      const { url, query } = await blankForTest(kind)
      const source = `
        import { sqlStore } from '@latchkey/sql-store'
        const store = sqlStore({ url: process.env.URL })
        console.log(JSON.stringify(await store.migrate()))
        await store.users.find('')
        await store.close()`
      const processes = Array.from({ length: 4 }, () => runModule(source, { env: { URL: url } }))
      const ended = await Promise.all(processes)
      for (const { status, stderr } of ended)
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(ended.flatMap(({ stdout }) => JSON.parse(stdout))).toEqual(ALL)
      expect(await query('select name from latchkey_migrations')).toHaveLength(ALL.length)
    })

    it('name the tables with the prefix', async () => {
      const { url, query } = await blankForTest(kind)
      const store = storeAt({ url, tablePrefix: 'mine_' })
      await store.migrate()
      const user = aUser()
      await store.users.insert(user)
      expect(await query('select id from mine_users')).toEqual([{ id: user.id }])
      await expect(query('select id from latchkey_users')).rejects.toThrow()
      await expect(storeAt({ url }).users.find(user.id)).rejects.toMatchObject({
        code: 'not_migrated',
      })
    })

    it('can be planned, run by hand, and then be taken as run', async () => {
      const { url, query } = await blankForTest(kind)
      const store = storeAt({ url, tablePrefix: 'mine_' })
      const planned = await store.plannedStatements()
      expect(planned.length).toBeGreaterThanOrEqual(4)
      // Planning has changed nothing.
      expect(await store.plannedStatements()).toEqual(planned)
      await expect(query('select id from mine_users')).rejects.toThrow()
      for (const statement of planned) await query(statement)
      expect(await query('select id from mine_users')).toEqual([])
      expect(await store.migrate()).toEqual(ALL)
      expect(await store.plannedStatements()).toEqual([])
      await store.users.insert(aUser())
    })

    it('go on wherever a crash has left them', async () => {
      const whole = await blankForTest(kind)
      const planned = await storeAt({ url: whole.url }).plannedStatements()
      await storeAt({ url: whole.url }).migrate()
      const schema = await schemaOf(kind, whole)
      // On PostgreSQL a crash undoes everything, but somebody may have run the statements by hand.
      for (let done = 1; done < planned.length; done += 2) {
        const half = await blankForTest(kind)
        for (const statement of planned.slice(0, done)) await half.query(statement)
        expect(await storeAt({ url: half.url }).migrate()).toEqual(ALL)
        expect(await schemaOf(kind, half)).toBe(schema)
      }
    })

    it('of a newer version are left alone, and verbs work on', async () => {
      const { url, query } = await blankForTest(kind)
      const store = storeAt({ url })
      await store.migrate()
      await query(
        `insert into latchkey_migrations values ('9999-from-the-future', '2040-01-01T00:00:00.000Z')`,
      )
      const refusal = {
        name: 'SqlStoreError',
        code: 'newer_schema',
        message: expect.stringMatching(
          /newer version of @latchkey\/sql-store \(9999-from-the-future\): install that version/,
        ),
      }
      await expect(store.migrate()).rejects.toMatchObject(refusal)
      await expect(store.plannedStatements()).rejects.toMatchObject(refusal)
      expect((await store.migrationStatus()).at(-1)).toEqual({
        name: '9999-from-the-future',
        appliedAt: new Date('2040-01-01T00:00:00.000Z'),
        known: false,
      })
      const user = aUser()
      const later = storeAt({ url })
      await later.users.insert(user)
      expect(await later.users.find(user.id)).toEqual(user)
      await later.ready()
    })
  })
}

describe('migrations on one connection to SQLite', () => {
  it('wait for each other', async () => {
    const sqlite = new DatabaseSync(':memory:')
    onTestFinished(() => sqlite.close())
    const prefixes = ['latchkey_', 'mine_', 'latchkey_', 'mine_']
    const stores = prefixes.map((tablePrefix) => storeAt({ sqlite, tablePrefix }))
    const ran = await Promise.all(stores.map((store) => store.migrate()))
    expect(ran).toEqual([ALL, ALL, [], []])
    for (const store of stores) await store.users.insert(aUser())
  })

  it('make the tables in memory', async () => {
    const store = storeAt({ url: ':memory:' })
    expect(await Promise.all([store.migrate(), store.migrate()])).toEqual([ALL, []])
    await store.users.insert(aUser())
  })
})

describe.skipIf(!postgres.available)('a schema on PostgreSQL', () => {
  it('is created, and is the only place that the store looks at', async () => {
    const { url, query } = await blankForTest(postgres)
    const outside = storeAt({ url })
    await outside.migrate()
    const inside = storeAt({ url, schema: 'accounts' })
    await expect(inside.users.find('')).rejects.toMatchObject({ code: 'not_migrated' })
    expect(await inside.migrate()).toEqual(ALL)
    const user = aUser({ email: 'ada@example.com' })
    await inside.users.insert(user)
    expect(await query('select id from accounts.latchkey_users')).toEqual([{ id: user.id }])
    expect(await outside.users.find(user.id)).toBeNull()
    expect(await inside.users.find(user.id)).toEqual(user)
  })

  it('can be planned, run by hand, and then be taken as run', async () => {
    const { url, query } = await blankForTest(postgres)
    const store = storeAt({ url, schema: 'accounts' })
    const planned = await store.plannedStatements()
    for (const statement of planned) await query(statement)
    expect(await query('select id from accounts.latchkey_users')).toEqual([])
    expect(await store.migrate()).toEqual(ALL)
    expect(await store.plannedStatements()).toEqual([])
  })

  it('may come first in a search path on which others have the same tables', async () => {
    const { url, query } = await blankForTest(postgres)
    await storeAt({ url }).migrate()
    await query('create schema accounts')
    const pool = new pg.Pool({ connectionString: url, options: '-c search_path=accounts,public' })
    pool.on('error', () => {})
    onTestFinished(() => pool.end())
    const store = storeAt({ postgres: pool })
    expect(await store.plannedStatements()).not.toEqual([])
    await expect(store.users.find('')).rejects.toMatchObject({ code: 'not_migrated' })
    expect(await store.migrate()).toEqual(ALL)
    expect(await store.plannedStatements()).toEqual([])
    await store.users.insert(aUser())
    expect(await query('select id from accounts.latchkey_users')).toHaveLength(1)
    expect(await query('select id from public.latchkey_users')).toEqual([])
  })
})

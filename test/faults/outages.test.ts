import { SqlStoreError } from '@latchkey/sql-store'
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { START_LIMIT_MS } from '../servers/server-process.ts'
import { type App, openApp } from './app.ts'
import { customersOf } from './customers.ts'
import { type OwnDatabase, startOwnDatabase } from './own-database.ts'
import { type ServerKind, serverKinds } from './server-kinds.ts'

vi.setConfig({ testTimeout: 2 * START_LIMIT_MS, hookTimeout: 2 * START_LIMIT_MS })

/** How the server goes away and comes back, while `goOn` waits for clients that find it away. */
type Outage = (database: OwnDatabase, goOn: () => Promise<void>) => Promise<void>

const outages: Readonly<Record<string, Outage>> = {
  'is restarted': ({ server }) => server.restart(),
  async 'is killed and started again'({ server }, goOn) {
    await server.kill()
    await goOn()
    await server.restart()
  },
}

for (const kind of serverKinds) {
  for (const [title, outage] of Object.entries(outages)) {
    describe.skipIf(!kind.engine.isInstalled()).concurrent(`${kind.name} that ${title}`, () => {
      underLoad(kind, outage)
    })
  }
}

function underLoad(kind: ServerKind, outage: Outage): void {
  let database: OwnDatabase
  let app: App

  beforeAll(async () => {
    database = await startOwnDatabase(kind.engine, { durable: true })
    app = await openApp(database.store)
  })
  afterAll(async () => {
    await app?.close()
    await database?.stop()
  })

  it('S103 costs answers of 503 and nothing else: all sessions and accounts are kept', async ({
    expect,
  }) => {
    const customers = await customersOf(app)
    const more = async (count: () => number, wanted: number) => {
      const enough = count() + wanted
      await expect.poll(count, { timeout: 20_000 }).toBeGreaterThan(enough)
    }
    await more(customers.done, 50)
    await outage(database, () => more(customers.refused, 20))
    await more(customers.done, 50)
    await customers.stop()
    expect(customers.refused()).toBeGreaterThan(0)
    await customers.expectAllKept()
    const codes = new Set(
      app.errors.map((error) => (error instanceof SqlStoreError ? error.code : error)),
    )
    expect([...codes]).toEqual(['unreachable'])
  })
}

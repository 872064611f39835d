import type { Store } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mariadbDatabase, mariadbUrl, postgresDatabase, postgresUrl } from '../servers/databases.ts'
import type { TestDatabase } from '../servers/test-database.ts'
import { patience } from './effort.ts'
import { administrator, fuzzRoutes, stranger } from './fuzz-routes.ts'
import { setStage } from './stage.ts'

const RUNS = 100

const databases: readonly {
  readonly name: string
  readonly available: boolean
  make(): Promise<Pick<TestDatabase, 'url'> & Partial<TestDatabase>>
}[] = [
  { name: 'SQLite', available: true, make: async () => ({ url: 'sqlite::memory:' }) },
  { name: 'PostgreSQL', available: postgresUrl !== undefined, make: postgresDatabase },
  { name: 'MariaDB', available: mariadbUrl !== undefined, make: mariadbDatabase },
]

for (const { name, available, make } of databases) {
  describe.skipIf(!available)(`on ${name}, any request to any route`, { timeout: patience }, () => {
    async function storeOn(): Promise<Store> {
      const { url, drop } = await make()
      onTestFinished(async () => drop?.())
      const store = sqlStore({ url })
      onTestFinished(() => store.close())
      await store.migrate()
      return store
    }

    it('S097 S100 of a stranger gets a sound answer, and touches nobody else', async () => {
      const stage = await setStage('Express 5', { store: await storeOn() })
      const before = await stage.guarded()
      await fuzzRoutes(stage, stranger, {
        runs: RUNS,
        after: async () => expect(await stage.guarded()).toEqual(before),
      })
    })

    it('S097 S100 of an administrator gets a sound answer', async () => {
      const stage = await setStage('Express 5', { store: await storeOn() })
      await fuzzRoutes(stage, administrator, { runs: RUNS })
    })
  })
}

import { testFlows, testStore } from '@latchkey/core/testing'
import { afterAll, beforeAll, describe, it, vi } from 'vitest'
import { kinds, type Migrated, migrated } from './support/databases.ts'

// Some cases put thousands of records into a database that other test files use as well.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

for (const kind of kinds) {
  describe.skipIf(!kind.available)(kind.name, () => {
    let database: Migrated
    beforeAll(async () => {
      database = await migrated(kind)
    })
    afterAll(() => database.drop())

    testStore(`sqlStore on ${kind.name}`, () => database.emptied(), { describe, it })
    testFlows(`sqlStore on ${kind.name}`, () => database.emptied(), { describe, it })
  })
}

import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it } from 'vitest'
import { kinds } from './support/databases.ts'
import { blankForTest } from './support/faults.ts'
import { schemaOf } from './support/schema.ts'

for (const kind of kinds) {
  describe.skipIf(!kind.available)(`the tables on ${kind.name}`, () => {
    // A migration that has been released must never make anything else.
    it('are what the migrations have always made', async () => {
      const database = await blankForTest(kind)
      const store = sqlStore({ url: database.url })
      await store.migrate()
      await store.close()
      const schema = await schemaOf(kind, database)
      await expect(schema).toMatchFileSnapshot(`schema/${kind.fileName}.txt`)
    })
  })
}

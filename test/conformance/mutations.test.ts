import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { brokenStores } from './broken-stores.ts'
import { casesOf, failuresOf } from './run-suite.ts'

describe('testStore fails a store that', () => {
  it.each(brokenStores)('$fault', async ({ guarantee, make }) => {
    const failed = (await failuresOf(make)).map(({ title }) => title)
    expect(failed).toContain(guarantee)
  })
})

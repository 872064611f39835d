import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { brokenStores } from './broken-stores.ts'
import { casesOf, failuresOf } from './run-suite.ts'

describe('testStore fails a store that', () => {
  it.each(brokenStores)('$fault', async ({ guarantee, make }) => {
    expect(await failuresOf(memoryStore, [guarantee])).toEqual([])
    const failures = await failuresOf(make, [guarantee])
    expect(failures.map(({ title }) => title)).toEqual([guarantee])
  })
})

describe('the broken stores', () => {
  it('are many, and each has a fault of its own', () => {
    const faults = brokenStores.map(({ fault }) => fault)
    expect(new Set(faults).size).toBe(faults.length)
    expect(faults.length).toBeGreaterThan(28)
  })

  it('break something in every group of cases', () => {
    const groupsOf = (titles: readonly string[]) =>
      [...new Set(titles.map((title) => title.split(' > ')[0]))].sort()
    const guarantees = brokenStores.map(({ guarantee }) => guarantee)
    expect(groupsOf(guarantees)).toEqual(groupsOf(casesOf(memoryStore).map(({ title }) => title)))
  })
})

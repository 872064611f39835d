import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { testFlows } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { brokenForFlows } from './broken/flows.ts'
import { casesOf } from './run-suite.ts'

describe('testFlows', () => {
  it.each(brokenForFlows)('fails a store that $fault: $guarantee', async ({ guarantee, make }) => {
    const found = casesOf(make, testFlows).find(({ title }) => title === guarantee)
    await expect(found?.run()).rejects.toThrow()
  })

  it('gives each case a title of its own', () => {
    const titles = casesOf(memoryStore, testFlows).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('closes each store, also when the case failed, and says why that was', async () => {
    let [opened, closed] = [0, 0]
    const makeStore = () => {
      opened += 1
      const users = new Proxy(memoryStore().users, {
        get: () => async () => {
          throw new Error('there is no such table')
        },
      })
      const close = async () => {
        closed += 1
        throw new Error('not closed')
      }
      return { ...memoryStore(), users, close }
    }
    const cases = casesOf(makeStore, testFlows)
    const reasons = await Promise.all(cases.map(({ run }) => run().catch(String)))
    expect(reasons.filter((reason) => /not closed/.test(String(reason)))).toEqual([])
    expect([opened, closed]).toEqual([cases.length, cases.length])
  })

  it('runs with node:test', { timeout: 60_000 }, () => {
    const file = fileURLToPath(new URL('./flows-with-node-test.ts', import.meta.url))
    const flags = ['--conditions=@latchkey/source', '--test', '--test-reporter=tap']
    const { status, stdout } = spawnSync(process.execPath, [...flags, file], { encoding: 'utf8' })
    const count = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(stdout)?.[1])
    expect(status, stdout).toBe(0)
    expect(count('pass')).toBe(casesOf(memoryStore, testFlows).length)
    expect(count('pass')).toBeGreaterThan(150)
    expect(count('fail') + count('skipped') + count('todo') + count('cancelled')).toBe(0)
  })
})

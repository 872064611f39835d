import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Store } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { casesOf, failuresOf } from './run-suite.ts'

describe('testStore', () => {
  it('runs with node:test', { timeout: 60_000 }, () => {
    const file = fileURLToPath(new URL('./with-node-test.ts', import.meta.url))
    const flags = ['--conditions=@latchkey/source', '--test', '--test-reporter=tap']
    const { status, stdout } = spawnSync(process.execPath, [...flags, file], { encoding: 'utf8' })
    const count = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(stdout)?.[1])
    expect(status, stdout).toBe(0)
    expect(count('pass')).toBe(casesOf(memoryStore).length)
    expect(count('pass')).toBeGreaterThan(200)
    expect(count('fail') + count('skipped') + count('todo') + count('cancelled')).toBe(0)
  })

  it('runs with anything that has describe and it, and passes on the memory store', async () => {
    expect(await failuresOf(memoryStore)).toEqual([])
  })

  it('gives each case a title of its own', () => {
    const titles = casesOf(memoryStore).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
  })

  it('opens a store for each case, and closes it, also when the case failed', async () => {
    const opened: Store[] = []
    const closed = new Set<Store>()
    const makeStore = async () => {
      const sound = memoryStore()
      const store: Store = {
        ...sound,
        users: undefined as never,
        close: async () => {
          closed.add(store)
        },
      }
      opened.push(store)
      return store
    }
    const failures = await failuresOf(makeStore)
    expect(failures.length).toBeGreaterThan(200)
    expect(new Set(opened).size).toBe(casesOf(memoryStore).length)
    expect(closed.size).toBe(opened.length)
  })

  it('says why a case failed, not that the store did not close after it', async () => {
    const makeStore = () => ({
      ...memoryStore(),
      ready: () => Promise.reject(new Error('not ready')),
      close: () => {
        throw new Error('not closed')
      },
    })
    const reasons = await failuresOf(makeStore)
    const why = reasons.find(({ title }) => title.endsWith('answers that it is ready'))
    expect(why?.reason).toMatchObject({ message: 'not ready' })
    expect(reasons.length).toBe(casesOf(memoryStore).length)
  })
})

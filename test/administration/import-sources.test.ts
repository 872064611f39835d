import { describe, expect, it } from 'vitest'
import { eventsOf } from '../support/administration.ts'
import { type Setup, setUp } from '../support/setup.ts'
import {
  everything,
  importObjects,
  importText,
  withLevels as options,
  pieces,
} from '../support/transfer.ts'

async function recordOf({ store }: Setup, email: string) {
  return store.users.findByIdentifier({ kind: 'email', value: email })
}

describe('the source of an import', () => {
  it('leaves a source alone of which it needs no more', async () => {
    const { auth } = setUp(everything)
    let ended = 0
    async function* endless() {
      try {
        yield* pieces('email\na@x.org\nnobody\n')
        for (;;) yield Buffer.from('b@x.org\n')
      } finally {
        ended += 1
      }
    }
    for (const format of ['csv', 'ndjson'] as const) {
      const report = await auth.importUsers('system', endless(), { format, onError: 'stop' })
      expect(report).toMatchObject({ refused: 1, complete: false })
    }
    await expect.poll(() => ended).toBe(2)
  })

  it('leaves others their turn within one long piece of CSV', async () => {
    const { auth } = setUp(everything)
    const rows = Array.from(
      { length: 800 },
      (_, index) => `user-${index}@x.org,${'x'.repeat(10_000)}`,
    )
    const text = ['email,unknown', ...rows].join('\n')
    let last = performance.now()
    let longest = 0
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 1)
    const begin = performance.now()
    expect(await importText(auth, text, { size: text.length })).toMatchObject({ created: 800 })
    clearInterval(timer)
    expect(longest).toBeLessThan((performance.now() - begin) / 3)
  })

  it('leaves others their turn, however fast the store', async () => {
    const { auth } = setUp(options)
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 1)
    const rows = Array.from({ length: 4000 }, (_, index) => ({
      email: `user-${index}@example.com`,
    }))
    const begin = performance.now()
    await importObjects(auth, rows)
    clearInterval(timer)
    expect(turns).toBeGreaterThan((performance.now() - begin) / 40)
  })

  it('tells how far it is', async () => {
    const { auth } = setUp(options)
    const told: unknown[] = []
    const rows = Array.from({ length: 250 }, (_, index) => ({ email: `user-${index}@example.com` }))
    await importObjects(auth, rows, { onProgress: (progress) => told.push(progress) })
    const counts = { updated: 0, skipped: 0, refused: 0 }
    expect(told).toEqual([100, 200, 250].map((rows) => ({ rows, created: rows, ...counts })))
  })

  it('fails with its source, and tells of what it has done', async () => {
    const setup = setUp(options)
    async function* source() {
      yield { email: 'ada@example.com' }
      throw new Error('the file is gone')
    }
    await expect(setup.auth.importUsers('system', source())).rejects.toThrow('the file is gone')
    expect(await recordOf(setup, 'ada@example.com')).not.toBeNull()
    expect(await eventsOf(setup, 'users.imported')).toMatchObject([{ created: 1 }])
  })
})

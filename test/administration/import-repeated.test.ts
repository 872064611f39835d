import { createAuth } from '@latchkey/core'
import { createOutbox, failingStore, weakPasswords } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { cheapVectors, type Vector } from '../../packages/core/test/support/password-hashes.ts'
import { ORIGIN, SECRET, setUp } from '../support/setup.ts'
import { exported, importObjects, withLevels as options } from '../support/transfer.ts'

const [bcrypt] = cheapVectors as readonly [Vector, ...Vector[]]

const rows = Array.from({ length: 12 }, (_, index) => ({
  id: `0190a5f2-0000-7000-8000-${String(index).padStart(12, '0')}`,
  email: `user-${index}@example.com`,
  username: `user-${index}`,
  passwordHash: bcrypt.hash,
  profile: { level: index },
}))

describe('an import that is run again', () => {
  it.each(['skip', 'update'] as const)('changes nothing with "%s"', async (ifExists) => {
    const setup = setUp(options)
    await importObjects(setup.auth, rows)
    const before = await exported(setup.auth, { format: 'ndjson' })
    setup.clock.advance(3600)
    const again = await importObjects(setup.auth, rows, { ifExists, updatePasswords: true })
    expect(again).toMatchObject({ rows: 12, created: 0, updated: 0, skipped: 12, refused: 0 })
    expect(await exported(setup.auth, { format: 'ndjson' })).toBe(before)
  })

  it.each(['before', 'after'] as const)(
    'goes on where the store failed, wherever that was, %s the write',
    async (moment) => {
      const whole = setUp(options)
      await importObjects(whole.auth, rows)
      const expected = withoutTimes(await exported(whole.auth, { format: 'ndjson' }))
      for (let call = 1; call <= 60; call += 3) {
        const failing = failingStore(memoryStore())
        const auth = createAuth({
          ...options,
          secret: SECRET,
          origin: ORIGIN,
          mailer: createOutbox().send,
          passwords: weakPasswords,
          maintenance: false,
          onError() {},
          store: failing.store,
        })
        failing.failAt(call, moment)
        const first = await importObjects(auth, rows).catch(({ code }) => code)
        if (failing.heal() !== null) expect(['unavailable', 12]).toContain(first.created ?? first)
        const again = await importObjects(auth, rows)
        expect(again).toMatchObject({ rows: 12, refused: 0, complete: true })
        expect(withoutTimes(await exported(auth, { format: 'ndjson' }))).toEqual(expected)
        await auth.close()
      }
    },
  )
})

function withoutTimes(ndjson: string): readonly string[] {
  return ndjson
    .replaceAll(/"(?:created|updated)At":"[^"]*"/g, '')
    .split('\n')
    .toSorted()
}

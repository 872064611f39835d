import { failingStore } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { expect, it, onTestFinished, vi } from 'vitest'
import { settled } from '../support/problems.ts'
import { setUp } from '../support/setup.ts'

it('S116 prints of a failure that nobody listens to what failed and why, by name and code only', async () => {
  const lines: string[] = []
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text))
    return true
  })
  onTestFinished(() => spy.mockRestore())
  const failing = failingStore(memoryStore())
  const { auth } = setUp({ store: failing.store, onError: undefined })
  // Of a registration, all but the audit log and the message stands.
  failing.failAt(3, 'before')
  await auth.register({ email: 'ada@example.com', password: 'correct horse battery' })
  await settled(auth)
  expect(failing.heal()).toBe('events.append')
  expect(lines).toEqual([
    'latchkey: writing the audit log failed: AuthError (unavailable) because of StoreFailure; give createAuth an onError to see more\n',
  ])
})

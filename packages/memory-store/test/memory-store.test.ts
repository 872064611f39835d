import { memoryStore } from '@latchkey/memory-store'
import { expect, it } from 'vitest'
import { describeStore } from './contract/describe-store.ts'
import { anEvent, at, idNumber } from './contract/records.ts'

describeStore('memoryStore', () => memoryStore())

it('keeps at most so many events, and lets the oldest go first', async () => {
  const store = memoryStore({ maxEvents: 3 })
  const events = [1, 2, 3, 4, 5].map((n) => anEvent({ id: idNumber(n), at: at(n) }))
  await store.events.append(events.slice(0, 2))
  await store.events.append(events.slice(2))
  const page = await store.events.list({ limit: 10, cursor: null, userId: null })
  expect(page.events.map(({ id }) => id)).toEqual([idNumber(5), idNumber(4), idNumber(3)])
})

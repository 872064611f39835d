import { testFlows, testStore } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { eventsWhere } from '../../core/src/testing/queries.ts'
import { anEvent } from '../../core/src/testing/store/records.ts'

testStore('memoryStore', memoryStore, { describe, it })
testFlows('memoryStore', memoryStore, { describe, it })

it('keeps at most so many events, and lets the oldest go first', async () => {
  const store = memoryStore({ maxEvents: 3 })
  const events = [1, 2, 3, 4, 5].map((second) => anEvent({ at: new Date(second * 1000) }))
  await store.events.append(events.slice(0, 2))
  await store.events.append(events.slice(2))
  const kept = await store.events.list(eventsWhere({}))
  expect(kept).toEqual(events.slice(2).toReversed())
})

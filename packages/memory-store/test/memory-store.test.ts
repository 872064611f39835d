import { randomUUID } from 'node:crypto'
import type { EventRecord } from '@latchkey/core'
import { testFlows, testStore } from '@latchkey/core/testing'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'

testStore('memoryStore', memoryStore, { describe, it })
testFlows('memoryStore', memoryStore, { describe, it })

it('keeps at most so many events, and lets the oldest go first', async () => {
  const store = memoryStore({ maxEvents: 3 })
  const events = [1, 2, 3, 4, 5].map(anEvent)
  await store.events.append(events.slice(0, 2))
  await store.events.append(events.slice(2))
  const page = await store.events.list({ limit: 10, cursor: null, userId: null })
  expect(page.events).toEqual(events.slice(2).toReversed())
})

function anEvent(second: number): EventRecord {
  return {
    id: randomUUID(),
    at: new Date(second * 1000),
    type: 'session.started',
    outcome: 'success',
    userId: null,
    actorId: null,
    sessionId: null,
    ip: null,
    userAgent: null,
    data: {},
  }
}

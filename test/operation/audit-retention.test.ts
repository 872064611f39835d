import { expect, it } from 'vitest'
import { anEvent } from '../../packages/core/src/testing/store/records.ts'
import { eventsOf } from '../support/logged-events.ts'
import { setUp } from '../support/setup.ts'

const DAY = 86_400

it.each([
  { what: 'for a year', options: {}, retention: 365 * DAY },
  { what: 'as long as it is told', options: { auditRetention: 30 * DAY }, retention: 30 * DAY },
])('S115 keeps the audit log $what, and no longer', async ({ options, retention }) => {
  const { auth, store, clock } = setUp(options)
  const old = anEvent({ at: clock.now() })
  const young = anEvent({ at: new Date(clock.now().getTime() + 1) })
  await store.events.append([old, young])
  clock.advance(retention)
  expect(await auth.prune()).toBe(0)
  expect(await eventsOf(store)).toEqual([young, old])
  clock.advance(0.001)
  expect(await auth.prune()).toBe(1)
  expect(await eventsOf(store)).toEqual([young])
})

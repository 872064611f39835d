import type { EventQuery, EventRecord, Store } from '@latchkey/core'
import { eventsWhere } from '../../packages/core/src/testing/queries.ts'

/** The latest thousand events of the audit log that meet the conditions, newest first. */
export function eventsOf(
  store: Store,
  conditions: Partial<EventQuery> = {},
): Promise<readonly EventRecord[]> {
  return store.events.list(eventsWhere(conditions))
}

import type { EventPosition, EventQuery, EventRecord, Store } from '@latchkey/core'
import { eventsWhere } from '../../../packages/core/src/testing/queries.ts'
import type { Faults } from './broken-store.ts'

/** Lists what a sound store lists for another query. */
export function asking(other: (query: EventQuery) => EventQuery): (sound: Store) => Faults {
  return ({ events }) => ({ events: { list: (query) => events.list(other(query)) } })
}

/** Has another rule for who meets a condition, which a sound store is not told of. */
export function meeting(
  meets: (event: EventRecord, query: EventQuery) => boolean,
  without: Partial<EventQuery>,
): (sound: Store) => Faults {
  return ({ events }) => ({
    events: {
      async list(query) {
        const rest = await events.list({ ...query, ...without, limit: 100_000 })
        return rest.filter((event) => meets(event, query)).slice(0, query.limit)
      },
    },
  })
}

/** Goes on behind a place by another rule. */
export function goingOn(
  isBehind: (event: EventRecord, after: EventPosition) => boolean,
): (sound: Store) => Faults {
  return meeting((event, { after }) => after === null || isBehind(event, after), { after: null })
}

/** The whole log. */
export function logOf({ events }: Pick<Store, 'events'>): Promise<readonly EventRecord[]> {
  return events.list(eventsWhere({ limit: 100_000 }))
}

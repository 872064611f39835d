import type { EventPosition, EventQuery, EventRecord, EventStore } from '@latchkey/core'
import type { Environment } from './environment.ts'
import { compareKeys, type Key } from './key.ts'

export function eventStore({ events, read, write }: Environment): EventStore {
  return {
    append: (added) =>
      write(() => {
        for (const event of added) if (events.get(event.id) === null) events.insert(event)
      }),
    list: (query) =>
      read(() => {
        const { from, before, after, limit } = query
        const start = after && placeOf(after)
        const where = (event: EventRecord) => meets(event, query)
        return events.list(logOf(query), { from, before, start, backwards: true, limit, where })
      }),
  }
}

function logOf({ userId, actorId }: EventQuery): Key {
  if (userId !== null) return ['user', userId]
  return actorId === null ? ['all'] : ['actor', actorId]
}

/** Types and outcomes are in no index: they are looked at on the way. */
function meets(event: EventRecord, { after, actorId, type, outcome }: EventQuery): boolean {
  return (
    (after === null || compareKeys(placeOf(event), placeOf(after)) < 0) &&
    (actorId === null || event.actorId === actorId) &&
    (type === null || event.type === type) &&
    (outcome === null || event.outcome === outcome)
  )
}

function placeOf({ at, id }: EventPosition): Key {
  return [at, id]
}

import type { EventStore } from '@latchkey/core'
import { type Environment, positionOf } from './environment.ts'

export function eventStore({ events, read, write }: Environment): EventStore {
  return {
    append: (added) =>
      write(() => {
        for (const event of added) if (events.get(event.id) === null) events.insert(event)
      }),
    list: ({ limit, cursor, userId }) =>
      read(() => {
        const log = userId === null ? ['all'] : ['user', userId]
        const range = { before: cursor ?? undefined, limit: limit + 1, backwards: true }
        const found = events.list(log, range)
        const page = found.slice(0, limit)
        const last = page.at(-1)
        return { events: page, cursor: last && found.length > limit ? positionOf(last) : null }
      }),
  }
}

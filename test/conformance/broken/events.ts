import type { EventRecord } from '@latchkey/core'
import { type BrokenStore, broken } from './broken-store.ts'

export const brokenEvents: readonly BrokenStore[] = [
  broken(
    'overwrites an event whose id exists',
    'events.append > changes nothing when the id exists, and still adds the others',
    ({ events }) => {
      const last = new Map<string, EventRecord>()
      return {
        events: {
          append(added) {
            for (const event of added) last.set(event.id, structuredClone(event))
            return events.append(added)
          },
          async list(query) {
            const listed = await events.list(query)
            return listed.map((event) => last.get(event.id) ?? event)
          },
        },
      }
    },
  ),

  broken(
    'adds nothing when one of the events exists',
    'events.append > changes nothing when the id exists, and still adds the others',
    ({ events }) => {
      const ids = new Set<string>()
      return {
        events: {
          async append(added) {
            if (added.some(({ id }) => ids.has(id))) return
            for (const { id } of added) ids.add(id)
            await events.append(added)
          },
        },
      }
    },
  ),

  broken(
    'rejects an event that stands twice in one call',
    'events.append > adds an event once that stands twice in one call',
    ({ events }) => ({
      events: {
        async append(added) {
          const ids = new Set(added.map(({ id }) => id))
          if (ids.size < added.length) throw new Error('duplicate key')
          await events.append(added)
        },
      },
    }),
  ),

  broken(
    'rejects a call without events',
    'events.append > adds nothing when there is nothing',
    ({ events }) => ({
      events: {
        async append(added) {
          if (added.length === 0) throw new Error('syntax error')
          await events.append(added)
        },
      },
    }),
  ),

  broken(
    'adds a thousand events of a call and no more',
    'events.append > adds more than a thousand events of one call',
    ({ events }) => ({ events: { append: (added) => events.append(added.slice(0, 1000)) } }),
  ),
]

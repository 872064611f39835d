import type { EventQuery, EventRecord, Store } from '@latchkey/core'
import { type BrokenStore, broken, type Faults } from './broken-store.ts'

const ALL = { limit: 10_000, cursor: null }

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
            const page = await events.list(query)
            return { ...page, events: page.events.map((event) => last.get(event.id) ?? event) }
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

  broken(
    'has a cursor of the time alone',
    'events.list > gives each event once, newest first by time, then id, in pages of 3',
    listing(
      (event) => event.at.toISOString(),
      (position, cursor) => position < cursor,
    ),
  ),

  broken(
    'begins a page with the last event of the page before',
    'events.list > gives each event once, newest first by time, then id, in pages of 7',
    listing(positionOf, (position, cursor) => position <= cursor),
  ),

  broken(
    'has the number of events given for a cursor',
    'events.list > neither repeats nor leaves out when an event comes that is newer',
    ({ events }) => ({
      events: {
        async list({ limit, cursor, userId }) {
          const { events: all } = await events.list({ ...ALL, userId })
          const end = Number(cursor) + limit
          const page = all.slice(Number(cursor), end)
          return { events: page, cursor: end < all.length ? `${end}` : null }
        },
      },
    }),
  ),

  broken(
    'gives a cursor at the end, too',
    'events.list > gives each event once, newest first by time, then id, in pages of 20',
    ({ events }) => ({
      events: {
        async list(query) {
          const page = await events.list(query)
          const last = page.events.at(-1)
          const full = last !== undefined && page.events.length === query.limit
          return full ? { ...page, cursor: positionOf(last) } : page
        },
      },
    }),
  ),

  broken(
    'gives the oldest event first',
    'events.list > gives each event once, newest first by time, then id, in pages of 21',
    ({ events }) => ({
      events: {
        async list(query) {
          const page = await events.list(query)
          return { ...page, events: page.events.toReversed() }
        },
      },
    }),
  ),

  broken(
    'leaves out the events of others after it has cut the page',
    'events.list > gives the events of one user, in pages of 2',
    ({ events }) => ({
      events: {
        async list({ userId, ...query }) {
          const page = await events.list({ ...query, userId: null })
          const mine = page.events.filter((event) => userId === null || event.userId === userId)
          return { ...page, events: mine }
        },
      },
    }),
  ),

  broken(
    'gives events of everybody',
    'events.list > gives one empty page for a user without events',
    ({ events }) => ({ events: { list: (query) => events.list({ ...query, userId: null }) } }),
  ),

  broken(
    'gives what somebody did for what happened to them',
    'events.list > does not give events about nobody to somebody',
    ({ events }) => ({
      events: {
        async list(query) {
          const page = await events.list(query)
          const { events: all } = await events.list({ ...ALL, userId: null })
          const done = all.filter(
            ({ actorId }) => query.userId !== null && actorId === query.userId,
          )
          return { ...page, events: [...page.events, ...done] }
        },
      },
    }),
  ),

  broken(
    'remembers where a reader was',
    'events.list > gives the same page again for the same cursor',
    ({ events }) => {
      const asked = new Set<string>()
      return {
        events: {
          async list(query) {
            const page = await events.list(query)
            const again = query.cursor !== null && asked.has(query.cursor)
            if (query.cursor !== null) asked.add(query.cursor)
            return again ? events.list({ ...query, cursor: page.cursor }) : page
          },
        },
      }
    },
  ),
]

function positionOf({ at, id }: EventRecord): string {
  return `${at.toISOString()}/${id}`
}

/** Goes on behind a cursor by another rule. */
function listing(
  position: (event: EventRecord) => string,
  isBehind: (position: string, cursor: string) => boolean,
): (sound: Store) => Faults {
  return ({ events }) => ({
    events: {
      async list({ limit, cursor, userId }: EventQuery) {
        const { events: all } = await events.list({ ...ALL, userId })
        const rest = all.filter((event) => cursor === null || isBehind(position(event), cursor))
        const page = rest.slice(0, limit)
        const last = page.at(-1)
        const more = last !== undefined && rest.length > limit
        return { events: page, cursor: more ? position(last) : null }
      },
    },
  })
}

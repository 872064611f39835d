import type { EventRecord } from '../../records.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { eventPages, eventsWhere, placeOfEvent } from '../queries.ts'
import { fifty, MANY } from './race.ts'
import { anEvent, at, idNumber } from './records.ts'
import { rule, section } from './rule.ts'

const following = section('events.list, pages', [
  ...[1, 2, 3, 7, 19, 20, 21].map((limit) =>
    rule(
      `gives each event once, newest first by time, then id, in pages of ${limit}`,
      async (store) => {
        const events = shuffledEvents()
        await store.events.append(events)
        const pages = await eventPages(store, eventsWhere({ limit }))
        expectEqual(pages.flat(), events.toSorted(newestFirst))
        const full = pages.slice(0, -1).every(({ length }) => length === limit)
        expectTrue(full, 'a page before the last has room')
      },
    ),
  ),

  rule(
    `gives each of ${MANY} events of one millisecond once, in pages of any size`,
    async (store) => {
      const moment = fifty((n) => anEvent({ id: idNumber(1 + ((n * 17) % MANY)) }))
      const [older, newer] = [
        anEvent({ id: idNumber(99), at: at(-1) }),
        anEvent({ id: idNumber(0), at: at(1) }),
      ]
      const events = [older, ...moment, newer]
      await store.events.append(events)
      for (const limit of [1, 7, MANY - 1, MANY, MANY + 1]) {
        const pages = await eventPages(store, eventsWhere({ limit }))
        expectEqual(pages.flat(), events.toSorted(newestFirst), `in pages of ${limit}`)
      }
    },
  ),

  rule('gives the first `limit`, be they a thousand, and not one more', async (store) => {
    const events = Array.from({ length: 1100 }, (_, n) => anEvent({ id: idNumber(n), at: at(n) }))
    await store.events.append(events)
    const expected = events.toReversed()
    for (const limit of [1, 999, 1000, 1001, 1099, 1100, 5000]) {
      const listed = await store.events.list(eventsWhere({ limit }))
      expectEqual(listed, expected.slice(0, limit), `the first ${limit}`)
    }
  }),

  ...[1, 2, 7].map((limit) =>
    rule(`gives the events of one user, in pages of ${limit}`, async (store) => {
      const events = shuffledEvents()
      await store.events.append(events)
      const userId = idNumber(101)
      const mine = events.filter((event) => event.userId === userId).sort(newestFirst)
      expectEqual(mine.length, 7)
      const pages = await eventPages(store, eventsWhere({ limit, userId }))
      expectEqual(pages.flat(), mine)
      const full = pages.slice(0, -1).every(({ length }) => length === limit)
      expectTrue(full, 'a page before the last has room')
    }),
  ),

  ...[
    { what: 'newer', event: anEvent({ at: at(9) }) },
    { what: 'older', event: anEvent({ at: at(-9) }) },
    { what: 'of the same moment, before it', event: anEvent({ id: idNumber(4), at: at(3) }) },
    { what: 'of the same moment, behind it', event: anEvent({ id: idNumber(2), at: at(3) }) },
  ].map(({ what, event }) =>
    rule(`neither repeats nor leaves out when an event comes that is ${what}`, async (store) => {
      const events = [5, 3, 1].map((n) => anEvent({ id: idNumber(n), at: at(3) }))
      await store.events.append([...events, anEvent({ id: idNumber(9), at: at(0) })])
      const first = await store.events.list(eventsWhere({ limit: 2 }))
      await store.events.append([event])
      const after = { at: at(3), id: idNumber(3) }
      const rest = await eventPages(store, eventsWhere({ limit: 2, after }))
      const all = [...first, ...rest.flat()]
      expectEqual(all, [...new Map(all.map((each) => [each.id, each])).values()].sort(newestFirst))
      const old = all.filter(({ id }) => id !== event.id).map(({ id }) => id)
      expectEqual(old, [5, 3, 1, 9].map(idNumber))
    }),
  ),

  rule('goes on from a place where no event has ever been', async (store) => {
    const events = [5, 3, 1].map((n) => anEvent({ id: idNumber(n), at: at(n) }))
    await store.events.append(events)
    const after = (ms: number, n: number) =>
      store.events.list(eventsWhere({ after: { at: at(ms), id: idNumber(n) } }))
    expectEqual(await after(9, 0), events)
    expectEqual(await after(5, 6), events)
    expectEqual(await after(5, 4), events.slice(1))
    expectEqual(await after(4, 9), events.slice(1))
    expectEqual(await after(4, 0), events.slice(1))
    expectEqual(await after(1, 0), [])
    expectEqual(await after(0, 9), [])
  }),

  rule('gives the same page again for the same query', async (store) => {
    await store.events.append(shuffledEvents())
    const first = await store.events.list(eventsWhere({ limit: 5 }))
    const [last = anEvent()] = first.slice(-1)
    const query = eventsWhere({ limit: 5, after: placeOfEvent(last) })
    const second = await store.events.list(query)
    expectEqual(await store.events.list(query), second)
    expectEqual(await store.events.list(eventsWhere({ limit: 5 })), first)
  }),
])

export const eventPageSections = [following]

/** Twenty events of three users, four to a millisecond, in no order. */
function shuffledEvents(): EventRecord[] {
  return Array.from({ length: 20 }, (_, index) => {
    const n = (index * 7) % 20
    const id = idNumber((n * 11) % 20)
    return anEvent({ id, at: at(Math.floor(n / 4)), userId: idNumber(100 + (n % 3)) })
  })
}

export function newestFirst(a: EventRecord, b: EventRecord): number {
  return b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)
}

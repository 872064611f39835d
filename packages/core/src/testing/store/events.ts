import type { EventRecord } from '../../records.ts'
import type { EventQuery, Store } from '../../store.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { fifty, MANY, race } from './race.ts'
import { anEvent, at, idNumber } from './records.ts'
import { rule, section } from './rule.ts'

const appending = section('events.append', [
  rule('gives back every member as it was, and no other', async (store) => {
    const full = anEvent({
      id: idNumber(2),
      at: at(7),
      type: 'login.failed',
      outcome: 'failure',
      userId: idNumber(3),
      actorId: idNumber(4),
      sessionId: idNumber(5),
      ip: '2001:db8::1',
      userAgent: 'Åda 💡',
      data: { reason: 'wrong_password', nested: { list: [1, null] } },
    })
    const bare = anEvent({ id: idNumber(1) })
    await store.events.append([full, bare])
    expectEqual(await page(store), { events: [full, bare], cursor: null })
  }),

  rule('changes nothing when the id exists, and still adds the others', async (store) => {
    const first = anEvent({ id: idNumber(1), type: 'first' })
    const other = anEvent({ id: idNumber(2) })
    await store.events.append([first])
    await store.events.append([{ ...first, type: 'again', data: { again: true } }, other])
    expectEqual((await page(store)).events, [other, first])
  }),

  rule('adds an event once that stands twice in one call', async (store) => {
    const event = anEvent()
    await store.events.append([event, event])
    expectEqual((await page(store)).events, [event])
  }),

  rule('adds nothing when there is nothing', async (store) => {
    await store.events.append([])
    expectEqual(await page(store), { events: [], cursor: null })
  }),

  rule('adds more than a thousand events of one call', async (store) => {
    const events = Array.from({ length: 1100 }, (_, n) => anEvent({ id: idNumber(n), at: at(n) }))
    await store.events.append(events)
    const pages = await allPages(store, { limit: 500, userId: null })
    expectEqual(pages.flat(), events.reverse())
  }),

  rule(`adds one event once, of ${MANY} calls at once`, async (store) => {
    const event = anEvent()
    await race(store, fifty(idNumber), (id) => store.events.append([event, anEvent({ id })]))
    const { events } = await page(store, { limit: 2 * MANY })
    expectEqual(events.length, MANY + 1)
    expectEqual(
      events.filter(({ id }) => id === event.id),
      [event],
    )
  }),
])

const paging = section('events.list', [
  ...[1, 2, 3, 7, 19, 20, 21].map((limit) =>
    rule(
      `gives each event once, newest first by time, then id, in pages of ${limit}`,
      async (store) => {
        const events = shuffledEvents()
        await store.events.append(events)
        const pages = await allPages(store, { limit, userId: null })
        expectEqual(pages.flat(), [...events].sort(newestFirst))
        const full = pages.slice(0, -1).every(({ length }) => length === limit)
        expectTrue(full, 'a page before the last has room')
        expectTrue(pages.at(-1)?.length !== 0, 'the last page is empty')
      },
    ),
  ),

  ...[1, 2, 7].map((limit) =>
    rule(`gives the events of one user, in pages of ${limit}`, async (store) => {
      const events = shuffledEvents()
      await store.events.append(events)
      const userId = idNumber(101)
      const mine = events.filter((event) => event.userId === userId).sort(newestFirst)
      expectEqual(mine.length, 7)
      const pages = await allPages(store, { limit, userId })
      expectEqual(pages.flat(), mine)
      expectEqual(pages.length, Math.ceil(7 / limit))
    }),
  ),

  rule('gives one empty page for a user without events', async (store) => {
    await store.events.append(shuffledEvents())
    expectEqual(await page(store, { userId: idNumber(999) }), { events: [], cursor: null })
  }),

  rule('does not give events about nobody to somebody', async (store) => {
    await store.events.append([anEvent(), anEvent({ actorId: idNumber(1) })])
    expectEqual(await page(store, { userId: idNumber(1) }), { events: [], cursor: null })
  }),

  ...[
    { what: 'newer', event: anEvent({ at: at(9) }) },
    { what: 'older', event: anEvent({ at: at(-9) }) },
    { what: 'of the same moment, before it', event: anEvent({ id: idNumber(4), at: at(3) }) },
    { what: 'of the same moment, behind it', event: anEvent({ id: idNumber(2), at: at(3) }) },
  ].map(({ what, event }) =>
    rule(`neither repeats nor leaves out when an event comes that is ${what}`, async (store) => {
      const events = [5, 3, 1].map((n) => anEvent({ id: idNumber(n), at: at(3) }))
      await store.events.append([...events, anEvent({ id: idNumber(9), at: at(0) })])
      const first = await page(store, { limit: 2 })
      await store.events.append([event])
      const rest = await allPages(store, { limit: 2, userId: null }, first.cursor)
      const all = [...first.events, ...rest.flat()]
      expectEqual(all, [...new Map(all.map((each) => [each.id, each])).values()].sort(newestFirst))
      const old = all.filter(({ id }) => id !== event.id).map(({ id }) => id)
      expectEqual(old, [5, 3, 1, 9].map(idNumber))
    }),
  ),

  rule('gives the same page again for the same cursor', async (store) => {
    await store.events.append(shuffledEvents())
    const { cursor } = await page(store, { limit: 5 })
    const second = await page(store, { limit: 5, cursor })
    expectEqual(await page(store, { limit: 5, cursor }), second)
  }),
])

export const eventSections = [appending, paging]

/** Twenty events of three users, four to a millisecond, in no order. */
function shuffledEvents(): EventRecord[] {
  return Array.from({ length: 20 }, (_, index) => {
    const n = (index * 7) % 20
    const id = idNumber((n * 11) % 20)
    return anEvent({ id, at: at(Math.floor(n / 4)), userId: idNumber(100 + (n % 3)) })
  })
}

function newestFirst(a: EventRecord, b: EventRecord): number {
  return b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)
}

function page(store: Store, query: Partial<EventQuery> = {}) {
  return store.events.list({ limit: 10, cursor: null, userId: null, ...query })
}

/** Far more than a page for each event, in case that a cursor leads in a circle. */
const MOST_PAGES = 50

async function allPages(
  store: Store,
  query: Omit<EventQuery, 'cursor'>,
  from: string | null = null,
): Promise<(readonly EventRecord[])[]> {
  const pages: (readonly EventRecord[])[] = []
  let cursor = from
  do {
    const next = await store.events.list({ ...query, cursor })
    pages.push(next.events)
    cursor = next.cursor
    expectTrue(pages.length < MOST_PAGES, 'the pages have no end')
  } while (cursor !== null)
  return pages
}

import type { EventRecord, Store } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import type { OpenStore } from './open-store.ts'
import { MANY, race } from './race.ts'
import { anEvent, at, idNumber } from './records.ts'

export function describeEvents(open: OpenStore): void {
  describe('events.append', () => {
    it('gives back every member as it was', async () => {
      const store = await open()
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
      expect(await page(store)).toEqual({ events: [full, bare], cursor: null })
    })

    it('changes nothing when the id exists, and still adds the others', async () => {
      const store = await open()
      const first = anEvent({ id: idNumber(1), type: 'first' })
      const other = anEvent({ id: idNumber(2) })
      await store.events.append([first])
      await store.events.append([{ ...first, type: 'again' }, other])
      expect((await page(store)).events).toEqual([other, first])
    })

    it('adds nothing when there is nothing', async () => {
      const store = await open()
      await store.events.append([])
      expect(await page(store)).toEqual({ events: [], cursor: null })
    })

    it(`adds one event once, of ${MANY} calls at once`, async () => {
      const store = await open()
      const event = anEvent()
      await race((index) => store.events.append([event, anEvent({ id: idNumber(index) })]))
      const { events } = await page(store, { limit: 2 * MANY })
      expect(events).toHaveLength(MANY + 1)
      expect(events.filter(({ id }) => id === event.id)).toEqual([event])
    })
  })

  describe('events.list', () => {
    it.each([1, 2, 3, 7, 20, 21])(
      'gives each event once, newest first by time, then id, in pages of %i',
      async (limit) => {
        const store = await open()
        const events = shuffledEvents()
        await store.events.append(events)
        const pages = await allPages(store, limit, null)
        expect(pages.flat()).toEqual([...events].sort(newestFirst))
        expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true)
        expect(pages.at(-1)).not.toHaveLength(0)
      },
    )

    it('gives the events of one user', async () => {
      const store = await open()
      const events = shuffledEvents()
      await store.events.append(events)
      const userId = idNumber(101)
      const mine = events.filter((event) => event.userId === userId).sort(newestFirst)
      expect(mine).toHaveLength(7)
      expect((await allPages(store, 2, userId)).flat()).toEqual(mine)
      expect(await allPages(store, 2, idNumber(999))).toEqual([[]])
    })

    it('goes on where it was, whatever was added meanwhile', async () => {
      const store = await open()
      const events = [4, 3, 2, 1].map((n) => anEvent({ id: idNumber(n), at: at(n) }))
      await store.events.append(events)
      const first = await page(store, { limit: 2 })
      await store.events.append([anEvent({ at: at(5) })])
      const second = await page(store, { limit: 2, cursor: first.cursor })
      expect([...first.events, ...second.events]).toEqual(events)
    })
  })
}

/** Twenty events of three users, four to a millisecond, in no order. */
function shuffledEvents(): EventRecord[] {
  return Array.from({ length: 20 }, (_, index) => {
    const n = (index * 7) % 20
    return anEvent({
      id: idNumber((n * 11) % 20),
      at: at(Math.floor(n / 4)),
      userId: idNumber(100 + (n % 3)),
    })
  })
}

function newestFirst(a: EventRecord, b: EventRecord): number {
  return b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)
}

function page(store: Store, query: { limit?: number; cursor?: string | null } = {}) {
  return store.events.list({ limit: 10, cursor: null, userId: null, ...query })
}

async function allPages(store: Store, limit: number, userId: string | null) {
  const pages: (readonly EventRecord[])[] = []
  let cursor: string | null = null
  do {
    const next = await store.events.list({ limit, cursor, userId })
    pages.push(next.events)
    cursor = next.cursor
  } while (cursor !== null)
  return pages
}

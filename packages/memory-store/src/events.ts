import type { EventPage, EventQuery, EventRecord, EventStore } from '@latchkey/core'

/** The audit log, with room for so many events. */
export class EventTable implements EventStore {
  readonly #maxEvents: number
  readonly #events = new Map<string, EventRecord>()

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents
  }

  async append(events: readonly EventRecord[]): Promise<void> {
    for (const event of events) {
      if (!this.#events.has(event.id)) this.#events.set(event.id, structuredClone(event))
    }
    for (const id of this.#events.keys()) {
      if (this.#events.size <= this.#maxEvents) break
      this.#events.delete(id)
    }
  }

  async list({ limit, cursor, userId }: EventQuery): Promise<EventPage> {
    const found = [...this.#events.values()]
      .filter((event) => userId === null || event.userId === userId)
      .filter((event) => cursor === null || positionOf(event) < cursor)
      .sort((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1))
    const events = found.slice(0, limit)
    const last = events.at(-1)
    const more = last !== undefined && found.length > events.length
    return { events: structuredClone(events), cursor: more ? positionOf(last) : null }
  }
}

/** Sorts as text by time, then id. */
function positionOf({ at, id }: EventRecord): string {
  return `${at.toISOString()}/${id}`
}

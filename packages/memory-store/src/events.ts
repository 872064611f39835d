import type {
  EventPosition,
  EventQuery,
  EventRecord,
  EventStore,
  PruneLimits,
} from '@latchkey/core'

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

  async list(query: EventQuery): Promise<readonly EventRecord[]> {
    const { after, limit } = query
    const found = [...this.#events.values()]
      .filter((event) => meets(event, query))
      .filter((event) => after === null || newestFirst(event, after) > 0)
      .sort(newestFirst)
    return structuredClone(found.slice(0, limit))
  }

  prune({ eventsBefore }: PruneLimits): number {
    const gone = [...this.#events.values()].filter(({ at }) => at < eventsBefore)
    for (const { id } of gone) this.#events.delete(id)
    return gone.length
  }
}

function meets(event: EventRecord, query: EventQuery): boolean {
  const { userId, actorId, type, outcome, from, before } = query
  return (
    (userId === null || event.userId === userId) &&
    (actorId === null || event.actorId === actorId) &&
    (type === null || event.type === type) &&
    (outcome === null || event.outcome === outcome) &&
    (from === null || event.at >= from) &&
    (before === null || event.at < before)
  )
}

function newestFirst(a: EventPosition, b: EventPosition): number {
  return b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1)
}

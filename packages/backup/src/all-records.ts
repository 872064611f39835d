import type { EventQuery, EventRecord, Store, User, UserQuery } from '@latchkey/core'

// Large enough that a round trip does not count, small enough for any memory.
const PAGE = 500

const allUsers: Omit<UserQuery, 'after'> = {
  limit: PAGE,
  sort: 'createdAt',
  order: 'ascending',
  prefix: null,
  status: null,
  role: null,
  createdFrom: null,
  createdBefore: null,
}

const allEvents: Omit<EventQuery, 'after'> = {
  limit: PAGE,
  userId: null,
  actorId: null,
  type: null,
  outcome: null,
  from: null,
  before: null,
}

/** Every user but tombstones, the oldest first, page by page. */
export async function* usersOf(store: Store): AsyncIterable<User> {
  let after: UserQuery['after'] = null
  for (;;) {
    const page: readonly User[] = await store.users.list({ ...allUsers, after })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = { value: last.createdAt, id: last.id }
  }
}

/** The audit log, the newest first, page by page. */
export async function* eventsOf(store: Store): AsyncIterable<EventRecord> {
  let after: EventQuery['after'] = null
  for (;;) {
    const page: readonly EventRecord[] = await store.events.list({ ...allEvents, after })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = { at: last.at, id: last.id }
  }
}

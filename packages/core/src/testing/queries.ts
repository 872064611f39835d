import type { EventPosition, EventQuery, UserPosition, UserQuery } from '../queries.ts'
import type { EventRecord, User } from '../records.ts'
import type { Store } from '../store.ts'
import { expectTrue } from './assertions.ts'

/** More than most cases have. */
const ALL = 1000

/** The first thousand users, in the order of their creation, with these conditions and no other. */
export function usersWhere(conditions: Partial<UserQuery>): UserQuery {
  return {
    limit: ALL,
    sort: 'createdAt',
    order: 'ascending',
    after: null,
    prefix: null,
    status: null,
    role: null,
    createdFrom: null,
    createdBefore: null,
    ...conditions,
  }
}

/** The latest thousand events, with these conditions and no other. */
export function eventsWhere(conditions: Partial<EventQuery>): EventQuery {
  return {
    limit: ALL,
    after: null,
    userId: null,
    actorId: null,
    type: null,
    outcome: null,
    from: null,
    before: null,
    ...conditions,
  }
}

/** The place of the user in the order of the query. */
export function placeOfUser(user: User, { sort }: Pick<UserQuery, 'sort'>): UserPosition {
  return { value: user[sort] ?? '', id: user.id }
}

/** The place of the event in the log. */
export function placeOfEvent({ at, id }: EventRecord): EventPosition {
  return { at, id }
}

/** All pages of users from `after` on, each asked for with the place of the last user of the page before. */
export function userPages({ users }: Store, query: UserQuery): Promise<(readonly User[])[]> {
  const list = (after: UserPosition | null) => users.list({ ...query, after })
  return pagesFrom(query, list, (user) => placeOfUser(user, query))
}

/** All pages of the log from `after` on, each asked for with the place of the last event of the page before. */
export function eventPages(
  { events }: Store,
  query: EventQuery,
): Promise<(readonly EventRecord[])[]> {
  const list = (after: EventPosition | null) => events.list({ ...query, after })
  return pagesFrom(query, list, placeOfEvent)
}

/** Far more pages than any case has, should they lead in a circle. */
const MOST_PAGES = 1000

async function pagesFrom<T, Place>(
  query: { readonly limit: number; readonly after: Place | null },
  list: (after: Place | null) => Promise<readonly T[]>,
  placeOf: (record: T) => Place,
): Promise<(readonly T[])[]> {
  const pages: (readonly T[])[] = []
  let { after } = query
  for (;;) {
    const page = await list(after)
    pages.push(page)
    const last = page.at(-1)
    if (last === undefined || page.length < query.limit) return pages
    expectTrue(pages.length < MOST_PAGES, 'the pages have no end')
    after = placeOf(last)
  }
}

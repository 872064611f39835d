import { type BrokenStore, broken } from './broken-store.ts'
import { asking, goingOn, logOf } from './listed-events.ts'

const PAGES = 'events.list, pages'
const once = (limit: number) =>
  `${PAGES} > gives each event once, newest first by time, then id, in pages of ${limit}`

export const brokenEventPages: readonly BrokenStore[] = [
  broken(
    'goes on from the time of an event alone',
    once(3),
    goingOn((event, after) => event.at < after.at),
  ),

  broken(
    'goes on from the id of an event alone',
    once(2),
    goingOn((event, after) => event.id < after.id),
  ),

  broken(
    'goes on from time and id of an event, each by itself',
    once(1),
    goingOn((event, after) => event.at <= after.at && event.id < after.id),
  ),

  broken(
    'begins a page with the last event of the page before',
    once(7),
    goingOn(
      (event, after) => event.at < after.at || (+event.at === +after.at && event.id <= after.id),
    ),
  ),

  broken('gives the oldest event first', once(21), ({ events }) => ({
    events: { list: async (query) => (await events.list(query)).toReversed() },
  })),

  broken(
    'keeps the place of an event to the second',
    `${PAGES} > gives each of 50 events of one millisecond once, in pages of any size`,
    goingOn((event, after) => seconds(event.at) < seconds(after.at)),
  ),

  broken(
    'has the events of one millisecond in the order of their coming',
    `${PAGES} > gives each of 50 events of one millisecond once, in pages of any size`,
    ({ events }) => {
      const order = new Map<string, number>()
      return {
        events: {
          append(added) {
            for (const { id } of added) order.set(id, order.size)
            return events.append(added)
          },
          async list(query) {
            const place = ({ id }: { readonly id: string }) => order.get(id) ?? 0
            const listed = await events.list(query)
            return listed.toSorted((a, b) => +b.at - +a.at || place(b) - place(a))
          },
        },
      }
    },
  ),

  ...(
    [
      ['one event more than it was asked for', (limit: number) => limit + 1],
      ['a thousand events and no more', (limit: number) => Math.min(limit, 1000)],
    ] as const
  ).map(([what, other]) =>
    broken(
      `gives ${what}`,
      `${PAGES} > gives the first \`limit\`, be they a thousand, and not one more`,
      asking((query) => ({ ...query, limit: other(query.limit) })),
    ),
  ),

  broken(
    'leaves out the events of others after it has cut the page',
    `${PAGES} > gives the events of one user, in pages of 2`,
    ({ events }) => ({
      events: {
        async list({ userId, ...query }) {
          const page = await events.list({ ...query, userId: null })
          return page.filter((event) => userId === null || event.userId === userId)
        },
      },
    }),
  ),

  broken(
    'gives the first page of a user again and again',
    `${PAGES} > gives the events of one user, in pages of 7`,
    asking((query) => (query.userId === null ? query : { ...query, after: null })),
  ),

  broken(
    'counts the events that it has given, and leaves out as many',
    `${PAGES} > neither repeats nor leaves out when an event comes that is newer`,
    ({ events }) => {
      const ends = new Map<string, number>()
      return {
        events: {
          async list({ after, ...query }) {
            const start = ends.get(after?.id ?? '') ?? 0
            const all = await events.list({ ...query, after: null, limit: 10_000 })
            const page = all.slice(start, start + query.limit)
            const last = page.at(-1)
            if (last !== undefined) ends.set(last.id, start + page.length)
            return page
          },
        },
      }
    },
  ),

  broken(
    'looks for the place among the events, and begins anew without it',
    `${PAGES} > goes on from a place where no event has ever been`,
    ({ events }) => ({
      events: {
        async list({ after, ...query }) {
          const known = (await logOf({ events })).some(({ id }) => id === after?.id)
          return events.list({ ...query, after: known ? after : null })
        },
      },
    }),
  ),

  broken(
    'remembers where a reader was',
    `${PAGES} > gives the same page again for the same query`,
    ({ events }) => {
      const asked = new Set<string>()
      return {
        events: {
          async list(query) {
            const page = await events.list(query)
            const text = JSON.stringify(query)
            const again = asked.has(text)
            asked.add(text)
            const last = page.at(-1)
            if (!again || last === undefined) return page
            return events.list({ ...query, after: { at: last.at, id: last.id } })
          },
        },
      }
    },
  ),
]

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

import assert from 'node:assert/strict'
import type { EventQuery, UserQuery } from '@latchkey/core'
import { chosen, type MeasuredFlow, microsecondsEach, READS } from './measured-flow.ts'
import { eventOf, type Plan, userOf } from './plan.ts'
import { eventPage, type Population } from './population.ts'

const PAGE = 50

const newest: UserQuery = {
  limit: PAGE,
  sort: 'createdAt',
  order: 'descending',
  after: null,
  prefix: null,
  status: null,
  role: null,
  createdFrom: null,
  createdBefore: null,
}

/** What is asked, for a user who is chosen by chance with a page of others before, and how many are to be found. */
type Asked<Query> = (plan: Plan, n: number) => { readonly query: Query; readonly found: number }

/** Lists of users and of events. */
export const lists: Readonly<Record<string, MeasuredFlow>> = {
  'users.list, the newest 50': users(() => ({ query: newest, found: PAGE })),

  'users.list, 50 deep in the list': users((plan, n) => {
    const { createdAt: value, id } = userOf(plan, n)
    return { query: { ...newest, after: { value, id } }, found: PAGE }
  }),

  // Behind any place among those that begin with a nine there is a page that begins with less.
  'users.list, 50 by e-mail, deep in the list': users((plan, n) => {
    const after = { value: `user-9${n}`, id: userOf(plan, n).id }
    return { query: { ...newest, sort: 'email', after }, found: PAGE }
  }),

  'users.list, the one whose e-mail begins so': users((_, n) => ({
    query: { ...newest, prefix: `user-${n}@` },
    found: 1,
  })),

  'users.list, the newest 50 of all whose e-mail begins so': users(() => ({
    query: { ...newest, prefix: 'user-' },
    found: PAGE,
  })),

  'users.list, a role that nobody has': users(() => ({
    query: { ...newest, role: 'admin' },
    found: 0,
  })),

  'users.list, the newest 50 with a role that all have': users(() => ({
    query: { ...newest, role: 'user' },
    found: PAGE,
  })),

  'events.list, the newest 50': events(() => ({ query: eventPage(PAGE, null), found: PAGE })),

  'events.list, 50 deep in the log': events((plan, n) => ({
    query: eventPage(PAGE, eventOf(plan, n)),
    found: PAGE,
  })),

  'events.list, 50 of a type, deep in the log': events((plan, n) => ({
    query: { ...eventPage(PAGE, eventOf(plan, n)), type: 'session.started' },
    found: PAGE,
  })),

  'events.list, of one user': events((plan, n) => ({
    query: { ...eventPage(PAGE, null), userId: userOf(plan, n).id },
    found: 1,
  })),

  'events.list, of an actor who did nothing': events((plan, n) => ({
    query: { ...eventPage(PAGE, null), actorId: userOf(plan, n).id },
    found: 0,
  })),
}

function users(asked: Asked<UserQuery>): MeasuredFlow {
  return listing(asked, ({ store }, query) => store.users.list(query))
}

function events(asked: Asked<EventQuery>): MeasuredFlow {
  return listing(asked, ({ store }, query) => store.events.list(query))
}

function listing<Query>(
  asked: Asked<Query>,
  list: (population: Population, query: Query) => Promise<readonly unknown[]>,
): MeasuredFlow {
  return (population, calls) => {
    const { plan } = population
    const numbers = chosen(plan.size - PAGE, calls * READS).map((n) => n + PAGE)
    const inputs = numbers.map((n) => asked(plan, n))
    return microsecondsEach(inputs, async ({ query, found }) => {
      assert.equal((await list(population, query)).length, found)
    })
  }
}

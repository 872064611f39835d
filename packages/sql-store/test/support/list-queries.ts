import { randomUUID } from 'node:crypto'
import type { EventQuery, UserPosition, UserQuery, UserSort } from '@latchkey/core'
import { LATER, NOW } from './records.ts'

const SORTS = ['createdAt', 'email', 'username', 'phone'] as const
const ORDERS = ['ascending', 'descending'] as const

/** A query that asks for everybody. */
const everyUser: UserQuery = {
  limit: 10,
  sort: 'createdAt',
  order: 'descending',
  after: null,
  prefix: null,
  status: null,
  role: null,
  createdFrom: null,
  createdBefore: null,
}

/** A query that asks for the whole log. */
export const everyEvent: EventQuery = {
  limit: 10,
  after: null,
  userId: null,
  actorId: null,
  type: null,
  outcome: null,
  from: null,
  before: null,
}

const somebody = randomUUID()
const YESTERDAY = new Date(NOW.getTime() - 24 * 3_600_000)

const places: Readonly<Record<UserSort, UserPosition>> = {
  createdAt: { value: YESTERDAY, id: somebody },
  email: { value: 'user-25@example.com', id: somebody },
  username: { value: 'user-25', id: somebody },
  phone: { value: '+4915000000025', id: somebody },
}

/** None, each alone, and all of them together. */
const userConditions: Readonly<Record<string, Partial<UserQuery>>> = {
  all: {},
  'a rare prefix': { prefix: 'user-424' },
  'a common prefix': { prefix: 'user-' },
  'a status': { status: 'disabled' },
  'a rare role': { role: 'admin' },
  'a common role': { role: 'user' },
  'created since': { createdFrom: NOW },
  'created before': { createdBefore: YESTERDAY },
  'every condition': {
    prefix: 'user-4',
    status: 'active',
    role: 'user',
    createdFrom: YESTERDAY,
    createdBefore: LATER,
  },
}

const eventConditions: Readonly<Record<string, Partial<EventQuery>>> = {
  all: {},
  'a user': { userId: somebody },
  'an actor': { actorId: somebody },
  'a type': { type: 'user.invited' },
  'an outcome': { outcome: 'failure' },
  since: { from: YESTERDAY },
  before: { before: YESTERDAY },
  'every condition': {
    userId: somebody,
    actorId: somebody,
    type: 'session.started',
    outcome: 'success',
    from: YESTERDAY,
    before: LATER,
  },
}

/** Lists of users in every order, with every condition, from the first page and from a later one. */
export const userQueries: Readonly<Record<string, UserQuery>> = Object.fromEntries(
  Object.entries(userConditions).flatMap(([asked, condition]) =>
    SORTS.flatMap((sort) =>
      ORDERS.flatMap((order) => {
        const title = `${asked}, by ${sort}, ${order}`
        return fromBothPages(title, { ...everyUser, ...condition, sort, order }, places[sort])
      }),
    ),
  ),
)

/** Lists of events with every condition, from the first page and from a later one. */
export const eventQueries: Readonly<Record<string, EventQuery>> = Object.fromEntries(
  Object.entries(eventConditions).flatMap(([asked, condition]) =>
    fromBothPages(asked, { ...everyEvent, ...condition }, { at: NOW, id: somebody }),
  ),
)

function fromBothPages<Query extends UserQuery | EventQuery>(
  title: string,
  query: Query,
  after: Query['after'],
): [string, Query][] {
  return [
    [title, query],
    [`${title}, a later page`, { ...query, after }],
  ]
}

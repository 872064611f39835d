import type { User, UserQuery, UserSort } from '@latchkey/core'
import { KINDS } from './environment.ts'
import { compareKeys, type Key, type Range } from './key.ts'
import type { Table } from './table.ts'

/** As many users as are read and sorted before anybody notices. */
const FEW = 1000

/** Keys of an index that begin alike, or some of them. */
interface Span {
  readonly beginning: Key
  readonly range: Range
  /** By what its users are sorted. */
  readonly sort: UserSort
}

/** A span in the order of the query is read as far as the page needs, any other to its end. */
export function listUsers(users: Table<User>, query: UserQuery): User[] {
  const where = (user: User) => meets(user, query)
  const found = spansOf(users, query).flatMap((span) =>
    users.list(span.beginning, { ...span.range, ...pageIn(span, query), where }),
  )
  const each = new Map(found.map((user) => [user.id, user]))
  const inOrder = (one: User, other: User) =>
    compare(placeOf(one, query), placeOf(other, query), query)
  return [...each.values()].sort(inOrder).slice(0, query.limit)
}

/**
 * Spans in which everybody is who meets the query. A few who meet one condition are found by it, and sorted. Of many, the
 * order soon meets enough: who does not meet the other conditions is passed by.
 */
function spansOf(users: Table<User>, query: UserQuery): readonly Span[] {
  const { sort, prefix, role, status, createdFrom: from, createdBefore: before } = query
  const created = (...beginning: Key): Span => ({
    beginning,
    range: { from, before },
    sort: 'createdAt',
  })
  const ways: Span[][] = []
  if (prefix !== null) {
    ways.push(KINDS.map((kind) => ({ beginning: [kind], range: { prefix }, sort: kind })))
  }
  if (role !== null) ways.push([created('role', role)])
  if (status !== null) ways.push([created('status', status)])
  if (from !== null || before !== null) ways.push([created('created')])
  const inOrder = ways.find((spans) => spans.some((span) => span.sort === sort))
  const everybody =
    sort === 'createdAt' ? created('created') : { beginning: [sort], range: {}, sort }
  return ways.find((spans) => areFew(users, spans)) ?? inOrder ?? [everybody]
}

function areFew(users: Table<User>, spans: readonly Span[]): boolean {
  const counts = spans.map(({ beginning, range }) => users.count(beginning, range, FEW))
  return counts.reduce((sum, count) => sum + count, 0) < FEW
}

function pageIn(span: Span, { sort, order, after, limit }: UserQuery) {
  if (span.sort !== sort) return {}
  // The key of an identifier ends with it.
  const place = after && (sort === 'createdAt' ? [after.value, after.id] : [after.value])
  return { start: place, backwards: order === 'descending', limit }
}

function meets(user: User, query: UserQuery): boolean {
  const { sort, after, prefix, status, role, createdFrom, createdBefore } = query
  return (
    user.status !== 'deleted' &&
    user[sort] !== null &&
    (after === null || compare(placeOf(user, query), [after.value, after.id], query) > 0) &&
    (prefix === null || KINDS.some((kind) => user[kind]?.startsWith(prefix))) &&
    (status === null || user.status === status) &&
    (role === null || user.roles.includes(role)) &&
    (createdFrom === null || user.createdAt >= createdFrom) &&
    (createdBefore === null || user.createdAt < createdBefore)
  )
}

function placeOf(user: User, { sort }: UserQuery): Key {
  return [user[sort] ?? '', user.id]
}

function compare(one: Key, other: Key, { order }: UserQuery): number {
  return order === 'ascending' ? compareKeys(one, other) : compareKeys(other, one)
}

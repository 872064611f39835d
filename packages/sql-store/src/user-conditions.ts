import type { IdentifierKind, UserQuery } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import {
  allOf,
  byIndex,
  type Condition,
  columnTo,
  type Range,
  within,
  withinExtent,
} from './pages.ts'
import { rangeOf } from './prefixes.ts'
import { tableOf } from './queries.ts'
import { hasRole, roleNamed } from './role-sets.ts'

/** Conditions by which, each with an index, users can be found. */
export type Finder = 'role' | 'prefix' | 'created'

/** What is asked, and who has the role, in words that have an index; `null` where there are none. */
export interface Search extends UserQuery {
  readonly hasSet: RawBuilder<boolean> | null
}

/** Which users are looked for, and how. */
export interface Match {
  /** All who meet a condition; or one after the other, in their order. */
  readonly way: Finder | 'order'
  /** One of these identifiers begins with the prefix, */
  readonly kinds: readonly IdentifierKind[]
  /** and this one does not. */
  readonly but: IdentifierKind | null
}

export const KINDS: readonly IdentifierKind[] = ['email', 'username', 'phone']

/** All conditions of the query. That nobody is deleted is said literally, for the indexes of those who are not. */
export function conditionsOf(db: Database, search: Search, match: Match): Condition[] {
  const { sort, status } = search
  const inOrder = match.way === 'order'
  return [
    sql`status <> 'deleted'`,
    status === null ? null : sql`${columnTo(inOrder, db, 'status')} = ${status}`,
    sort === 'createdAt' ? null : sql`${columnTo(inOrder, db, sort)} is not null`,
    ...placeConditions(db, search, match),
    ...(sort === 'createdAt' ? [] : createdConditions(db, search, match.way)),
    ...prefixConditions(db, search, match),
    roleCondition(db, search, match.way),
  ]
}

/** Where in the order. */
function placeConditions(db: Database, query: UserQuery, match: Match): Condition[] {
  const { sort, order, after } = query
  const inOrder = match.way === 'order'
  const keys = { value: columnTo(inOrder, db, sort), id: columnTo(inOrder, db, 'id') }
  return withinExtent(db, keys, { ...rangeInOrder(query, match), after }, order)
}

function rangeInOrder(query: UserQuery, { kinds }: Match): Range {
  const { sort, prefix, createdFrom, createdBefore } = query
  if (sort === 'createdAt') return { from: createdFrom, before: createdBefore }
  return prefix !== null && isOnly(sort, kinds) ? rangeOf(prefix) : { from: null, before: null }
}

function isOnly(kind: string, kinds: readonly IdentifierKind[]): boolean {
  return kinds.length === 1 && kinds[0] === kind
}

/** When created. */
export function createdConditions(
  db: Database,
  { createdFrom, createdBefore }: UserQuery,
  way: Match['way'],
): Condition[] {
  const created = columnTo(way === 'created', db, 'createdAt')
  return within(created, { from: createdFrom, before: createdBefore })
}

function prefixConditions(db: Database, query: UserQuery, match: Match): Condition[] {
  const { way, kinds, but } = match
  const { prefix, sort } = query
  if (prefix === null || isOnly(sort, kinds)) return []
  const begins = kinds.map((kind) => beginsWith(prefix, columnTo(way === 'prefix', db, kind)))
  return [
    sql`(${sql.join(begins, sql` or `)})`,
    but && sql`not ${beginsWith(prefix, columnTo(false, db, but))}`,
  ]
}

/** Whether the identifier begins with the prefix. */
export function beginsWith(prefix: string, key: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(${allOf(within(key, rangeOf(prefix)))})`
}

/** Who has the role: by the index of the sets that hold it, or judged one by one. */
export function roleCondition(
  db: Database,
  { role, hasSet }: Search,
  way: Match['way'],
): Condition {
  if (role === null) return null
  return way === 'role' ? hasSet : hasRole(db, roleNamed(role))
}

/**
 * Users, for MySQL with the indexes that are on the way: it would take others. Where most users have one set of roles,
 * SQLite would rather read the table than look for another set.
 */
export function usersBy(
  db: Database,
  query: UserQuery,
  { way, kinds }: Pick<Match, 'way' | 'kinds'>,
): RawBuilder<unknown> {
  const indexes: Record<Match['way'], readonly string[]> = {
    order: [indexOfOrder(query)],
    role: ['role_sets'],
    created: ['created'],
    prefix: kinds,
  }
  const isSetOnSqlite = db.engine.name === 'sqlite' && way === 'role'
  const by = isSetOnSqlite
    ? sql`indexed by ${sql.id(`${db.place.tablePrefix}users_role_sets`)}`
    : byIndex(db, 'users', indexes[way])
  return sql`${tableOf(db, 'users')} ${by}`
}

function indexOfOrder({ sort, status }: UserQuery): string {
  const name = sort === 'createdAt' ? 'created' : sort
  return status === null ? name : `status_${name}`
}

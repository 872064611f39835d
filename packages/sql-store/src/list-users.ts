import type { UserQuery, UserStore } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { fewOf } from './few-users.ts'
import { allOf, columnTo } from './pages.ts'
import { column } from './queries.ts'
import { hasSetWith } from './role-sets.ts'
import { membersOf, userColumns } from './tables.ts'
import {
  conditionsOf,
  type Finder,
  KINDS,
  type Match,
  type Search,
  usersBy,
} from './user-conditions.ts'

/** The verb that lists users. One statement judges; what is counted before says only on which way it reads the least. */
export function listVerb(db: Database): UserStore['list'] {
  const read = db.reader(userColumns)
  return async (query) => {
    const hasSet = query.role === null ? null : await hasSetWith(db, query.role)
    const search = { ...query, hasSet }
    const page = pageOf(db, search, await fewOf(db, search))
    const { rows } = await db.run({ compile: () => page.compile(db.build) })
    return rows.map(read)
  }
}

function pageOf(db: Database, query: Search, few: readonly Finder[]): RawBuilder<unknown> {
  const [part, ...more] = matchesOf(query, few).map((match) => select(db, query, match))
  if (more.length === 0) return sql`${part}`
  const parts = [part, ...more].map((each, n) => sql`select * from (${each}) as ${sql.id(`p${n}`)}`)
  return sql`${sql.join(parts, sql` union all `)}
    order by ${orderOf(db, query, true)} limit ${sql.lit(query.limit)}`
}

/**
 * Few are found by a condition, and sorted; of many the order soon meets enough. Sorted by an identifier, those in whom
 * it begins with the prefix stand together, and who has the prefix in another may be anywhere: these are a part of their
 * own.
 */
function matchesOf({ prefix, sort }: UserQuery, few: readonly Finder[]): Match[] {
  const isSplit = prefix !== null && sort !== 'createdAt'
  const [way = 'order'] = isSplit ? few.filter((finder) => finder !== 'prefix') : few
  if (!isSplit || way !== 'order') return [{ way, kinds: KINDS, but: null }]
  const others = KINDS.filter((kind) => kind !== sort)
  return [
    { way, kinds: [sort], but: null },
    { way: few.includes('prefix') ? 'prefix' : 'order', kinds: others, but: sort },
  ]
}

function select(db: Database, query: Search, match: Match): RawBuilder<unknown> {
  const columns = sql.join(membersOf(userColumns).map(column))
  const conditions = allOf(conditionsOf(db, query, match))
  const found = sql`select ${columns} from ${usersBy(db, query, match)} where ${conditions}`
  const first = sql`order by ${orderOf(db, query, match.way === 'order')} limit ${sql.lit(query.limit)}`
  // PostgreSQL does not know how far away these are; the offset has it find them all.
  return db.engine.name === 'postgres' && match.way === 'prefix'
    ? sql`select * from (${found} offset 0) as found ${first}`
    : sql`${found} ${first}`
}

/** Identifiers are unique: there are no ids to look at. */
function orderOf(db: Database, { sort, order }: UserQuery, use: boolean): RawBuilder<unknown> {
  const direction = sql.raw(order === 'ascending' ? 'asc' : 'desc')
  const names = sort === 'createdAt' ? [sort, 'id'] : [sort]
  return sql.join(names.map((name) => sql`${columnTo(use, db, name)} ${direction}`))
}

import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { allOf, type Condition } from './pages.ts'
import { column } from './queries.ts'
import {
  beginsWith,
  createdConditions,
  type Finder,
  KINDS,
  type Match,
  roleCondition,
  type Search,
  usersBy,
} from './user-conditions.ts'

/** As many users as are found and sorted before anybody notices. */
const MANY = 5000

/**
 * As many as are better found and sorted than looked for in the order of another identifier: what an address begins with,
 * a username mostly begins with, too, and then they are not where the order begins.
 */
const MANY_AFAR = 50_000

/** By which conditions of the query few users are found, the narrowest first. Counts in their indexes, and not beyond many. */
export async function fewOf(db: Database, search: Search): Promise<readonly Finder[]> {
  const finders = findersOf(db, search)
  if (finders.length === 0) return []
  const counted = finders.map((finder) => {
    const counts = countsOf(db, search, finder)
    return sql`${sql.join(counts, sql` + `)} as ${sql.id(finder)}`
  })
  const statement = sql`select ${sql.join(counted)}`
  const { rows } = await db.run({ compile: () => statement.compile(db.build) })
  const numberOf = (finder: Finder) => Number(rows[0]?.[finder])
  return finders
    .filter((finder) => numberOf(finder) < mostOf(search, finder))
    .sort((a, b) => numberOf(a) - numberOf(b))
}

/** PostgreSQL knows by itself how many meet a condition, but not how far away in the order they are. */
function findersOf({ engine }: Database, search: Search): Finder[] {
  const { hasSet, prefix, sort, createdFrom, createdBefore } = search
  const knows = engine.name === 'postgres'
  const asked: Record<Finder, boolean> = {
    role: hasSet !== null,
    created: (createdFrom ?? createdBefore) !== null && sort !== 'createdAt' && !knows,
    prefix: prefix !== null && !(knows && sort === 'createdAt'),
  }
  return (['role', 'created', 'prefix'] as const).filter((finder) => asked[finder])
}

function mostOf({ sort }: Search, finder: Finder): number {
  return finder === 'prefix' && sort !== 'createdAt' ? MANY_AFAR : MANY
}

function countsOf(db: Database, search: Search, way: Finder): RawBuilder<number>[] {
  const { prefix, sort } = search
  const count = (condition: Condition, kinds: Match['kinds'] = []) =>
    countOf(db, search, { way, kinds }, condition)
  return {
    role: () => [count(roleCondition(db, search, way))],
    created: () => [count(allOf(createdConditions(db, search, way)))],
    prefix: () =>
      KINDS.filter((kind) => kind !== sort).map((kind) =>
        count(beginsWith(prefix ?? '', column(kind)), [kind]),
      ),
  }[way]()
}

function countOf(
  db: Database,
  search: Search,
  match: Pick<Match, 'way' | 'kinds'>,
  condition: Condition,
): RawBuilder<number> {
  // SQLite has it in an index only where the query says so, too; the indexes of identifiers are of everybody.
  const isSaid = db.engine.name === 'sqlite' && match.way !== 'prefix'
  const where = allOf([isSaid ? sql`status <> 'deleted'` : null, condition])
  const most = sql.lit(mostOf(search, match.way as Finder))
  return sql`(select count(*) from (
    select 1 as one from ${usersBy(db, search, match)} where ${where} limit ${most}) as found)`
}

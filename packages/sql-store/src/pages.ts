import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { column } from './queries.ts'
import type { TableNames } from './tables.ts'

export type Order = 'ascending' | 'descending'

/** A condition; `null` where nothing is asked. */
export type Condition = RawBuilder<boolean> | null

type Value = Date | string

/** Values from one on and before another; `null` for no end. */
export interface Range<V extends Value = Value> {
  readonly from: V | null
  readonly before: V | null
}

/** A place in the order of a column, and of ids where its values are the same. */
export interface Place {
  readonly value: Value
  readonly id: string
}

/** A column and the ids. */
export interface Keys {
  readonly value: RawBuilder<unknown>
  readonly id: RawBuilder<unknown>
}

/**
 * In the range, and beyond the place in the order. Where the place says what an end of the range says, the end is left
 * out: a planner takes either, and from the outer one it would read again what the pages before have read.
 */
export function withinExtent(
  db: Database,
  keys: Keys,
  { from, before, after }: Range & { readonly after: Place | null },
  order: Order,
): Condition[] {
  if (after === null) return within(keys.value, { from, before })
  const near = order === 'ascending' ? from : before
  const far = order === 'ascending' ? { from: null, before } : { from, before: null }
  const beyond = isBeyond(db, keys, after, order)
  if (near === null || !isAhead(near, after.value, order))
    return [...within(keys.value, far), beyond]
  return within(keys.value, { from, before })
}

/** In the range. */
export function within(key: RawBuilder<unknown>, { from, before }: Range): Condition[] {
  return [
    from === null ? null : sql`${key} >= ${from}`,
    before === null ? null : sql`${key} < ${before}`,
  ]
}

/** All of the conditions. */
export function allOf(conditions: readonly Condition[]): RawBuilder<boolean> {
  const asked = conditions.filter((condition) => condition !== null)
  return asked.length === 0 ? sql`1 = 1` : sql.join(asked, sql` and `)
}

/** Whether all values in a range with this end are beyond the place. */
function isAhead(end: Value, place: Value, order: Order): boolean {
  const difference = compare(end, place)
  return order === 'ascending' ? difference > 0 : difference <= 0
}

/** As the databases do, which compare text byte for byte. */
function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') {
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  }
  return Number(a) - Number(b)
}

/** In words with which the database goes to the place in an index, however many have the same value. */
function isBeyond(
  { engine }: Database,
  keys: Keys,
  { value, id }: Place,
  order: Order,
): RawBuilder<boolean> {
  const past = sql.raw(order === 'ascending' ? '>' : '<')
  return engine.name === 'mysql'
    ? sql`(${keys.value} ${past} ${value} or (${keys.value} = ${value} and ${keys.id} ${past} ${id}))`
    : sql`(${keys.value}, ${keys.id}) ${past} (${value}, ${id})`
}

/** A column by which SQLite may find rows, or put them in order, only with `use`: with a plus it has no index. */
export function columnTo(use: boolean, { engine }: Database, name: string): RawBuilder<unknown> {
  return engine.name === 'sqlite' && !use ? sql`+${column(name)}` : column(name)
}

/** Has MySQL find rows by one of these indexes: an equality is dearer to it than a place in the order. */
export function byIndex(
  { engine, place }: Database,
  table: keyof TableNames,
  indexes: readonly string[],
): RawBuilder<unknown> {
  if (engine.name !== 'mysql') return sql``
  const names = indexes.map((index) => sql.id(`${place.tablePrefix}${table}_${index}`))
  return sql`force index (${sql.join(names)})`
}

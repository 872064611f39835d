import type { PruneLimits, Store } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { column, tableOf } from './queries.ts'
import type { TableNames } from './tables.ts'

/** As many rows as one statement deletes: small enough that nobody waits for it. */
const BATCH = 1000

/** What goes, each by an index of its own. */
interface Rule {
  readonly table: keyof TableNames
  readonly limit: keyof PruneLimits
  readonly column: string
  readonly status?: 'pending' | 'deleted'
}

const RULES: readonly Rule[] = [
  { table: 'oneTimeTokens', column: 'expiresAt', limit: 'now' },
  { table: 'sessions', column: 'revokedAt', limit: 'endedBefore' },
  { table: 'sessions', column: 'idleExpiresAt', limit: 'endedBefore' },
  { table: 'sessions', column: 'absoluteExpiresAt', limit: 'endedBefore' },
  { table: 'users', column: 'updatedAt', status: 'deleted', limit: 'endedBefore' },
  { table: 'users', column: 'updatedAt', status: 'pending', limit: 'pendingBefore' },
  { table: 'events', column: 'at', limit: 'eventsBefore' },
]

/** Deletes what the limits allow, batch by batch. */
export function pruneVerb(db: Database): Store['prune'] {
  const rules = RULES.map((rule) => ({
    limit: rule.limit,
    remove: db.statement(({ before }: { before: Date }) => removal(db, rule, before)),
  }))
  return async (limits) => {
    let removed = 0
    for (const { limit, remove } of rules) {
      for (let batch = BATCH; batch === BATCH; removed += batch) {
        batch = (await remove({ before: limits[limit] })).changed
      }
    }
    return removed
  }
}

/** Each row is judged again when it is locked: a user who activates at that moment stays. */
function removal(db: Database, rule: Rule, before: Date) {
  const table = tableOf(db, rule.table)
  const removed = sql`delete from ${table} where ${REMOVALS[db.engine.name](db, rule, before)}`
  return { compile: () => removed.compile(db.build) }
}

function isOver({ column: name, status }: Rule, before: Date): RawBuilder<boolean> {
  const past = sql<boolean>`${column(name)} < ${before}`
  // Literally, for the index of those that have this status.
  return status === undefined ? past : sql`status = ${sql.lit(status)} and ${past}`
}

type Removal = (db: Database, rule: Rule, before: Date) => RawBuilder<boolean>

const REMOVALS: Record<Database['engine']['name'], Removal> = {
  // SKIP LOCKED leaves a row that somebody is writing to the next time, and lets any number of nodes prune at once.
  postgres: (db, rule, before) =>
    sql`${keyOf(rule)} = any (array(${picked(db, rule, before)} for update skip locked))`,
  sqlite: (db, rule, before) => sql`${keyOf(rule)} in (${picked(db, rule, before)})`,
  mysql: (_, rule, before) => sql`${isOver(rule, before)} limit ${sql.lit(BATCH)}`,
}

function picked(db: Database, rule: Rule, before: Date): RawBuilder<unknown> {
  const table = tableOf(db, rule.table)
  return sql`select ${keyOf(rule)} from ${table} where ${isOver(rule, before)} limit ${sql.lit(BATCH)}`
}

/** What is unique in the table, and has an index. */
function keyOf({ table }: Rule): RawBuilder<unknown> {
  return column(table === 'oneTimeTokens' ? 'linkHash' : 'id')
}

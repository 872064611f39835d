import type { EventQuery, EventRecord, EventStore } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { allOf, byIndex, type Condition, columnTo, withinExtent } from './pages.ts'
import { column, tableOf, valuesOf } from './queries.ts'
import { eventColumns, membersOf } from './tables.ts'

/** As many events as one statement takes: SQLite binds at most 32,766 values. */
const BATCH = 500

/** The verbs of the audit log. */
export function eventStore(db: Database): EventStore {
  const read = db.reader(eventColumns)
  return {
    async append(events) {
      for (let from = 0; from < events.length; from += BATCH) {
        await db.run(insertNew(db, events.slice(from, from + BATCH)))
      }
    },
    async list(query) {
      const page = pageOf(db, query)
      const { rows } = await db.run({ compile: () => page.compile(db.build) })
      return rows.map(read)
    },
  }
}

function insertNew(db: Database, events: readonly EventRecord[]) {
  const { events: table } = db.tables
  const insert = db.build
    .insertInto(table)
    .values(events.map((event) => valuesOf(eventColumns, event)))
  // MySQL's `insert ignore` would ignore other mistakes too.
  return db.engine.name === 'mysql'
    ? insert.onDuplicateKeyUpdate({ id: sql.ref('id') })
    : insert.onConflict((conflict) => conflict.column('id').doNothing())
}

/** Conditions with an index that is in the order of the log, the narrowest first. */
const INDEXED = { userId: 'user', actorId: 'actor', type: 'type' } as const

type Indexed = keyof typeof INDEXED

function pageOf(db: Database, query: EventQuery): RawBuilder<unknown> {
  const way = (Object.keys(INDEXED) as Indexed[]).find((member) => query[member] !== null)
  const indexed = byIndex(db, 'events', [way === undefined ? 'page' : INDEXED[way]])
  return sql`select ${sql.join(membersOf(eventColumns).map(column))}
    from ${tableOf(db, 'events')} ${indexed} where ${allOf(conditionsOf(db, query, way))}
    order by at desc, id desc limit ${sql.lit(query.limit)}`
}

function conditionsOf(db: Database, query: EventQuery, way: Indexed | undefined): Condition[] {
  const { after, from, before, outcome } = query
  const keys = { value: column('at'), id: column('id') }
  const place = after && { value: after.at, id: after.id }
  return [
    ...(Object.keys(INDEXED) as Indexed[]).map((member) =>
      query[member] === null
        ? null
        : sql<boolean>`${columnTo(member === way, db, member)} = ${query[member]}`,
    ),
    way === 'type' && db.engine.name === 'mysql' ? sql`type_key = left(${query.type}, 64)` : null,
    outcome === null ? null : sql`outcome = ${outcome}`,
    ...withinExtent(db, keys, { from, before, after: place }, 'descending'),
  ]
}

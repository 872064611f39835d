import type { EventQuery, EventRecord, EventStore } from '@latchkey/core'
import { sql } from 'kysely'
import type { Database } from './database.ts'
import { valuesOf } from './queries.ts'
import { eventColumns, membersOf } from './tables.ts'

/** As many events as one statement takes: SQLite binds at most 32,766 values. */
const BATCH = 500

/** The verbs of the audit log. */
export function eventStore(db: Database): EventStore {
  return {
    async append(events) {
      for (let from = 0; from < events.length; from += BATCH) {
        await db.run(insertNew(db, events.slice(from, from + BATCH)))
      }
    },
    list: listVerb(db),
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

function listVerb(db: Database): EventStore['list'] {
  const read = db.reader(eventColumns)
  return async (query) => {
    const { rows } = await db.run(pageOf(db, query))
    const events = rows.slice(0, query.limit).map(read)
    const last = events.at(-1)
    const more = last !== undefined && rows.length > events.length
    return { events, cursor: more ? `${last.at.getTime()}.${last.id}` : null }
  }
}

/** One event more than the page holds: if it comes, there is another page. */
function pageOf(db: Database, { limit, cursor, userId }: EventQuery) {
  const after = cursor === null ? null : positionOf(cursor)
  return db.build
    .selectFrom(db.tables.events)
    .select(membersOf(eventColumns))
    .$if(userId !== null, (query) => query.where('userId', '=', userId))
    .$if(after !== null, (query) =>
      // `(at, id) < (…)`, in words that every planner finds the index with.
      query
        .where('at', '<=', after?.at ?? new Date(0))
        .where((row) =>
          row.or([row('at', '<', after?.at ?? new Date(0)), row('id', '<', after?.id ?? '')]),
        ),
    )
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(sql.lit(limit + 1))
}

function positionOf(cursor: string): { readonly at: Date; readonly id: string } {
  const [time = '', id = ''] = cursor.split('.')
  return { at: new Date(Number(time)), id }
}

import type { Revocations, Store } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { tableOf } from './queries.ts'
import type { Row } from './rows.ts'

/**
 * How far a poll reaches back behind its cursor. A statement takes its time before its work can be seen, so no statement
 * may take longer than this: on the store's own connections none may take longer than half of it.
 */
const REACH_MS = 10_000

/** Later than every time: stands for "from now on". */
const NEVER = Number.MAX_SAFE_INTEGER

/** The revocation feed, by the clock of the database, in one statement. */
export function revokedSinceVerb(db: Database): Store['revokedSince'] {
  const poll = db.statement((query: { since: number }) => news(db, query.since))
  return async (cursor) => {
    const { rows } = await poll({ since: cursor === null ? NEVER : Number(cursor) })
    const of = (kind: string) => rows.filter((row) => row.kind === kind)
    return {
      cursor: String(Number(of('now')[0]?.first)),
      sessions: of('session').map(({ id }) => String(id)),
      users: of('user').map(revokedUser),
    }
  }
}

function revokedUser({ id, first, second }: Row): Revocations['users'][number] {
  return { id: String(id), credentialEpoch: Number(first), claimsVersion: Number(second) }
}

/** The time, which is the next cursor, and what changed since this one. */
function news(db: Database, since: number) {
  const { milliseconds, smaller, from } = CLOCKS[db.engine.name]
  // A clock that was set back would hide what is revoked until it has caught up.
  const earliest = sql<number>`${smaller}(${since}, ${milliseconds}) - ${sql.lit(REACH_MS)}`
  const sessions = tableOf(db, 'sessions')
  const users = tableOf(db, 'users')
  const query = sql`
    select 'now' as kind, '' as id, ${milliseconds} as first, 0 as second
    union all
    select 'session', id, 0, 0 from ${sessions} where changed_at >= ${from(earliest)}
    union all
    select 'user', id, credential_epoch, claims_version from ${users}
    where changed_at >= ${from(earliest)}`
  return { compile: () => query.compile(db.build) }
}

interface Clock {
  /** Whole milliseconds since 1970, when the statement began. */
  readonly milliseconds: RawBuilder<number>
  /** The function that gives the smaller of two numbers. */
  readonly smaller: RawBuilder<unknown>
  /** So many milliseconds since 1970, as `changed_at` is written. */
  from(milliseconds: RawBuilder<number>): RawBuilder<Date>
}

const CLOCKS: Record<Database['engine']['name'], Clock> = {
  sqlite: {
    milliseconds: sql`cast(unixepoch('subsec') * 1000 as integer)`,
    smaller: sql`min`,
    from: (milliseconds) => sql`${milliseconds}`,
  },
  postgres: {
    milliseconds: sql`floor(extract(epoch from statement_timestamp()) * 1000)::float8`,
    smaller: sql`least`,
    from: (milliseconds) => sql`to_timestamp((${milliseconds}) / 1000.0)`,
  },
  mysql: {
    milliseconds: sql`(timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) div 1000)`,
    smaller: sql`least`,
    from: (milliseconds) =>
      sql`timestampadd(microsecond, (${milliseconds}) * 1000, cast('1970-01-01' as datetime(6)))`,
  },
}

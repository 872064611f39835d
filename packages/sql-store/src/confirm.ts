import type { SessionStore, SessionWithUser, Sighting } from '@latchkey/core'
import { sql } from 'kysely'
import type { Database } from './database.ts'
import { column, first } from './queries.ts'
import {
  selectSessionWithUser,
  sessionSelection,
  sessionWithUserReader,
  userSelection,
} from './session-with-user.ts'
import { membersOf, sessionColumns } from './tables.ts'

interface Confirmation extends Sighting {
  readonly id: string
  readonly generation: number
}

/**
 * The statement that runs most: once for each new access token, and then once a minute for each session, it writes; else
 * it reads. That something is due is never a condition of the write: of fifty first requests with one token one moves
 * the generation, and the other forty-nine would find nothing left to do, and be refused.
 */
export function confirmVerb(db: Database): SessionStore['confirm'] {
  return db.engine.name === 'postgres' ? inOneStatement(db) : inTwoWhenDue(db)
}

/** PostgreSQL reads, judges and writes at once. */
function inOneStatement(db: Database): SessionStore['confirm'] {
  const { sessions, users } = db.tables
  const members = membersOf(sessionColumns)
  const confirm = db.statement((seen: Confirmation) =>
    db.build
      .with('due', (query) =>
        query
          .selectFrom(sessions)
          .select('id')
          .where('id', '=', seen.id)
          .where((row) =>
            row.or([
              row('confirmedGeneration', '<', seen.generation),
              row('lastSeenAt', '<', seen.touchBefore),
            ]),
          ),
      )
      // It waits for whoever holds the row, and then judges what they left.
      .with('seen', (query) =>
        query
          .updateTable(sessions)
          .set(sightingOf(db, seen))
          .where('id', 'in', (inner) => inner.selectFrom('due').select('id'))
          .where(mayBeSeen(seen))
          .returning(members),
      )
      .with('found', (query) =>
        query
          .selectFrom('seen')
          .select(members)
          .unionAll(
            query
              .selectFrom(sessions)
              .select(members)
              .where('id', '=', seen.id)
              .where(({ not, exists, selectFrom }) =>
                not(exists(selectFrom('due').select('due.id'))),
              )
              .where(mayBeSeen(seen)),
          ),
      )
      .selectFrom('found as s')
      .innerJoin(`${users} as u`, 'u.id', 's.userId')
      .select(sessionSelection)
      .select(userSelection),
  )
  const read = sessionWithUserReader(db)
  return async (id, generation, seen) => first(await confirm({ ...seen, id, generation }), read)
}

/** The others read, and write if something is due. The write judges again. */
function inTwoWhenDue(db: Database): SessionStore['confirm'] {
  const find = db.statement((seen: Confirmation) =>
    selectSessionWithUser(db).where('s.id', '=', seen.id).where(mayBeSeen(seen, 's.')),
  )
  const write = db.statement((seen: Confirmation) =>
    db.build
      .updateTable(db.tables.sessions)
      .set(sightingOf(db, seen))
      .where('id', '=', seen.id)
      .where(mayBeSeen(seen)),
  )
  const read = sessionWithUserReader(db)
  return async (id, generation, sighting) => {
    const seen = { ...sighting, id, generation }
    const found = first(await find(seen), read)
    if (found === null || !isDue(found, seen)) return found
    const { changed } = await write(seen)
    // Refused, or written by somebody else in the same words, which some connections do not count: the row tells.
    return changed === 1 ? sighted(found, seen) : first(await find(seen), read)
  }
}

function isDue({ session }: SessionWithUser, seen: Confirmation): boolean {
  return session.confirmedGeneration < seen.generation || session.lastSeenAt < seen.touchBefore
}

/** What {@link sightingOf} makes of the session. */
function sighted({ session, user }: SessionWithUser, seen: Confirmation): SessionWithUser {
  const { absoluteExpiresAt, confirmedGeneration } = session
  return {
    session: {
      ...session,
      confirmedGeneration: Math.max(confirmedGeneration, seen.generation),
      lastSeenAt: new Date(seen.now),
      idleExpiresAt: new Date(Math.min(+seen.idleExpiresAt, +absoluteExpiresAt)),
    },
    user,
  }
}

function mayBeSeen(seen: Confirmation, from: 's.' | '' = '') {
  const of = (name: string) => column(`${from}${name}`)
  return sql<boolean>`${of('revokedAt')} is null
    and ${of('idleExpiresAt')} > ${seen.now} and ${of('absoluteExpiresAt')} > ${seen.now}
    and ${seen.generation} between ${of('burntBelow')} and ${of('generation')}`
}

function sightingOf({ engine }: Database, seen: Confirmation) {
  const [larger, smaller] = engine.name === 'sqlite' ? ['max', 'min'] : ['greatest', 'least']
  const due = sql`${column('confirmedGeneration')} < ${seen.generation} or ${column('lastSeenAt')} < ${seen.touchBefore}`
  const limit = sql`${sql.raw(smaller ?? '')}(${seen.idleExpiresAt}, ${column('absoluteExpiresAt')})`
  // MySQL assigns from left to right, and a later column sees what an earlier one became: what `due` asks for moves last.
  return {
    idleExpiresAt: sql<Date>`case when ${due} then ${limit} else ${column('idleExpiresAt')} end`,
    lastSeenAt: sql<Date>`case when ${due} then ${seen.now} else ${column('lastSeenAt')} end`,
    confirmedGeneration: sql<number>`${sql.raw(larger ?? '')}(${column('confirmedGeneration')}, ${seen.generation})`,
  }
}

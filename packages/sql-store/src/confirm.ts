import type { SessionStore, SessionWithUser, Sighting } from '@latchkey/core'
import { sql } from 'kysely'
import type { Database } from './database.ts'
import { column, first } from './queries.ts'
import { selectSessionWithUser, sessionWithUserReader } from './session-with-user.ts'

interface Confirmation extends Sighting {
  readonly id: string
  readonly generation: number
}

/**
 * The verb that runs most. It reads; and once for each new access token, and then once a minute for each session, it
 * writes as well. In one statement the reading alone would cost twice as much on PostgreSQL.
 *
 * The write judges again, but not whether something is due: of fifty first requests with one token one moves the
 * generation, and the other forty-nine would find nothing left to do, and be refused.
 */
export function confirmVerb(db: Database): SessionStore['confirm'] {
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

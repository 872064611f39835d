import type {
  RevocationReason,
  RotationExpectation,
  Session,
  SessionRotation,
  SessionStore,
  SessionsToKeep,
} from '@latchkey/core'
import { sql } from 'kysely'
import { confirmVerb } from './confirm.ts'
import type { Database } from './database.ts'
import { column, first, valuesOf } from './queries.ts'
import { selectSessionWithUser, sessionWithUserReader } from './session-with-user.ts'
import { membersOf, sessionColumns } from './tables.ts'

interface Rotation extends SessionRotation {
  readonly id: string
  readonly expected: number
}

interface Ending {
  readonly id: string
  readonly reason: RevocationReason
  readonly at: Date
}

/** The verbs of sessions. */
export function sessionStore(db: Database): SessionStore {
  const { sessions } = db.tables
  const readSession = db.reader(sessionColumns)
  const readBoth = sessionWithUserReader(db)

  const insert = db.statement((session: Session) =>
    db.build.insertInto(sessions).values(valuesOf(sessionColumns, session)),
  )
  const find = db.statement((key: { id: string }) =>
    selectSessionWithUser(db).where('s.id', '=', key.id),
  )
  const listByUser = db.statement((query: { userId: string; now: Date }) =>
    db.build
      .selectFrom(sessions)
      .select(membersOf(sessionColumns))
      .where('userId', '=', query.userId)
      .where('revokedAt', 'is', null)
      .where('idleExpiresAt', '>', query.now)
      .where('absoluteExpiresAt', '>', query.now)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc'),
  )
  const revoke = db.statement(({ id, reason, at }: Ending) =>
    db.build
      .updateTable(sessions)
      .set({ revokedAt: at, revokedReason: reason, changedAt: db.engine.clock })
      .where('id', '=', id)
      .where('revokedAt', 'is', null),
  )

  return {
    async insert(session) {
      await insert(session)
    },
    find: async (id) => first(await find({ id }), readBoth),
    listByUser: async (userId, now) => (await listByUser({ userId, now })).rows.map(readSession),
    rotate: rotateVerb(db),
    confirm: confirmVerb(db),
    revoke: async (id, reason, at) => (await revoke({ id, reason, at })).changed === 1,
    revokeAll: revokeAllVerb(db),
    evictBeyond: evictBeyondVerb(db),
  }
}

function rotateVerb(db: Database): SessionStore['rotate'] {
  const larger = sql.raw(db.engine.name === 'sqlite' ? 'max' : 'greatest')
  const change = (rotation: Rotation) =>
    db.build
      .updateTable(db.tables.sessions)
      .set({
        generation: rotation.generation,
        parentGeneration: rotation.parentGeneration,
        recent: rotation.recent,
        confirmedGeneration: sql`${larger}(${column('confirmedGeneration')}, ${rotation.confirmedGeneration})`,
        burntBelow: rotation.burntBelow,
        lastSeenAt: rotation.lastSeenAt,
        idleExpiresAt: rotation.idleExpiresAt,
      })
      .where('id', '=', rotation.id)
      .where('generation', '=', rotation.expected)
      .where('revokedAt', 'is', null)

  const rotate = db.statement(change)
  const rotateUnconfirmed = db.statement((rotation: Rotation) =>
    change(rotation).whereRef('confirmedGeneration', '<', 'generation'),
  )
  return async (id: string, expect: RotationExpectation, patch: SessionRotation) => {
    const run = expect.unconfirmed ? rotateUnconfirmed : rotate
    const { changed } = await run({ ...patch, id, expected: expect.generation })
    return changed === 1
  }
}

function revokeAllVerb(db: Database): SessionStore['revokeAll'] {
  return async (userId, keep: SessionsToKeep, reason, at) => {
    const { id, credentialEpoch } = keep
    await db.run(
      db.build
        .updateTable(db.tables.sessions)
        .set({ revokedAt: at, revokedReason: reason, changedAt: db.engine.clock })
        .where('userId', '=', userId)
        .where('revokedAt', 'is', null)
        .$if(id !== null, (query) => query.where('id', '<>', id ?? ''))
        .$if(credentialEpoch !== null, (query) =>
          query.where('credentialEpoch', '<', credentialEpoch ?? 0),
        ),
    )
  }
}

function evictBeyondVerb(db: Database): SessionStore['evictBeyond'] {
  const { sessions } = db.tables
  // Without a limit there is no offset but in PostgreSQL: the largest that SQLite takes.
  const beyond = (userId: string, max: number, at: Date) =>
    db.build
      .selectFrom(sessions)
      .select('id')
      .where('userId', '=', userId)
      .where('revokedAt', 'is', null)
      .where('idleExpiresAt', '>', at)
      .where('absoluteExpiresAt', '>', at)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(sql.lit(Number.MAX_SAFE_INTEGER))
      .offset(sql.lit(max))

  return async (userId, max, at) => {
    const { changed } = await db.run(
      db.build
        .updateTable(sessions)
        .set({ revokedAt: at, revokedReason: 'evicted', changedAt: db.engine.clock })
        .where('userId', '=', userId)
        .where('revokedAt', 'is', null)
        .where('id', 'in', (query) =>
          // MySQL reads from the table that it updates only by way of a table made for it.
          query.selectFrom(beyond(userId, max, at).as('beyond')).select('beyond.id'),
        ),
    )
    return changed
  }
}

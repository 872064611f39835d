import type { Identifier, IdentifierKind, User, UserPatch, UserStore } from '@latchkey/core'
import { sql } from 'kysely'
import { countAdmins } from './administrators.ts'
import type { Database } from './database.ts'
import { listVerb } from './list-users.ts'
import { changedAtOf, column, first, lastInsertId, type Verb, valuesOf } from './queries.ts'
import { membersOf, userColumns } from './tables.ts'

const KINDS: readonly IdentifierKind[] = ['email', 'username', 'phone']

/** The verbs of users. */
export function userStore(db: Database): UserStore {
  const { users } = db.tables
  const read = db.reader(userColumns)
  const members = membersOf(userColumns)
  const select = db.build.selectFrom(users).select(members)

  const insert = db.statement((user: User) =>
    db.build.insertInto(users).values(valuesOf(userColumns, user)),
  )
  const find = db.statement((key: { id: string }) => select.where('id', '=', key.id))
  const findBy = forEachKind((kind) =>
    db.statement(({ value }: Identifier) => select.where(kind, '=', value)),
  )
  const clearFailedLogins = db.statement((key: { id: string }) =>
    db.build
      .updateTable(users)
      .set({ failedLogins: 0, lockedUntil: null })
      .where('id', '=', key.id)
      .where((row) => row.or([row('failedLogins', '>', 0), row('lockedUntil', 'is not', null)])),
  )

  return {
    async insert(user) {
      await insert(user)
    },
    find: async (id) => first(await find({ id }), read),
    findByIdentifier: async (identifier) => first(await findBy[identifier.kind](identifier), read),
    update: updateVerb(db),
    countFailedLogin: countFailedLoginVerb(db, findBy),
    async clearFailedLogins(id) {
      await clearFailedLogins({ id })
    },
    countAdmins: countAdmins(db),
    list: listVerb(db),
    async listDueForDeletion(now, limit) {
      const due = select.where('status', '<>', sql.lit('deleted')).where('deleteAfter', '<=', now)
      const { rows } = await db.run(due.limit(sql.lit(limit)))
      return rows.map(read)
    },
  }
}

function updateVerb(db: Database): UserStore['update'] {
  const { users } = db.tables
  const read = db.reader(userColumns)
  const members = membersOf(userColumns)
  const before = (id: string, version: number) =>
    db.build.selectFrom(users).select(members).where('id', '=', id).where('version', '=', version)
  const change = (id: string, version: number, patch: UserPatch) =>
    db.build
      .updateTable(users)
      // MySQL assigns from left to right, and a later column sees what an earlier one became.
      .set({ ...changedAtOf(db, patch), ...patch, version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)

  if (db.engine.returning) {
    return async (id, version, patch) =>
      first(await db.run(change(id, version, patch).returning(members)), read)
  }
  // A version has one content: whoever wins the update knows by it what the row has become.
  return async (id, version, patch) => {
    const user = first(await db.run(before(id, version)), read)
    if (user === null) return null
    const { changed } = await db.run(change(id, version, patch))
    return changed === 0 ? null : { ...user, ...patch, version: version + 1 }
  }
}

function countFailedLoginVerb(
  db: Database,
  findBy: Readonly<Record<IdentifierKind, Verb<Identifier>>>,
): UserStore['countFailedLogin'] {
  const { users } = db.tables
  const read = db.reader(userColumns)
  const addOne = sql<number>`${column('failedLogins')} + 1`
  const count = (kind: IdentifierKind, value: string, total = addOne) =>
    db.build.updateTable(users).set({ failedLogins: total }).where(kind, '=', value)

  if (db.engine.returning) {
    const statements = forEachKind((kind) =>
      db.statement(({ value }: Identifier) => count(kind, value).returning(membersOf(userColumns))),
    )
    return async (identifier) => first(await statements[identifier.kind](identifier), read)
  }
  const statements = forEachKind((kind) =>
    db.statement(({ value }: Identifier) => count(kind, value, lastInsertId(addOne))),
  )
  return async (identifier) => {
    const { changed, insertId } = await statements[identifier.kind](identifier)
    if (changed === 0) return null
    const user = first(await findBy[identifier.kind](identifier), read)
    return user && { ...user, failedLogins: insertId }
  }
}

function forEachKind<Value>(make: (kind: IdentifierKind) => Value): Record<IdentifierKind, Value> {
  return Object.fromEntries(KINDS.map((kind) => [kind, make(kind)])) as Record<
    IdentifierKind,
    Value
  >
}

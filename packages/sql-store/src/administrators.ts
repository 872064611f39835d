import type { UserStore } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { first, tableOf } from './queries.ts'
import { hasRole, hasSetWith, hasSqliteSetWith, type Role, roleNamed } from './role-sets.ts'

interface Query extends Role {
  readonly except: string
}

/**
 * Counts the active users with a role. On MySQL the sets of roles are read before: a user who gets a new set meanwhile is
 * not counted yet.
 */
export function countAdmins(db: Database): UserStore['countAdmins'] {
  return db.engine.name === 'mysql' ? countAdminsOnMysql(db) : countAdminsAtOnce(db)
}

function countAdminsAtOnce(db: Database): UserStore['countAdmins'] {
  const isHolder = db.engine.name === 'sqlite' ? hasSqliteSetWith : hasRole
  const count = db.statement((query: Query) => counting(db, isHolder(db, query), query.except))
  return async ({ role, except }) =>
    first(await count({ ...roleNamed(role), except: except ?? '' }), numberOf) ?? 0
}

function countAdminsOnMysql(db: Database): UserStore['countAdmins'] {
  return async ({ role, except }) => {
    const isHolder = (await hasSetWith(db, role)) ?? hasRole(db, roleNamed(role))
    return first(await db.run(counting(db, isHolder, except ?? '')), numberOf) ?? 0
  }
}

function counting(db: Database, isHolder: RawBuilder<boolean>, except: string) {
  // Of all the indexes that begin with the status, planners would rather take another.
  const index = sql.id(`${db.place.tablePrefix}users_roles`)
  const by = {
    sqlite: sql`indexed by ${index}`,
    mysql: sql`force index (${index})`,
    postgres: sql``,
  }
  const users = sql`${tableOf(db, 'users')} ${by[db.engine.name]}`
  const counted = sql`select count(*) as count from ${users}
    where status = 'active' and ${isHolder} and not leaving_admin and id <> ${except}`
  return { compile: () => counted.compile(db.build) }
}

function numberOf({ count }: Readonly<Record<string, unknown>>): number {
  return Number(count)
}

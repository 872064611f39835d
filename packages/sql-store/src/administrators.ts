import type { UserStore } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { first } from './queries.ts'

interface Query {
  readonly role: string
  readonly roleAsJson: string
  readonly except: string | null
}

/**
 * Counts the active users with a role. PostgreSQL has an index on the members of an array. The others have one on whole
 * sets of roles, of which there are few, however many users there are: they go from one set to the next in the index,
 * and count the users of those that hold the role.
 */
export function countAdmins(db: Database): UserStore['countAdmins'] {
  const counting = {
    postgres: countByRole,
    sqlite: countByRoleSet,
    mysql: countByRoleSet,
  }[db.engine.name]
  const count = db.statement((query: Query) => counting(db, query))
  return async ({ role, except }) => {
    const outcome = await count({ role, roleAsJson: JSON.stringify(role), except: except ?? '' })
    return first(outcome, (row) => Number(row.count)) ?? 0
  }
}

function countByRole(db: Database, { roleAsJson, except }: Query) {
  return db.build
    .selectFrom(db.tables.users)
    .select((row) => row.fn.countAll().as('count'))
    .where('status', '=', sql.lit('active'))
    .where(sql<boolean>`roles @> ${roleAsJson}::jsonb`)
    .where('leavingAdmin', '=', sql.lit(false))
    .where('id', '<>', except)
}

function countByRoleSet(db: Database, query: Query) {
  const { mysql, holds } = ROLE_SETS[db.engine.name === 'mysql' ? 'mysql' : 'sqlite']
  const users = sql.table(db.tables.users)
  const key = sql.ref(mysql ? 'role_set' : 'roles')
  const counted = sql`
    with recursive sets (set_key, set_roles) as (
      select ${key}, roles from ${users} where id = (
        select id from ${users} where status = 'active' order by ${key} limit 1)
      union all
      select u.${key}, u.roles from sets join ${users} as u on u.id = (
        select v.id from ${users} as v
        where v.status = 'active' and v.${key} > sets.set_key order by v.${key} limit 1)
    )
    select count(*) as count from sets join ${users} as u on u.status = 'active' and u.${key} = sets.set_key
    where ${holds(query)} and u.leaving_admin = 0 and u.id <> ${query.except}`
  return { compile: () => counted.compile(db.build) }
}

const ROLE_SETS: Record<
  'mysql' | 'sqlite',
  { mysql: boolean; holds(query: Query): RawBuilder<unknown> }
> = {
  mysql: {
    mysql: true,
    holds: ({ roleAsJson }) => sql`json_contains(sets.set_roles, ${roleAsJson})`,
  },
  sqlite: {
    mysql: false,
    holds: ({ role }) =>
      sql`exists (select 1 from json_each(sets.set_roles) where value = ${role})`,
  },
}

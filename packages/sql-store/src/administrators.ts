import type { UserStore } from '@latchkey/core'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { first, tableOf } from './queries.ts'

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

// Both give up after a thousand steps, MariaDB without an error. Each takes the other's words for a comment.
const MARIADB_PATIENCE = '/*M! set statement max_recursive_iterations = 4294967295 for */'
const MYSQL_PATIENCE = '/*+ set_var(cte_max_recursion_depth = 4294967295) */'

function countByRoleSet(db: Database, query: Query) {
  const mysql = db.engine.name === 'mysql'
  const users = tableOf(db, 'users')
  const key = sql.ref(mysql ? 'role_set' : 'roles')
  // Where most users have one set, a planner would rather read the table.
  const index = sql.id(`${db.place.tablePrefix}users_roles`)
  const byRoles = mysql ? sql`force index (${index})` : sql`indexed by ${index}`
  const counted = sql`${sql.raw(mysql ? MARIADB_PATIENCE : '')}
    with recursive sets (set_key, set_roles) as (
      select ${key}, roles from ${users} where id = (
        select id from ${users} ${byRoles} where status = 'active' and ${key} > '' order by ${key} limit 1)
      union all
      select u.${key}, u.roles from sets join ${users} as u on u.id = (
        select v.id from ${users} as v ${byRoles}
        where v.status = 'active' and v.${key} > sets.set_key order by v.${key} limit 1)
    )
    select ${sql.raw(mysql ? MYSQL_PATIENCE : '')} coalesce(sum((
      select count(*) from ${users} as u ${byRoles}
      where u.status = 'active' and u.${key} = sets.set_key and u.leaving_admin = 0 and u.id <> ${query.except}
    )), 0) as count from sets where ${mysql ? holdsOnMysql(query) : holdsOnSqlite(query)}`
  return { compile: () => counted.compile(db.build) }
}

function holdsOnMysql({ roleAsJson }: Query): RawBuilder<boolean> {
  return sql`json_contains(sets.set_roles, ${roleAsJson})`
}

function holdsOnSqlite({ role }: Query): RawBuilder<boolean> {
  return sql`exists (select 1 from json_each(sets.set_roles) where value = ${role})`
}

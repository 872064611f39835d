import { type RawBuilder, sql } from 'kysely'
import type { Database } from './database.ts'
import { tableOf } from './queries.ts'

/** A role, as text and as JSON. */
export interface Role {
  readonly role: string
  readonly roleAsJson: string
}

/** The role of that name. */
export function roleNamed(role: string): Role {
  return { role, roleAsJson: JSON.stringify(role) }
}

/** Whether the user has the role, in words for which PostgreSQL has an index and the others have none. */
export function hasRole({ engine }: Database, { role, roleAsJson }: Role): RawBuilder<boolean> {
  return {
    postgres: () => sql<boolean>`roles @> ${roleAsJson}::jsonb`,
    sqlite: () => sql<boolean>`exists (select 1 from json_each(roles) where value = ${role})`,
    mysql: () => sql<boolean>`json_contains(roles, ${roleAsJson})`,
  }[engine.name]()
}

/**
 * Whether the user has a set of roles that holds the role: SQLite and MySQL have an index on whole sets, of which there
 * are few, however many users. `null` where there is no such index, or no few sets.
 */
export async function hasSetWith(db: Database, role: string): Promise<RawBuilder<boolean> | null> {
  if (db.engine.name === 'postgres') return null
  return db.engine.name === 'sqlite' ? hasSqliteSetWith(db, roleNamed(role)) : hasMysqlSet(db, role)
}

/** SQLite goes from one set to the next in the index. */
export function hasSqliteSetWith(db: Database, { role }: Role): RawBuilder<boolean> {
  const users = tableOf(db, 'users')
  // Where most users have one set, a planner would rather read the table.
  const index = sql.id(`${db.place.tablePrefix}users_role_sets`)
  const next = (after: RawBuilder<unknown>) => sql`
    select roles from ${users} indexed by ${index}
    where status <> 'deleted' and roles > ${after} order by roles limit 1`
  return sql`roles in (
    with recursive sets (roles) as (
      select (${next(sql`''`)})
      union all select (${next(sql`sets.roles`)}) from sets where sets.roles is not null
    )
    select sets.roles from sets
    where exists (select 1 from json_each(sets.roles) where value = ${role})
  )`
}

const MOST_SETS = 1000

/**
 * MySQL goes from one set to the next where it groups. MariaDB does so only where a statement is not prepared, but reads
 * the whole index when it runs a prepared one again: so this statement has no values, with which it would be prepared.
 */
async function hasMysqlSet(db: Database, role: string): Promise<RawBuilder<boolean> | null> {
  const users = tableOf(db, 'users')
  const index = sql.id(`${db.place.tablePrefix}users_role_sets`)
  const sets = sql`select hex(sets.role_set) as set_key, holder.roles
    from (
      select role_set, min(id) as id from ${users} force index (${index})
      group by role_set limit ${sql.lit(MOST_SETS + 1)}
    ) as sets
    join ${users} as holder on holder.id = sets.id`
  const { rows } = await db.run({ compile: () => sets.compile(db.build) })
  if (rows.length > MOST_SETS) return null
  const holding = rows.filter(({ roles }) =>
    (db.engine.decode.json(roles) as string[]).includes(role),
  )
  const keys = holding.map((row) => sql`unhex(${String(row.set_key)})`)
  return keys.length === 0 ? sql`1 = 0` : sql`role_set in (${sql.join(keys)})`
}

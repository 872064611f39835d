import { type CompiledQuery, type Dialect, DummyDriver, Kysely, sql } from 'kysely'
import { type MigrationResult, Migrator } from 'kysely/migration'
import type { Database, Place } from '../database.ts'
import { persist } from '../persistence.ts'
import { tableIn } from '../queries.ts'
import { SqlStoreError } from '../sql-store-error.ts'
import type { Ground } from './create-table.ts'
import { migrations } from './migrations.ts'

/** A migration, and when it was run; `null` when it was not. */
export interface MigrationStatus {
  /** Its number and name. */
  readonly name: string
  /** When it was run, by the clock of the process that ran it. */
  readonly appliedAt: Date | null
  /** `false` when a newer version of this package has run it. */
  readonly known: boolean
}

/** How long SQLite is asked again while another process migrates, in milliseconds. */
const PATIENCE_MS = 60_000

/** All migrations, and those that a newer version has run. */
export async function migrationStatus(db: Database): Promise<readonly MigrationStatus[]> {
  const applied = await appliedMigrations(db)
  const names = new Set([...Object.keys(migrations), ...applied.keys()])
  return [...names].sort().map((name) => ({
    name,
    appliedAt: applied.get(name) ?? null,
    known: Object.hasOwn(migrations, name),
  }))
}

/** Rejects when migrations are missing, and says what to do. */
export async function requireMigrations(db: Database): Promise<void> {
  const missing = missingIn(await migrationStatus(db))
  if (missing.length === 0) return
  throw new SqlStoreError(
    'not_migrated',
    `the database lacks ${missing.join(', ')}: run "npx latchkey migrate", or call store.migrate()`,
  )
}

/** Runs what is missing, and resolves its names. Of processes that start at once, one works and the others wait. */
export async function migrate(db: Database): Promise<readonly string[]> {
  const status = await migrationStatus(db)
  refuseNewer(status)
  // Without the lock, for which an application may lack the rights.
  if (missingIn(status).length === 0) return []
  return db.engine.withoutLimits(async (dialect) => {
    const plain = new Kysely<unknown>({ dialect })
    const results = await persist(db.engine, PATIENCE_MS, () => run(db, plain)).catch(
      (error: unknown) => {
        throw db.engine.explain(error)
      },
    )
    return results.map(({ migrationName }) => migrationName)
  })
}

/** The statements that {@link migrate} would run. */
export async function plannedStatements(db: Database): Promise<readonly string[]> {
  const status = await migrationStatus(db)
  refuseNewer(status)
  const missing = missingIn(status)
  if (missing.length === 0) return []
  const { schema } = db.place
  const statements = schema === null ? [] : [`create schema if not exists "${schema}"`]
  const recorder = recording(db.engine.dialect, ({ sql }) => statements.push(sql))
  const ground = { ...(await groundOf(db, db.plain)), db: inSchema(recorder, schema) }
  for (const name of missing) await migrations[name]?.(ground)
  return statements
}

async function run({ engine, place }: Database, db: Kysely<unknown>): Promise<MigrationResult[]> {
  const schema = engine.name === 'postgres' ? await schemaOf(db, place) : undefined
  const ground = await groundOf({ engine, place }, db)
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => provided(ground, place.schema) },
    migrationTableName: `${place.tablePrefix}migrations`,
    migrationLockTableName: `${place.tablePrefix}migration_lock`,
    ...(schema !== undefined && { migrationTableSchema: schema }),
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
  return results
}

function provided(ground: Ground, schema: string | null) {
  const entries = Object.entries(migrations).map(([name, up]) => [
    name,
    { up: (db: Kysely<unknown>) => up({ ...ground, db: inSchema(db, schema), present: db }) },
  ])
  return Object.fromEntries(entries)
}

/** Kysely looks for its tables in every schema that it may see, unless it is told in which. */
async function schemaOf(db: Kysely<unknown>, { schema }: Place): Promise<string> {
  if (schema !== null) return schema
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(db)
  return rows[0]?.name ?? 'public'
}

async function groundOf(
  { engine, place }: Pick<Database, 'engine' | 'place'>,
  db: Kysely<unknown>,
): Promise<Ground> {
  const collation = engine.name === 'mysql' ? await exactCollation(db) : ''
  const { schema, tablePrefix: prefix } = place
  return { db, present: db, engine: engine.name, schema, prefix, collation }
}

/** Compares byte for byte, trailing spaces included. MariaDB and MySQL have no name for it in common. */
async function exactCollation(db: Kysely<unknown>): Promise<string> {
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(db)
  return /mariadb/i.test(rows[0]?.version ?? '') ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin'
}

function inSchema(db: Kysely<unknown>, schema: string | null): Kysely<unknown> {
  return schema === null ? db : db.withSchema(schema)
}

async function appliedMigrations({ engine, place, plain }: Database): Promise<Map<string, Date>> {
  try {
    const schema = engine.name === 'postgres' ? await schemaOf(plain, place) : null
    const table = tableIn(schema, `${place.tablePrefix}migrations`)
    const { rows } = await sql<{
      name: string
      timestamp: string
    }>`select name, timestamp from ${table}`.execute(plain)
    return new Map(rows.map(({ name, timestamp }) => [name, new Date(timestamp)]))
  } catch (error) {
    const told = engine.explain(error)
    if (told.code === 'not_migrated') return new Map()
    throw told
  }
}

function missingIn(status: readonly MigrationStatus[]): readonly string[] {
  return status.filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name)
}

function refuseNewer(status: readonly MigrationStatus[]): void {
  const unknown = status.filter(({ known }) => !known)
  if (unknown.length === 0) return
  throw new SqlStoreError(
    'newer_schema',
    `the database was migrated by a newer version of @latchkey/sql-store (${unknown.map(({ name }) => name).join(', ')}): install that version`,
  )
}

/** A database that is asked for nothing, and tells what it was asked. */
function recording(dialect: Dialect, record: (query: CompiledQuery) => void): Kysely<unknown> {
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => dialect.createAdapter(),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createDriver: () => new DummyDriver(),
    },
    log: ({ level, query }) => {
      if (level === 'query') record(query)
    },
  })
}

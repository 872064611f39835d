import { sqlStore } from '@latchkey/sql-store'
import pg from 'pg'
import { type Blank, type DatabaseKind, mariadb, postgres, sqlite, TABLES } from './databases.ts'
import { recordingPool } from './recording.ts'

const ALL_TABLES = [...TABLES, 'latchkey_migrations', 'latchkey_migration_lock']

/** How a kind of database tells what is in it. */
interface Dumper {
  /** Migrates the database, and answers the statements that make its tables. */
  schema(database: Blank): Promise<string[]>
  /** Asks for the columns that can be written. */
  columns(table: string): string
  /** The value as it stands in a statement. */
  quoted(column: string): string
}

const dumpers: Readonly<Record<string, Dumper>> = {
  [sqlite.name]: {
    async schema(database) {
      await migrate(database)
      const rows = await database.query('select sql from sqlite_schema where sql is not null')
      return rows.map(({ sql }) => String(sql))
    },
    columns: (table) => `select name from pragma_table_info('${table}')`,
    quoted: (column) => `quote(${column})`,
  },
  [postgres.name]: {
    async schema({ url }) {
      const statements: string[] = []
      const pool = new pg.Pool({ connectionString: url })
      pool.on('error', () => {})
      const recording = recordingPool(pool, ({ sql }) => statements.push(sql))
      await sqlStore({ postgres: recording }).migrate()
      await pool.end()
      return statements.filter((statement) => /^(?:create|alter|drop) /.test(statement))
    },
    columns: (table) => `select column_name as name from information_schema.columns
      where table_name = '${table}' order by ordinal_position`,
    quoted: (column) => `quote_nullable(${column}::text)`,
  },
  [mariadb.name]: {
    async schema(database) {
      await migrate(database)
      const made = await Promise.all(
        ALL_TABLES.map((table) => database.query(`show create table ${table}`)),
      )
      return made.map(([row]) => String(row?.['Create Table']))
    },
    columns: (table) => `select column_name as name from information_schema.columns
      where table_schema = database() and table_name = '${table}' and extra not like '%generated%'
      order by ordinal_position`,
    quoted: (column) => `quote(${column})`,
  },
}

async function migrate({ url }: Blank): Promise<void> {
  const store = sqlStore({ url })
  await store.migrate()
  await store.close()
}

/** The database as statements, once `fill` has put records into its tables. */
export async function dump(
  kind: DatabaseKind,
  database: Blank,
  fill: (database: Blank) => Promise<unknown>,
): Promise<string> {
  const dumper = dumpers[kind.name]
  if (dumper === undefined) throw new Error(`no dumper for ${kind.name}`)
  const schema = await dumper.schema(database)
  await fill(database)
  const rows = await Promise.all(ALL_TABLES.map((table) => rowsOf(dumper, table, database)))
  return [...schema, ...rows.flat()].map((statement) => `${statement};\n`).join('\n')
}

async function rowsOf({ columns, quoted }: Dumper, table: string, { query }: Blank) {
  const names = (await query(columns(table))).map(({ name }) => String(name))
  const values = names.map((name) => `${quoted(name)} as ${name}`).join(', ')
  const rows = await query(`select ${values} from ${table} order by 1`)
  return rows.map((row) => {
    const literals = names.map((name) => row[name]).join(', ')
    return `insert into ${table} (${names.join(', ')}) values (${literals})`
  })
}

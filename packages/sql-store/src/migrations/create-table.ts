import { type ColumnDataType, type Kysely, type RawBuilder, sql } from 'kysely'
import type { EngineName } from '../engines/engine.ts'
import { tableIn } from '../queries.ts'

/** Where a migration works, and in which language. */
export interface Ground {
  /** In the schema of the tables. */
  readonly db: Kysely<unknown>
  /** Tells what is there already, which `db` does not while migrations are only planned. */
  readonly present: Kysely<unknown>
  readonly engine: EngineName
  readonly schema: string | null
  readonly prefix: string
  /** MySQL only: the collation that compares byte for byte, trailing spaces included. */
  readonly collation: string
}

/**
 * - `id`: a UUID; `key`: text that is looked up, at most 320 characters on MySQL; both compared byte for byte
 * - `text`, `json`, `integer`, `flag`
 * - `time`: UTC, to the millisecond
 * - `moment`: UTC, as finely as the database's clock
 */
export type ColumnKind = 'id' | 'key' | 'text' | 'json' | 'integer' | 'flag' | 'time' | 'moment'

/** A column; with `?`, it may be null. */
type ColumnType = ColumnKind | `${ColumnKind}?`

/** A table and its indexes, all of which begin with the name of the table. */
export interface TableDefinition {
  readonly name: string
  readonly columns: Readonly<Record<string, ColumnType>>
  /** Columns that MySQL alone has, and computes. */
  readonly mysqlColumns?: Readonly<Record<string, string>>
  readonly primaryKey: readonly string[]
  /** Named after what they keep unique. */
  readonly unique: Readonly<Record<string, readonly string[]>>
  readonly indexes: Readonly<Record<string, IndexDefinition>>
}

/** An index. */
export interface IndexDefinition {
  readonly columns: readonly string[]
  /** Of which rows; MySQL has no such thing. */
  readonly where?: string
  /** Of another kind on PostgreSQL. */
  readonly postgres?: string
  /** Of other columns on MySQL; `null` for none. */
  readonly mysql?: readonly string[] | null
}

export const TYPES: Record<EngineName, Record<ColumnKind, ColumnDataType | RawBuilder<unknown>>> = {
  sqlite: {
    id: 'text',
    key: 'text',
    text: 'text',
    json: 'text',
    integer: 'integer',
    flag: 'integer',
    time: 'integer',
    moment: 'integer',
  },
  postgres: {
    id: sql`text collate "C"`,
    key: sql`text collate "C"`,
    text: 'text',
    json: 'jsonb',
    integer: 'integer',
    flag: 'boolean',
    time: 'timestamptz(3)',
    moment: 'timestamptz',
  },
  mysql: {
    id: 'varchar(36)',
    key: 'varchar(320)',
    text: sql`mediumtext`,
    json: 'json',
    integer: 'integer',
    flag: 'boolean',
    time: 'datetime(3)',
    moment: 'datetime(6)',
  },
}

/** Creates the table and its indexes, unless they are there: where a crash left half of it, running again goes on. */
export async function createTable(ground: Ground, table: TableDefinition): Promise<void> {
  if (ground.engine === 'mysql') return createMysqlTable(ground, table)
  const { db, prefix } = ground
  const name = prefix + table.name
  await columnsOf(ground, table)
    .$call((create) => (ground.engine === 'sqlite' ? create.modifyEnd(sql`strict`) : create))
    .execute()
  for (const [index, columns] of Object.entries(table.unique)) {
    await db.schema
      .createIndex(`${name}_${index}`)
      .ifNotExists()
      .unique()
      .on(name)
      .columns([...columns])
      .execute()
  }
  await createIndexes(ground, table)
}

/** Creates the indexes, unless they are there. Not on MySQL, which cannot say so. */
export async function createIndexes(
  { db, engine, schema, prefix }: Ground,
  { name, indexes }: Pick<TableDefinition, 'name' | 'indexes'>,
): Promise<void> {
  for (const [index, definition] of Object.entries(indexes)) {
    await sql`create index if not exists ${sql.id(`${prefix}${name}_${index}`)}
      on ${tableIn(schema, prefix + name)} ${indexed(engine, definition)}`.execute(db)
  }
}

function indexed(engine: EngineName, { columns, where, postgres }: IndexDefinition) {
  const list = engine === 'postgres' ? postgres : undefined
  return sql.raw(
    (list ?? `(${columns.join(', ')})`) + (where === undefined ? '' : ` where ${where}`),
  )
}

/** MySQL creates a table with its indexes in one statement, or not at all. */
async function createMysqlTable(ground: Ground, table: TableDefinition): Promise<void> {
  const name = ground.prefix + table.name
  let create = columnsOf(ground, table)
  for (const [column, type] of Object.entries(table.mysqlColumns ?? {})) {
    create = create.addColumn(column, sql.raw(type))
  }
  for (const [index, columns] of Object.entries(table.unique)) {
    create = create.addUniqueConstraint(`${name}_${index}`, [...columns] as never[])
  }
  for (const [index, { columns, mysql }] of Object.entries(table.indexes)) {
    if (mysql === null) continue
    create = create.addIndex(`${name}_${index}`, [...(mysql ?? columns)] as never[])
  }
  await create
    .modifyEnd(sql.raw(`engine = InnoDB default character set utf8mb4 collate ${ground.collation}`))
    .execute()
}

function columnsOf({ db, engine, prefix }: Ground, table: TableDefinition) {
  const name = prefix + table.name
  let create = db.schema.createTable(name).ifNotExists()
  for (const [column, type] of Object.entries(table.columns)) {
    const nullable = type.endsWith('?')
    const kind = type.replace('?', '') as ColumnKind
    create = create.addColumn(column, TYPES[engine][kind] as ColumnDataType, (definition) =>
      nullable ? definition : definition.notNull(),
    )
  }
  return create.addPrimaryKeyConstraint(`${name}_pkey`, [...table.primaryKey] as never[])
}

import { type RawBuilder, sql } from 'kysely'
import { tableIn } from '../queries.ts'
import {
  type ColumnKind,
  createIndexes,
  type Ground,
  type IndexDefinition,
  TYPES,
} from './create-table.ts'

/** What a table gets. Columns may be null: the version before does not write them. */
export interface TableAddition {
  readonly name: string
  readonly columns?: Readonly<Record<string, `${ColumnKind}?`>>
  /** Columns that MySQL alone has, and computes. */
  readonly mysqlColumns?: Readonly<Record<string, string>>
  readonly indexes?: Readonly<Record<string, IndexDefinition>>
}

/** Adds what is missing: where a crash left half of it, running again goes on. */
export async function addToTable(ground: Ground, addition: TableAddition): Promise<void> {
  if (ground.engine === 'mysql') return addToMysqlTable(ground, addition)
  const { name, columns = {}, indexes = {} } = addition
  for (const [column, type] of Object.entries(columns)) {
    if (ground.engine === 'sqlite' && (await hasSqliteColumn(ground, name, column))) continue
    // SQLite does not know these words.
    const unlessThere = sql.raw(ground.engine === 'sqlite' ? '' : 'if not exists')
    await sql`alter table ${tableOf(ground, name)}
      add column ${unlessThere} ${columnDefinition(ground, column, type)}`.execute(ground.db)
  }
  await createIndexes(ground, { name, indexes })
}

/** MySQL adds columns and indexes in one statement, or nothing. */
async function addToMysqlTable(ground: Ground, addition: TableAddition): Promise<void> {
  const { name, columns = {}, mysqlColumns = {}, indexes = {} } = addition
  const added = [
    ...Object.entries(columns).map(
      ([column, type]) => sql`add column ${columnDefinition(ground, column, type)}`,
    ),
    ...Object.entries(mysqlColumns).map(
      ([column, type]) => sql`add column ${sql.id(column)} ${sql.raw(type)}`,
    ),
    ...Object.entries(indexes).map(
      ([index, { columns: plain, mysql }]) =>
        sql`add index ${sql.id(`${ground.prefix}${name}_${index}`)} (${sql.raw((mysql ?? plain).join(', '))})`,
    ),
  ]
  if (await isAddedToMysql(ground, addition)) return
  await sql`alter table ${tableOf(ground, name)} ${sql.join(added)}`.execute(ground.db)
}

function columnDefinition({ engine }: Ground, column: string, type: string): RawBuilder<unknown> {
  const written = TYPES[engine][type.replace('?', '') as ColumnKind]
  return sql`${sql.id(column)} ${typeof written === 'string' ? sql.raw(written) : written}`
}

function tableOf({ schema, prefix }: Ground, name: string): RawBuilder<unknown> {
  return tableIn(schema, prefix + name)
}

async function hasSqliteColumn({ present, prefix }: Ground, table: string, column: string) {
  const { rows } = await sql`
    select 1 from pragma_table_info(${prefix + table}) where name = ${column}`.execute(present)
  return rows.length > 0
}

async function isAddedToMysql({ present, prefix }: Ground, addition: TableAddition) {
  const { name, columns = {}, indexes = {} } = addition
  const [column = ''] = Object.keys(columns)
  const [index = ''] = Object.keys(indexes)
  const { rows } = await sql`
    select 1 from information_schema.columns
      where table_schema = database() and table_name = ${prefix + name} and column_name = ${column}
    union all select 1 from information_schema.statistics
      where table_schema = database() and table_name = ${prefix + name}
        and index_name = ${`${prefix}${name}_${index}`}`.execute(present)
  return rows.length > 0
}

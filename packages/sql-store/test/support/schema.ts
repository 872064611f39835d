import type { Blank, DatabaseKind } from './databases.ts'

/** The tables of the database with all that matters of them, as lines of text. */
export async function schemaOf(kind: DatabaseKind, { query }: Blank): Promise<string> {
  const statements = SCHEMA[kind.name] ?? []
  const sections = await Promise.all(statements.map(query))
  const lines = sections.flatMap((rows) => rows.map(lineOf))
  return `${lines.join('\n')}\n`
}

function lineOf(row: Record<string, unknown>): string {
  const values = Object.values(row).map((value) => String(value ?? ''))
  return values.join(' ').replace(/\s+/g, ' ').trim()
}

const SQLITE = [
  `select m.name || '.' || c.name, c.type, iif(c."notnull", 'not null', ''), iif(c.pk, 'primary key ' || c.pk, ''),
      'default ' || c.dflt_value
    from sqlite_schema m, pragma_table_xinfo(m.name) c where m.type = 'table' order by m.name, c.cid`,
  `select l.name, iif(l.strict, 'strict', '') from pragma_table_list l
    where l.type = 'table' and l.name not like 'sqlite_%' order by l.name`,
  `select sql from sqlite_schema where type = 'index' and sql is not null order by name`,
]

const POSTGRES = [
  `select c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then 'not null' end as nullability,
      case when a.attcollation <> t.typcollation then 'collate ' || l.collname end as collation,
      'default ' || pg_get_expr(d.adbin, d.adrelid) as preset
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    join pg_type t on t.oid = a.atttypid
    left join pg_collation l on l.oid = a.attcollation
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname, a.attnum`,
  `select indexdef from pg_indexes where schemaname = 'public' order by indexname`,
  `select conname, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n' order by conname`,
]

// The tables of Kysely's migrator have the collation of the database.
const MARIADB = [
  `select concat(table_name, '.', column_name), column_type,
      if(is_nullable = 'NO', 'not null', ''), if(collation_name like '%bin', concat('collate ', collation_name), ''),
      if(column_default is null or column_default = 'NULL', '', concat('default ', column_default)), if(extra = '', '', concat(extra, ' ', generation_expression))
    from information_schema.columns where table_schema = database() order by table_name, ordinal_position`,
  `select concat(table_name, '.', index_name), if(non_unique, '', 'unique'),
      group_concat(column_name order by seq_in_index separator ', ')
    from information_schema.statistics where table_schema = database()
    group by table_name, index_name, non_unique order by table_name, index_name`,
  `select table_name, engine, if(table_collation like '%bin', table_collation, '') from information_schema.tables
    where table_schema = database() order by table_name`,
]

const SCHEMA: Readonly<Record<string, readonly string[]>> = {
  SQLite: SQLITE,
  PostgreSQL: POSTGRES,
  MariaDB: MARIADB,
}

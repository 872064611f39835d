import { DatabaseSync } from 'node:sqlite'

/** Each leads to the next version of the tables. Only ever add to the end. */
const migrations = [
  `create table members (
    id integer primary key,
    email text not null unique collate nocase,
    display_name text not null
  ) strict`,
  `alter table members add column team text not null default ''`,
]

/** Opens the file, and brings its tables up to date. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5000 })
  database.exec('pragma journal_mode = wal')
  migrate(database)
  return database
}

function migrate(database: DatabaseSync): void {
  database.exec('begin immediate')
  const version = Number(database.prepare('pragma user_version').get()?.user_version)
  for (const [index, statement] of migrations.entries()) {
    if (index >= version) database.exec(`${statement}; pragma user_version = ${index + 1}`)
  }
  database.exec('commit')
}

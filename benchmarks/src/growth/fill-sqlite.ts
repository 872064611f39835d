import { statSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { sqliteFile } from '../databases.ts'
import type { Fill } from './fill.ts'
import { differences, idOf, type Kind, type Plan, type Spelling, saltOf } from './plan.ts'

const spelling: Spelling = {
  id: (kind) => `id_of('${kind}', n)`,
  salt: 'salt_of(n)',
  time: (milliseconds) => milliseconds,
}

/** Copies the first row of each table. Waits for no disk meanwhile: a crash ends the benchmark anyway. */
export const fillSqlite: Fill = async (url, plan) => {
  const db = new DatabaseSync(sqliteFile(url))
  try {
    const { cache_size: cache } = db.prepare('pragma cache_size').get() ?? {}
    db.exec('pragma journal_mode = memory; pragma synchronous = off; pragma cache_size = -500000')
    fill(db, plan)
    db.exec('analyze')
    return {
      megabytes: statSync(sqliteFile(url)).size / 1e6,
      cache: `cache_size ${cache} (the default)`,
    }
  } finally {
    db.close()
  }
}

function fill(db: DatabaseSync, plan: Plan): void {
  db.function('id_of', (kind, n) => idOf(plan, String(kind) as Kind, Number(n)))
  db.function('salt_of', (n) => saltOf(Number(n)))
  db.exec('begin')
  for (const [table, different] of Object.entries(differences(plan, spelling))) {
    const first = db.prepare(`select * from ${table}`).get() ?? {}
    const columns = Object.keys(first)
    // Given as values: SQLite would put aside all rows if the table were read as well.
    const values = columns.map((name) => different[name] ?? `:${name}`)
    const constant = columns.filter((name) => different[name] === undefined)
    const bound = constant.map((name): [string, SQLInputValue] => [name, first[name] ?? null])
    db.prepare(`
      with recursive numbers (n) as (
        select 1 union all select n + 1 from numbers where n < ${plan.size - 1})
      insert into ${table} (${columns.join(', ')}) select ${values.join(', ')} from numbers
    `).run(Object.fromEntries(bound))
  }
  db.exec('commit')
}

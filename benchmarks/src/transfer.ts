import { sqlStore } from '@latchkey/sql-store'
import { type BenchDatabase, type DatabaseServer, measureOn } from './databases.ts'
import type { Effort } from './effort.ts'
import type { Fill } from './growth/fill.ts'
import { fillPostgres } from './growth/fill-postgres.ts'
import { fillSqlite } from './growth/fill-sqlite.ts'
import { populate } from './growth/population.ts'
import { count, table } from './markdown.ts'
import type { FilePlan } from './transfer/rows.ts'
import { type JobResult, runJob, runUpload } from './transfer/run-job.ts'

const IMPORTS = ['dry run', 'import', 'import again', 'import to update'] as const
const EXPORTS = ['export csv', 'export ndjson'] as const

/** What it takes to import and to export many accounts, each in a process of its own. */
export async function transfer(effort: Effort): Promise<string> {
  const sqlite = await measureOn(['SQLite'], (server) => tableOn(server, fillSqlite, effort))
  const postgres = await measureOn(['PostgreSQL'], (server) =>
    tableOn(server, fillPostgres, effort),
  )
  return [sqlite, postgres]
    .flatMap(({ measured, missing }) => [...measured, ...missing])
    .join('\n\n')
}

async function tableOn(server: DatabaseServer, fill: Fill, effort: Effort): Promise<string> {
  const rows = [
    ...(await importedAndExported(server, effort.transferred)),
    await uploaded(server, effort.transferred),
    ...(await exportedFromMany(server, fill, effort.sizes.at(-1) ?? 0)),
  ]
  const head = [
    `transfer on ${server.name}`,
    'accounts',
    'seconds',
    'accounts a second',
    'MB before',
    'MB at most',
  ]
  return table(head, rows)
}

function importedAndExported(server: DatabaseServer, rows: number): Promise<string[][]> {
  return onDatabase(server, async ({ url }) => {
    const plan = { rows, note: 0, broken: 0 }
    const shown: string[][] = []
    for (const job of [...IMPORTS, ...EXPORTS]) {
      const result = await runJob(job, url, plan)
      if (result.accounts !== rows) throw new Error(`${job}: ${result.accounts} accounts`)
      shown.push(figures(job, result))
    }
    return shown
  })
}

/** A kilobyte for each account makes a file of a hundred megabytes of a hundred thousand. */
function uploaded(server: DatabaseServer, rows: number): Promise<string[]> {
  return onDatabase(server, async ({ url }) => {
    const plan: FilePlan = { rows, note: 700, broken: Math.floor(rows / 2) }
    const { report, megabytes, ...result } = await runUpload(url, plan)
    const { created, refused, complete } = report
    if (created !== rows - 1 || refused !== 1 || !complete) throw new Error('an upload went wrong')
    return figures(`import over HTTP, ${count(megabytes)} MB, a row of it broken`, result)
  })
}

async function exportedFromMany(
  server: DatabaseServer,
  fill: Fill,
  size: number,
): Promise<string[][]> {
  const population = await populate(server, fill, size)
  try {
    const shown: string[][] = []
    for (const job of EXPORTS) {
      const result = await runJob(job, population.url, { rows: 0, note: 0, broken: 0 })
      if (result.accounts !== size) throw new Error(`${job}: ${result.accounts} accounts`)
      shown.push(figures(job, result))
    }
    return shown
  } finally {
    await population.drop()
  }
}

function figures(name: string, { accounts, seconds, before, peak }: JobResult): string[] {
  const memory = [before, peak].map(count)
  return [name, count(accounts), seconds.toFixed(1), count(accounts / seconds), ...memory]
}

async function onDatabase<T>(
  server: DatabaseServer,
  work: (database: BenchDatabase) => Promise<T>,
): Promise<T> {
  const database = await server.make()
  try {
    const store = sqlStore({ url: database.url })
    await store.migrate()
    await store.close()
    return await work(database)
  } finally {
    await database.drop()
  }
}

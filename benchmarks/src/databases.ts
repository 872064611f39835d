import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '../../test/servers/engine.ts'
import { findServer } from '../../test/servers/find-server.ts'
import { mariadb } from '../../test/servers/mariadb.ts'
import { postgres } from '../../test/servers/postgres.ts'
import { makeDatabase } from '../../test/servers/test-database.ts'

export type DatabaseName = 'SQLite' | 'PostgreSQL' | 'MariaDB'

/** A database without tables. */
export interface BenchDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** Where databases can be made. */
export interface DatabaseServer {
  readonly name: DatabaseName
  make(): Promise<BenchDatabase>
}

const engines: Readonly<Record<DatabaseName, Engine | null>> = {
  SQLite: null,
  PostgreSQL: postgres,
  MariaDB: mariadb,
}

/** What was measured, and a line for each database that is not there. */
export interface Measured<Result> {
  readonly measured: readonly Result[]
  readonly missing: readonly string[]
}

/** Measures on each of these, one after the other. */
export async function measureOn<Result>(
  names: readonly DatabaseName[],
  measure: (server: DatabaseServer) => Promise<Result>,
): Promise<Measured<Result>> {
  const measured: Result[] = []
  const missing: string[] = []
  for (const name of names) {
    const found = await find(name)
    if (typeof found === 'string') {
      missing.push(found)
      continue
    }
    try {
      measured.push(await measure(found))
    } finally {
      await found.stop()
    }
  }
  return { measured, missing }
}

interface FoundDatabaseServer extends DatabaseServer {
  stop(): Promise<void>
}

/** Where databases of that name can be made, or what to do so that they can. */
async function find(name: DatabaseName): Promise<FoundDatabaseServer | string> {
  const engine = engines[name]
  if (engine === null) return { name, make: makeFile, stop: async () => {} }
  const server = await findServer(engine)
  const { variable, packageName } = engine
  if (server === undefined) return `No ${name} found: set ${variable} or install ${packageName}.`
  return {
    name,
    make: () => makeDatabase(engine, server.url),
    stop: async () => server.stop?.(),
  }
}

async function makeFile(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-benchmark-'))
  return {
    url: `sqlite:${join(folder, 'benchmark.db')}`,
    drop: () => rm(folder, { recursive: true }),
  }
}

/** The path in the URL of an SQLite database. */
export function sqliteFile(url: string): string {
  return url.slice('sqlite:'.length)
}

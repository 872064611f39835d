import { randomBytes } from 'node:crypto'
import type { Engine } from './engine.ts'

/** A database that holds nothing when it is made. */
export interface TestDatabase {
  readonly url: string
  /** Drops it even while clients are connected. */
  drop(): Promise<void>
}

const PREFIX = 'latchkey_test_'
const NAME = /^latchkey_test_([0-9a-z]+)_[0-9a-f]+$/
const STALE_AFTER_MS = 3_600_000

/** Makes a database on the server. Its name tells when, so that a later run can clear it away. */
export async function makeDatabase(
  engine: Engine,
  server: string,
  now = Date.now(),
): Promise<TestDatabase> {
  const name = `${PREFIX}${now.toString(36)}_${randomBytes(6).toString('hex')}`
  await engine.createDatabase(server, name)
  const url = new URL(server)
  url.pathname = name
  return { url: url.href, drop: () => engine.dropDatabase(server, name) }
}

/** Drops the databases that runs of over an hour ago left behind. */
export async function dropStaleDatabases(engine: Engine, server: string): Promise<void> {
  const names = await engine.listDatabases(server)
  for (const name of names.filter(isStale)) await engine.dropDatabase(server, name)
}

function isStale(name: string): boolean {
  const made = NAME.exec(name)?.[1]
  return made !== undefined && Number.parseInt(made, 36) < Date.now() - STALE_AFTER_MS
}

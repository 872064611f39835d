import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import type { Engine } from '../servers/engine.ts'
import type { OwnServer, OwnServerOptions } from '../servers/own-server.ts'
import { makeDatabase } from '../servers/test-database.ts'

/** A database with the tables of the store, on a server that nobody else uses. */
export interface OwnDatabase {
  readonly url: string
  readonly server: OwnServer
  readonly store: SqlStore
  stop(): Promise<void>
}

/** Starts a server with such a database. */
export async function startOwnDatabase(
  engine: Engine,
  options: OwnServerOptions,
): Promise<OwnDatabase> {
  const database = await tryOwnDatabase(engine, options)
  if (database === undefined) throw new Error(`${engine.name} cannot be started here`)
  return database
}

/** The same; `undefined` where it cannot be had as the options ask. */
export async function tryOwnDatabase(
  engine: Engine,
  options: OwnServerOptions,
): Promise<OwnDatabase | undefined> {
  const server = await engine.start(options)
  if (server === undefined) return undefined
  const { url } = await makeDatabase(engine, server.url)
  const store = sqlStore({ url })
  await store.migrate()
  return {
    url,
    server,
    store,
    async stop() {
      await store.close()
      await server.stop()
    },
  }
}

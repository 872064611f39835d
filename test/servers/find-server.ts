import type { Engine } from './engine.ts'
import { makeDatabase } from './test-database.ts'

/** A server on which this run may create databases. */
export interface FoundServer {
  readonly url: string
  /** Ends it if it was started for this run. */
  stop?(): Promise<void>
}

/** Says in the place of a URL that no server is wanted. */
const NONE = 'none'

/** The server that the environment names, or one that listens on this machine, or one that is started now. */
export async function findServer(
  engine: Engine,
  wanted = process.env[engine.variable],
): Promise<FoundServer | undefined> {
  if (wanted === NONE) return undefined
  if (wanted) return named(engine, wanted)
  return (await listening(engine)) ?? engine.start()
}

async function named(engine: Engine, url: string): Promise<FoundServer> {
  await tryOut(engine, url).catch((cause: unknown) => {
    throw new Error(`${engine.variable} names a server that cannot be used`, { cause })
  })
  return { url }
}

async function listening(engine: Engine): Promise<FoundServer | undefined> {
  for (const url of engine.localUrls) {
    const usable = await tryOut(engine, url).then(
      () => true,
      () => false,
    )
    if (usable) return { url }
  }
  return undefined
}

/** Rejects unless the server is there and lets its user create databases. */
async function tryOut(engine: Engine, url: string): Promise<void> {
  const database = await makeDatabase(engine, url)
  await database.drop()
}

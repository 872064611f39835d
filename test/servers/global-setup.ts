import type { TestProject, Vitest } from 'vitest/node'
import type { Engine } from './engine.ts'
import { findServer } from './find-server.ts'
import { mariadb } from './mariadb.ts'
import { postgres } from './postgres.ts'
import { dropStaleDatabases } from './test-database.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** `null`: there is no server. */
    postgresUrl: string | null
    mariadbUrl: string | null
  }
}

/** Finds or starts the servers of this run. */
export default async function setup({ vitest }: TestProject) {
  const run = vitest.getRootProject()
  // Every project that wants servers comes here. The first finds them for all.
  if ('postgresUrl' in run.getProvidedContext()) return undefined
  const servers = await Promise.all([ready(postgres, vitest), ready(mariadb, vitest)])
  run.provide('postgresUrl', servers[0].url)
  run.provide('mariadbUrl', servers[1].url)
  return async () => {
    await Promise.all(servers.map(({ end }) => end()))
  }
}

interface ReadyServer {
  readonly url: string | null
  end(): Promise<void>
}

async function ready(engine: Engine, vitest: Vitest): Promise<ReadyServer> {
  const server = await findServer(engine)
  if (server !== undefined) await dropStaleDatabases(engine, server.url)
  return {
    url: server?.url ?? null,
    async end() {
      await server?.stop?.()
      const skipped = countSkipped(vitest, engine.name)
      const missing = whatIsMissing(engine, server !== undefined)
      if (missing !== null && skipped > 0) {
        vitest.logger.log(`${engine.name}: ${missing} Suites skipped: ${skipped}.`)
      }
    },
  }
}

function whatIsMissing({ variable, packageName, isInstalled }: Engine, isFound: boolean) {
  if (!isFound) return `none found. Set ${variable} or install ${packageName}.`
  if (!isInstalled()) return `none that a test may kill. Install ${packageName}.`
  return null
}

/** How many suites were skipped that have the name in their title. */
function countSkipped(vitest: Vitest, name: string): number {
  return vitest.state
    .getTestModules()
    .flatMap((module) => [...module.children.allSuites()])
    .filter((suite) => suite.state() === 'skipped' && suite.name.includes(name)).length
}

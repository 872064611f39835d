import { inject, type ProvidedContext } from 'vitest'
import { mariadb } from './mariadb.ts'
import { postgres } from './postgres.ts'
import { makeDatabase, type TestDatabase } from './test-database.ts'

// A suite that needs one of these servers has its name in the title, and is skipped where there is no URL.

/** The URL of this run's PostgreSQL, `undefined` when there is none. */
export const postgresUrl = provided('postgresUrl')

/** The URL of this run's MariaDB or MySQL, `undefined` when there is none. */
export const mariadbUrl = provided('mariadbUrl')

/** Makes a new database on this run's PostgreSQL. */
export function postgresDatabase(): Promise<TestDatabase> {
  if (postgresUrl === undefined) throw new Error('there is no PostgreSQL')
  return makeDatabase(postgres, postgresUrl)
}

/** Makes a new database on this run's MariaDB. */
export function mariadbDatabase(): Promise<TestDatabase> {
  if (mariadbUrl === undefined) throw new Error('there is no MariaDB')
  return makeDatabase(mariadb, mariadbUrl)
}

function provided(key: keyof ProvidedContext): string | undefined {
  const url = inject(key)
  // Without this check all suites of a project would be skipped for want of a line in its settings.
  if (url === undefined) throw new Error('name this project in `withServers` of vitest.config.ts')
  return url ?? undefined
}

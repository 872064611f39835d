import { join } from 'node:path'
import pg from 'pg'
import type { Engine } from './engine.ts'
import {
  type OwnServer,
  type OwnServerOptions,
  type Recipe,
  type Settings,
  startOwn,
} from './own-server.ts'
import { findProgram, programDirs } from './programs.ts'

const USERS = new Set(['postgres', 'root', process.env.USER ?? 'postgres'])

export const postgres: Engine = {
  name: 'PostgreSQL',
  variable: 'TEST_POSTGRES_URL',
  packageName: 'postgresql',
  localUrls: [...USERS].map((user) => `postgres://${user}@127.0.0.1:5432/postgres`),
  listDatabases: (url) =>
    connected(url, async (client) => {
      const { rows } = await client.query<{ datname: string }>('select datname from pg_database')
      return rows.map(({ datname }) => datname)
    }),
  createDatabase: (url, name) =>
    connected(url, async (client) => {
      // template1 may hold what its owner wants in every database.
      await client.query(`create database ${name} template template0`)
    }),
  dropDatabase: (url, name) => connected(url, (client) => drop(client, name)),
  isInstalled: (dirs) => programs(dirs) !== undefined,
  start: startPostgres,
}

/** Starts a PostgreSQL; `undefined` where it is not installed or cannot be had as the options ask. */
export async function startPostgres(
  options: OwnServerOptions = {},
): Promise<OwnServer | undefined> {
  const found = programs(options.programDirs)
  return found && startOwn(recipe(found, options), options.diskMegabytes)
}

async function connected<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end()
  }
}

const VERSION_WITH_FORCE = 130_000

async function drop(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  const force = (rows[0]?.version ?? 0) >= VERSION_WITH_FORCE
  if (!force) {
    const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1'
    await client.query(others, [name])
  }
  await client.query(`drop database if exists ${name}${force ? ' with (force)' : ''}`)
}

interface Programs {
  readonly initdb: string
  readonly postgres: string
}

function programs(dirs = programDirs()): Programs | undefined {
  const initdb = findProgram('initdb', dirs)
  const server = findProgram('postgres', dirs)
  return initdb && server ? { initdb, postgres: server } : undefined
}

function recipe(found: Programs, options: OwnServerOptions): Recipe {
  return {
    name: 'postgres',
    install: (path) => ({
      file: found.initdb,
      args: ['-D', join(path, 'data'), ...INITDB, ...(options.diskMegabytes ? INITDB_SMALL : [])],
    }),
    serve: (path, port) => ({
      file: found.postgres,
      args: ['-D', join(path, 'data'), '-p', String(port), ...settings(options)],
    }),
    ready: /ready to accept connections/,
    stopSignal: 'SIGINT', // which does not wait for the clients to go
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
  }
}

const INITDB = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']
const INITDB_SMALL = ['--wal-segsize=1']

const ALWAYS: Settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '' }
const FAST: Settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
// A log that fills the disk makes the server panic; what is wanted is a disk full of data.
const SMALL: Settings = { min_wal_size: '2MB', max_wal_size: '4MB' }

function settings({ durable, diskMegabytes, settings: further }: OwnServerOptions): string[] {
  const all = { ...ALWAYS, ...(durable ? {} : FAST), ...(diskMegabytes ? SMALL : {}), ...further }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

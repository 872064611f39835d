import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import type { Engine, Row } from './engine.ts'
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
  query,
  async listDatabases(url) {
    const rows = await query(url, 'select datname as name from pg_database')
    return rows.map(({ name }) => String(name))
  },
  async createDatabase(url, name) {
    // template1 may hold what its owner wants in every database.
    await query(url, `create database ${name} template template0`)
  },
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

function query(url: string, statement: string): Promise<Row[]> {
  return connected(url, async (client) => (await client.query<Row>(statement)).rows)
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
  await untilLeft(client, name)
  const force = (await versionOf(client)) >= VERSION_WITH_FORCE
  if (!force) {
    const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1'
    await client.query(others, [name])
  }
  await client.query(`drop database if exists ${name}${force ? ' with (force)' : ''}`)
}

// A pool that has ended may not have told the server yet. Cut off then, its connections would fail once more.
const LEAVING_MS = 1000

async function untilLeft(client: pg.Client, name: string): Promise<void> {
  const began = performance.now()
  const others = 'select 1 from pg_stat_activity where datname = $1'
  while ((await client.query(others, [name])).rowCount !== 0) {
    if (performance.now() - began > LEAVING_MS) return
    await setTimeout(10)
  }
}

async function versionOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
  return Number(rows[0]?.server_version_num)
}

interface Programs {
  readonly initdb: string
  readonly postgres: string
}

function programs(dirs: readonly string[] = programDirs()): Programs | undefined {
  const initdb = findProgram('initdb', dirs)
  const server = findProgram('postgres', dirs)
  return initdb && server ? { initdb, postgres: server } : undefined
}

function recipe(found: Programs, options: OwnServerOptions): Recipe {
  return {
    name: 'postgres',
    install: ({ path, data }) => ({
      file: found.initdb,
      // A log that finds no space ends the server. What is wanted is a server without space for data.
      args: ['-D', data, ...INITDB, ...(options.diskMegabytes ? ['-X', join(path, 'log')] : [])],
    }),
    serve: ({ data }, port) => ({
      file: found.postgres,
      args: ['-D', data, '-p', String(port), ...settings(options)],
    }),
    ready: /ready to accept connections/,
    stopSignal: 'SIGINT', // which does not wait for the clients to go
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
  }
}

const INITDB = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']

const ALWAYS: Settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '' }
const FAST: Settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

function settings({ durable, settings: further }: OwnServerOptions): string[] {
  const all = { ...ALWAYS, ...(durable ? {} : FAST), ...further }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

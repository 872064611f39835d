import { join } from 'node:path'
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Engine, Row } from './engine.ts'
import {
  type OwnServer,
  type OwnServerOptions,
  type Recipe,
  type Settings,
  startOwn,
} from './own-server.ts'
import { findProgram, programDirs } from './programs.ts'
import type { ServerDirectory } from './server-directory.ts'

/** MariaDB, or a MySQL that was found. */
export const mariadb: Engine = {
  name: 'MariaDB',
  variable: 'TEST_MARIADB_URL',
  packageName: 'mariadb-server',
  localUrls: ['mysql://root@127.0.0.1:3306/mysql'],
  query,
  async listDatabases(url) {
    const rows = await query(url, 'select schema_name as name from information_schema.schemata')
    return rows.map(({ name }) => String(name))
  },
  async createDatabase(url, name) {
    await query(url, `create database ${name}`)
  },
  dropDatabase: (url, name) => connected(url, (connection) => drop(connection, name)),
  isInstalled: (dirs) => programs(dirs) !== undefined,
  start: startMariadb,
}

/** Starts a MariaDB; `undefined` where it is not installed or cannot be had as the options ask. */
export async function startMariadb(options: OwnServerOptions = {}): Promise<OwnServer | undefined> {
  const found = programs(options.programDirs)
  return found && startOwn(recipe(found, options), options.diskMegabytes)
}

function query(url: string, statement: string): Promise<Row[]> {
  return connected(url, async (connection) => {
    const [rows] = await connection.query(statement)
    // A statement that answers no rows answers a header instead.
    return Array.isArray(rows) ? (rows as Row[]) : []
  })
}

async function connected<T>(url: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await createConnection({ uri: url, connectTimeout: 5000 })
  try {
    return await use(connection)
  } finally {
    await connection.end()
  }
}

async function drop(connection: Connection, name: string): Promise<void> {
  // The drop waits for transactions that are open in the database, for a day if need be.
  const [clients] = await connection.query<RowDataPacket[]>(
    'select id from information_schema.processlist where db = ?',
    [name],
  )
  for (const { id } of clients) await killClient(connection, id)
  await connection.query(`drop database if exists ${name}`)
}

const GONE = 'ER_NO_SUCH_THREAD'

async function killClient(connection: Connection, id: number): Promise<void> {
  await connection.query('kill ?', [id]).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== GONE) throw error
  })
}

interface Programs {
  readonly installDb: string
  readonly mariadbd: string
}

function programs(dirs: readonly string[] = programDirs()): Programs | undefined {
  const installDb = findProgram('mariadb-install-db', dirs)
  const mariadbd = findProgram('mariadbd', dirs)
  return installDb && mariadbd ? { installDb, mariadbd } : undefined
}

function recipe(found: Programs, options: OwnServerOptions): Recipe {
  return {
    name: 'mariadb',
    install: (directory) => ({
      file: found.installDb,
      args: [...INSTALL_FIRST, ...places(directory), ...settings(options)],
    }),
    serve: (directory, port) => ({
      file: found.mariadbd,
      args: ['--no-defaults', `--port=${port}`, ...places(directory), ...settings(options)],
    }),
    ready: /ready for connections/,
    stopSignal: 'SIGTERM',
    url: (port) => `mysql://root@127.0.0.1:${port}/mysql`,
  }
}

const INSTALL_FIRST = [
  '--no-defaults',
  '--auth-root-authentication-method=normal',
  '--skip-test-db',
]

function places({ path, data }: ServerDirectory): string[] {
  return [
    `--datadir=${data}`,
    `--tmpdir=${path}`,
    `--socket=${join(path, 'socket')}`,
    `--pid-file=${join(path, 'pid')}`,
  ]
}

const ALWAYS: Settings = {
  bind_address: '127.0.0.1',
  innodb_buffer_pool_size: '64M',
  performance_schema: 'OFF',
}
const DURABLE: Settings = { innodb_flush_log_at_trx_commit: 1 }
const FAST: Settings = { innodb_flush_log_at_trx_commit: 0 }
const SMALL: Settings = {
  innodb_log_file_size: '4M',
  innodb_data_file_path: 'ibdata1:10M:autoextend',
  innodb_autoextend_increment: 1,
  innodb_temp_data_file_path: 'ibtmp1:2M:autoextend',
}

function settings({ durable, diskMegabytes, settings: further }: OwnServerOptions): string[] {
  const speed = durable ? DURABLE : FAST
  const all = { ...ALWAYS, ...speed, ...(diskMegabytes ? SMALL : {}), ...further }
  return Object.entries(all).map(([name, value]) => `--${name}=${value}`)
}

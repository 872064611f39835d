import type { SqlStoreOptions } from '@latchkey/sql-store'
import mysql from 'mysql2/promise'
import pg from 'pg'
import {
  type DatabaseKind,
  kinds,
  type Migrated,
} from '../../packages/sql-store/test/support/databases.ts'
import type { Engine } from '../servers/engine.ts'
import { mariadb } from '../servers/mariadb.ts'
import { postgres } from '../servers/postgres.ts'

/** A kind of database server, and how the tests get in its way. */
export interface ServerKind {
  readonly name: string
  /** Databases on the server of this run. */
  readonly databases: DatabaseKind
  /** Servers of our own. */
  readonly engine: Engine
  /** Asks for the `id` of every other client of the database. */
  readonly clients: string
  /** Asks for the `id` of every client that waits for a lock. */
  readonly waiting: string
  /** Ends the connection of a client. */
  end(id: number): string
  sleep(seconds: number): string
  /** Opens a connection of the application's own. */
  connect(url: string): Promise<AppConnection>
  /** Opens a pool of the application's own, of one connection. */
  poolOfOne(url: string): AppPool
}

interface AppConnection {
  query(statement: string): Promise<unknown>
  close(): Promise<void>
}

/** A pool that the application has made. */
interface AppPool {
  readonly options: SqlStoreOptions
  /** Takes the only connection out of the pool. */
  take(): Promise<{ query(statement: string): Promise<unknown>; release(): void }>
  end(): Promise<void>
}

const PostgreSQL: Omit<ServerKind, 'name' | 'databases'> = {
  engine: postgres,
  clients:
    'select pid as id from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  waiting: `select pid as id from pg_stat_activity where wait_event_type = 'Lock'`,
  end: (id) => `select pg_terminate_backend(${id})`,
  sleep: (seconds) => `select pg_sleep(${seconds})`,
  async connect(url) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    return { query: (statement) => client.query(statement), close: () => client.end() }
  },
  poolOfOne(url) {
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    return {
      options: { postgres: pool },
      take: () => pool.connect(),
      end: () => pool.end(),
    }
  },
}

const MariaDB: Omit<ServerKind, 'name' | 'databases'> = {
  engine: mariadb,
  clients:
    'select id from information_schema.processlist where db = database() and id <> connection_id()',
  // The table of the locks is made anew only for those who leave it alone for a while.
  waiting: `select id from information_schema.processlist where db = database() and id <> connection_id() and command in ('Query', 'Execute')`,
  end: (id) => `kill ${id}`,
  sleep: (seconds) => `select sleep(${seconds})`,
  async connect(url) {
    const connection = await mysql.createConnection(url)
    return { query: (statement) => connection.query(statement), close: () => connection.end() }
  },
  poolOfOne(url) {
    const pool = mysql.createPool({ uri: url, connectionLimit: 1 })
    return {
      options: { mysql: pool },
      take: () => pool.getConnection(),
      end: () => pool.end(),
    }
  },
}

/** The servers that the SQL store knows. */
export const serverKinds: readonly ServerKind[] = Object.entries({ PostgreSQL, MariaDB }).map(
  ([name, rest]) => ({ ...rest, name, databases: databasesOf(name) }),
)

function databasesOf(name: string): DatabaseKind {
  const found = kinds.find((kind) => kind.name === name)
  if (found === undefined) throw new Error(`the SQL store is not tested on ${name}`)
  return found
}

/** The ids that a statement of {@link ServerKind} asks for. */
export async function idsOf({ query }: Migrated, statement: string): Promise<number[]> {
  return (await query(statement)).map(({ id }) => Number(id))
}

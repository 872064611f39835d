import { createHash } from 'node:crypto'
import type { PostgresPool as KyselyPool, PostgresPoolClient as KyselyPoolClient } from 'kysely'
import { SqlStoreError } from '../sql-store-error.ts'
import { withDeadline } from './deadline.ts'
import { NO_ANSWER, NO_FREE_CONNECTION, TIMEOUT_MS, timeLeft } from './limits.ts'
import { isJson } from './values.ts'

/** What the store needs of a pool: a `Pool` of `pg` has it. */
export interface PostgresPool {
  /** Lends a connection. */
  connect(): Promise<PostgresClient>
  /** Closes all connections. */
  end(): Promise<void>
  /** Listens for connections that break while nobody uses them. */
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** A connection of the pool. */
export interface PostgresClient {
  /** Runs a statement; with a name, a prepared one. */
  query(query: PostgresQuery): Promise<PostgresResult>
  /** Gives the connection back, or, with `true`, closes it. */
  release(destroy?: boolean): void
  /** Listens for the connection to break. */
  on(event: 'error', listener: () => void): unknown
  /** Listens no more. */
  off(event: 'error', listener: () => void): unknown
}

/** A statement, as `pg` takes it. */
export interface PostgresQuery {
  readonly text: string
  readonly values: unknown[]
  readonly name?: string
  readonly types: { getTypeParser(type: number, format?: string): (text: string) => unknown }
}

/** What `pg` answers. */
export interface PostgresResult {
  /** The first word of the statement. */
  readonly command: string
  /** How many rows were changed or answered. */
  readonly rowCount: number | null
  /** The rows that were answered. */
  readonly rows: unknown[]
}

/** Whether there are limits: not for migrations. */
export interface PostgresLimits {
  readonly timeouts: boolean
  /** The statements that are prepared on each connection, by their text. */
  readonly prepared: ReadonlyMap<string, string>
}

/** Gives Kysely's dialect what it needs: prepared statements, values in our types, deadlines, no broken connection. */
export function guardedPool(pool: PostgresPool, limits: PostgresLimits): KyselyPool {
  return {
    async connect() {
      const began = performance.now()
      const lent = pool.connect()
      const late = (client: PostgresClient) => client.release()
      const client = limits.timeouts
        ? await withDeadline(lent, TIMEOUT_MS, NO_FREE_CONNECTION, late)
        : await lent
      return guardedClient(client, limits, began)
    },
    end: async () => {},
    // For connections of Kysely's own, which nothing here asks for.
    options: {},
  }
}

function guardedClient(
  client: PostgresClient,
  { timeouts, prepared }: PostgresLimits,
  began: number,
) {
  let broken = false
  // The statement rejects as well. Unheard, the event would end the process.
  const onBreak = () => {
    broken = true
  }
  client.on('error', onBreak)
  const guarded = {
    async query(text: string, values: readonly unknown[]) {
      const name = prepared.get(text)
      const query = { text, values: values.map(toPostgres), types, ...(name && { name }) }
      try {
        const result = client.query(query)
        return await (timeouts ? withDeadline(result, timeLeft(began), NO_ANSWER) : result)
      } catch (error) {
        broken ||= leavesItBroken(error)
        throw error
      }
    },
    release() {
      client.release(broken)
      client.off('error', onBreak)
    },
  }
  // Of the overloads of `query`, the store uses no cursors.
  return guarded as unknown as KyselyPoolClient
}

/** The name of a prepared statement: stores of different prefixes may share a connection. */
export function preparedName(sql: string): string {
  return `latchkey_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`
}

/** A connection that no server speaks on (08, 57P, or an error of the network, such as EPIPE), or that no longer knows its prepared statements (26000, 42P05, 0A000). */
function leavesItBroken(error: unknown): boolean {
  const { code } = Object(error) as { code?: unknown }
  if (error instanceof SqlStoreError || typeof code !== 'string' || code.length !== 5) return true
  return /^(?:08|57P|E|26000|42P05|0A000)/.test(code)
}

function toPostgres(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  return isJson(value) ? JSON.stringify(value) : value
}

/** The application may have changed how `pg` reads values; here it reads them in one way. */
const types: PostgresQuery['types'] = {
  getTypeParser: (type) => PARSERS[type] ?? String,
}

const TYPE = {
  bool: 16,
  int8: 20,
  int2: 21,
  int4: 23,
  json: 114,
  float8: 701,
  numeric: 1700,
  jsonb: 3802,
}

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [TYPE.bool]: (text) => text === 't',
  [TYPE.int2]: Number,
  [TYPE.int4]: Number,
  [TYPE.int8]: Number,
  [TYPE.float8]: Number,
  [TYPE.numeric]: Number,
  [TYPE.json]: (text) => JSON.parse(text),
  [TYPE.jsonb]: (text) => JSON.parse(text),
}

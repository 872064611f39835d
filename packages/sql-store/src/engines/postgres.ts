import { type Kysely, PostgresDialect, sql } from 'kysely'
import { SqlStoreError, type SqlStoreErrorCode } from '../sql-store-error.ts'
import { loadDriver } from './driver.ts'
import type { Engine } from './engine.ts'
import { CLOSED, NO_FREE_CONNECTION, TIMEOUT_MS } from './limits.ts'
import { guardedPool, type PostgresPool, preparedName } from './postgres-pool.ts'

/** What of the module `pg` is used. */
interface Pg {
  readonly Pool: new (options: object) => PostgresPool
}

/** PostgreSQL. */
export interface PostgresSettings {
  /** A URL, or a pool of the application. */
  readonly from: string | PostgresPool
  readonly maxConnections: number
  readonly prepare: boolean
}

/** PostgreSQL: a URL, or a pool of the application. */
export function postgresEngine({ from, maxConnections, prepare }: PostgresSettings): Engine {
  const open = typeof from === 'string' ? poolOpener(from) : null
  const pool = open?.(limited(maxConnections)) ?? listenTo(from as PostgresPool)
  const prepared = new Map<string, string>()
  const dialect = new PostgresDialect({ pool: guardedPool(pool, { timeouts: true, prepared }) })
  let closing: Promise<void> | null = null
  return {
    name: 'postgres',
    dialect,
    clock: sql<Date>`clock_timestamp()`,
    returning: true,
    decode: { date: toDate, flag: Boolean, json: (value) => value },
    takenColumn,
    mayRunAgain: (error) => ['40001', '40P01'].includes(codeOf(error)) || isSameLink(error),
    explain,
    keep(text) {
      if (prepare) prepared.set(text, preparedName(text))
    },
    check: requireExactness,
    async withoutLimits(work) {
      const patient = open?.({ max: 1 })
      const unlimited = { timeouts: false, prepared: new Map() }
      try {
        return await work(new PostgresDialect({ pool: guardedPool(patient ?? pool, unlimited) }))
      } finally {
        await patient?.end()
      }
    },
    async close() {
      if (open !== null) closing ??= pool.end()
      await closing
    },
  }
}

/** Text that the database cannot hold, and dates that can be misread, are refused before anything is written. */
async function requireExactness(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ encoding: string; time: unknown }>`
    select current_setting('server_encoding') as encoding, clock_timestamp() as time`.execute(db)
  if (rows[0]?.encoding !== 'UTF8') throw new SqlStoreError('unsafe_settings', NOT_UTF8)
  toDate(rows[0].time)
}

const NOT_UTF8 =
  'the PostgreSQL database cannot hold all of Unicode: create one with the encoding UTF8'

const NOT_ISO =
  'the connections write dates as only people read them: set DateStyle to ISO, for the role or for the pool'

const listened = new WeakSet<PostgresPool>()

/** A connection that breaks while nobody uses it leaves the pool by itself; unheard, the event would end the process. */
function listenTo(pool: PostgresPool): PostgresPool {
  if (!listened.has(pool)) pool.on('error', () => {})
  // Many stores may share a pool.
  listened.add(pool)
  return pool
}

function poolOpener(url: string): (options: object) => PostgresPool {
  const { Pool } = loadDriver<Pg>('pg', 'PostgreSQL')
  const fixed = { connectionString: url, application_name: 'latchkey', keepAlive: true }
  return (options) => listenTo(new Pool({ ...fixed, ...options }))
}

function limited(maxConnections: number): object {
  return {
    max: maxConnections,
    connectionTimeoutMillis: TIMEOUT_MS,
    statement_timeout: TIMEOUT_MS,
  }
}

/** "2030-01-01 00:00:00.123+00", with the offset of whatever time zone the connection has. */
const TIMESTAMP = /^(\d+-\d\d-\d\d) ([\d:.]+)([+-]\d\d)(?::(\d\d))?(?::(\d\d))?$/

function toDate(value: unknown): Date {
  const [, day, time, hours, minutes = '00', seconds = '0'] = TIMESTAMP.exec(String(value)) ?? []
  if (day === undefined) throw new SqlStoreError('unsafe_settings', NOT_ISO)
  // The end of the year 9999 is later in the east.
  const years = day.length > '9999-12-31'.length ? '+0' : ''
  const date = new Date(`${years}${day}T${time}${hours}:${minutes}`)
  // Some zones had seconds once.
  const sign = hours?.startsWith('-') ? 1 : -1
  return seconds === '0' ? date : new Date(date.getTime() + sign * Number(seconds) * 1000)
}

function codeOf(error: unknown): string {
  return String((Object(error) as { code?: unknown }).code)
}

/** Two that put a token with the same link into the same place at once: it may show in the index of links first. */
function isSameLink(error: unknown): boolean {
  const { constraint } = Object(error) as { constraint?: unknown }
  return codeOf(error) === '23505' && String(constraint).endsWith('one_time_tokens_link')
}

/** The indexes of users are named after what they keep unique; the primary key is `latchkey_users_pkey`. */
function takenColumn(error: unknown): string | null {
  if (codeOf(error) !== '23505') return null
  const { constraint } = Object(error) as { constraint?: unknown }
  const [, name] = /users_([a-z]+)$/.exec(String(constraint)) ?? []
  return name === 'pkey' ? 'id' : (name ?? null)
}

const MEANINGS: Readonly<Record<string, readonly [SqlStoreErrorCode, string]>> = {
  '08P01': [
    'unreachable',
    'the server, or a pooler before it, refused how the connection begins: see cause',
  ],
  '28000': ['access_denied', 'PostgreSQL refused this user: check the user name in the URL'],
  '28P01': ['access_denied', 'PostgreSQL refused the password: check the credentials in the URL'],
  '3D000': ['unknown_database', 'PostgreSQL has no such database: create it, or check the URL'],
  '42501': [
    'access_denied',
    'the PostgreSQL user may not do this: grant it the rights on the tables',
  ],
  '42P01': ['not_migrated', 'a table is missing, though the migrations were run: restore it'],
  '42703': ['not_migrated', 'a column is missing, though the migrations were run: restore it'],
  '25006': ['unsafe_settings', 'this PostgreSQL cannot be written: it is a standby'],
  '3F000': ['not_migrated', 'the schema is missing, though the migrations were run: restore it'],
  '53100': ['full', 'the disk of PostgreSQL is full'],
  '53300': ['overloaded', 'PostgreSQL has no connection left: make the pools smaller'],
  '57014': ['timeout', `PostgreSQL cancelled a statement, which may take ${TIMEOUT_MS / 1000} s`],
  '55P03': ['timeout', 'a row stayed locked for too long'],
}

const NETWORK = /^(?:E[A-Z_]+|08\w{3}|57P0\d)$/

/** What `pg` says of its own limit, which ends at the same time as ours. */
const POOL_IS_EMPTY = /timeout exceeded when trying to connect/

function explain(error: unknown): SqlStoreError {
  if (error instanceof SqlStoreError) return error
  const code = codeOf(error)
  const known = MEANINGS[code]
  if (known !== undefined) return new SqlStoreError(known[0], known[1], error)
  if (POOL_IS_EMPTY.test(String(error))) {
    return new SqlStoreError(NO_FREE_CONNECTION.code, NO_FREE_CONNECTION.message, error)
  }
  if (/after calling end on the pool/.test(String(error))) {
    return new SqlStoreError(CLOSED.code, CLOSED.message, error)
  }
  if (NETWORK.test(code) || /[Cc]onnection|timeout/.test(String(error))) {
    return new SqlStoreError(
      'unreachable',
      'PostgreSQL does not answer: check that it runs, and host and port in the URL',
      error,
    )
  }
  return new SqlStoreError('failed', `PostgreSQL refused a statement (${code})`, error)
}

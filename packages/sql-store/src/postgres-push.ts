import { ConfigurationError, type RevocationPush } from '@latchkey/core'
import { loadDriver } from './engines/driver.ts'

/** What is used of a `Pool` of `pg`. */
export interface ListeningPool {
  /** Lends a connection. */
  connect(): Promise<ListeningClient>
  /** Runs a statement on any connection. */
  query(text: string, values: unknown[]): Promise<unknown>
  /** Closes all connections. */
  end(): Promise<void>
  /** Listens for connections that break while nobody uses them. */
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** The connection that listens. */
export interface ListeningClient {
  query(text: string): Promise<unknown>
  on(event: 'notification' | 'end', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  /** Gives the connection back, or, with `true`, closes it. */
  release(destroy?: boolean): void
  unref?(): void
}

/** Which PostgreSQL, and on which channel. */
export interface PostgresPushOptions {
  /** A `Pool` of `pg`, one connection of which is kept. Not behind a pooler in transaction mode, which cannot listen. */
  readonly postgres?: ListeningPool
  /** In place of `postgres`: `postgres://user:password@host:5432/database`. It makes two connections. */
  readonly url?: string
  /** One for each application in the database: lower-case letters, digits and `_`. @default 'latchkey' */
  readonly channel?: string
}

const RETRY_MS = 1000
const NAME = /^[a-z_][a-z0-9_]{0,62}$/

/**
 * Tells all nodes by LISTEN and NOTIFY of PostgreSQL that something was revoked: `revocation: { push: postgresPush({
 * postgres: pool }) }`. Throws `ConfigurationError`.
 */
export function postgresPush(options: PostgresPushOptions): RevocationPush {
  const { channel = 'latchkey' } = options
  if (!NAME.test(channel)) {
    const remedy = 'must be lower-case letters, digits and "_", such as "latchkey"'
    throw new ConfigurationError('postgresPush', 'channel', remedy)
  }
  const pool = poolOf(options)
  return {
    announce: () => pool.query('select pg_notify($1, $2)', [channel, '']),
    listen(wake, failed) {
      const listener = new Listener(pool, channel, { wake, failed })
      listener.start()
      return async () => {
        listener.close()
        if (options.url !== undefined) await pool.end()
      }
    },
  }
}

function poolOf({ postgres, url }: PostgresPushOptions): ListeningPool {
  if ((postgres === undefined) === (url === undefined)) {
    throw new ConfigurationError(
      'postgresPush',
      'postgres',
      'is missing: give a Pool of pg, or "url"',
    )
  }
  if (postgres !== undefined) return postgres
  const { Pool } = loadDriver<{ Pool: new (options: object) => ListeningPool }>('pg', 'PostgreSQL')
  const pool = new Pool({ connectionString: url, max: 2, keepAlive: true, allowExitOnIdle: true })
  pool.on('error', () => {})
  return pool
}

interface Ears {
  readonly wake: () => void
  readonly failed: (error: unknown) => void
}

/** One connection that listens, and another one when it breaks. */
class Listener {
  readonly #pool: ListeningPool
  readonly #channel: string
  readonly #ears: Ears
  #client: ListeningClient | null = null
  #timer: NodeJS.Timeout | null = null
  #isClosed = false

  constructor(pool: ListeningPool, channel: string, ears: Ears) {
    this.#pool = pool
    this.#channel = channel
    this.#ears = ears
  }

  start(): void {
    this.#connect().catch((error: unknown) => this.#lose(this.#client, error))
  }

  close(): void {
    this.#isClosed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#client?.release(true)
    this.#client = null
  }

  async #connect(): Promise<void> {
    const client = await this.#pool.connect()
    if (this.#isClosed) return client.release()
    this.#client = client
    client.on('notification', this.#ears.wake)
    client.on('error', (error) => this.#lose(client, error))
    client.on('end', () => this.#lose(client, new Error('the connection that listens has ended')))
    client.unref?.()
    await client.query(`listen "${this.#channel}"`)
    // Who knows what was missed meanwhile.
    this.#ears.wake()
  }

  #lose(client: ListeningClient | null, error: unknown): void {
    if (this.#isClosed || client !== this.#client) return
    this.#client = null
    client?.release(true)
    this.#ears.failed(error)
    this.#timer = setTimeout(() => this.start(), RETRY_MS).unref()
  }
}

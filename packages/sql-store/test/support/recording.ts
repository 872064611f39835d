import type { PostgresPool } from '@latchkey/sql-store'
import type pg from 'pg'

/** A statement as the driver was given it. */
export interface Recorded {
  readonly sql: string
  readonly values: unknown[]
}

/** The pool, telling each statement of the store before it is run. */
export function recordingPool(pool: pg.Pool, record: (statement: Recorded) => void): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect()
      return {
        query(query) {
          record({ sql: query.text, values: query.values })
          return client.query(query)
        },
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event, listener),
        off: (event, listener) => client.off(event, listener),
      }
    },
    end: () => pool.end(),
    on: (event, listener) => pool.on(event, listener),
  }
}

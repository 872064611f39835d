import type { MysqlPool, PostgresPool, SqlStoreOptions } from '@latchkey/sql-store'
import mysql from 'mysql2'
import pg from 'pg'

/** A pool whose server says that its disk is full, when told so: in the words that the driver has for it. */
export interface RefusingPool {
  readonly options: SqlStoreOptions
  refuse(refuses: boolean): void
  end(): Promise<void>
}

const WRITES = /^\s*(?:insert|update|delete)/i

/** What `pg` answers for ENOSPC. */
export function refusingPostgres(url: string): RefusingPool {
  const pool = new pg.Pool({ connectionString: url })
  let isFull = false
  const full = () =>
    Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' })
  const refusing: PostgresPool = {
    async connect() {
      const client = await pool.connect()
      return {
        query: async (query) => {
          if (isFull && WRITES.test(query.text)) throw full()
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
  return {
    options: { postgres: refusing },
    refuse(refuses) {
      isFull = refuses
    },
    end: () => pool.end(),
  }
}

/** What `mysql2` answers for ENOSPC. */
export function refusingMariadb(url: string): RefusingPool {
  const pool = mysql.createPool({ uri: url })
  let isFull = false
  const full = () =>
    Object.assign(new Error('The table is full'), {
      code: 'ER_RECORD_FILE_FULL',
      errno: 1114,
      sqlState: 'HY000',
    })
  const refusing: MysqlPool = {
    getConnection(callback) {
      pool.getConnection((error, connection) => {
        if (error) return callback(error, undefined as never)
        return callback(null, {
          query: (options, done) => connection.query(options, done),
          execute(options, done) {
            if (isFull && WRITES.test(options.sql)) return done(full(), undefined)
            return connection.execute(options, done)
          },
          release: () => connection.release(),
          destroy: () => connection.destroy(),
        })
      })
    },
    end: (callback) => pool.end(callback),
  }
  return {
    options: { mysql: refusing },
    refuse(refuses) {
      isFull = refuses
    },
    end: () => pool.promise().end(),
  }
}

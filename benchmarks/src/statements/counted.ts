import { DatabaseSync } from 'node:sqlite'
import type { Store } from '@latchkey/core'
import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import mysql from 'mysql2'
import pg from 'pg'
import { type DatabaseName, sqliteFile } from '../databases.ts'

/** A store that tells of each statement that the driver is given. */
export interface CountedStore {
  readonly store: SqlStore
  close(): Promise<void>
}

type Told = () => void

/** How each driver is made to tell. */
export const countedStores: Readonly<
  Record<DatabaseName, (url: string, told: Told) => CountedStore>
> = {
  SQLite(url, told) {
    const db = new DatabaseSync(sqliteFile(url))
    const prepare = db.prepare.bind(db)
    db.prepare = (sql) => {
      const statement = prepare(sql)
      for (const run of ['all', 'run', 'iterate'] as const) tellCalls(statement, run, told)
      return statement
    }
    return { store: sqlStore({ sqlite: db }), close: async () => db.close() }
  },
  PostgreSQL(url, told) {
    const pool = new pg.Pool({ connectionString: url })
    pool.on('connect', (client) => tellCalls(client, 'query', told))
    return { store: sqlStore({ postgres: pool }), close: () => pool.end() }
  },
  MariaDB(url, told) {
    const pool = mysql.createPool({ uri: url })
    pool.on('connection', (connection) => {
      for (const run of ['query', 'execute'] as const) tellCalls(connection, run, told)
    })
    return { store: sqlStore({ mysql: pool }), close: () => pool.promise().end() }
  },
}

/** Tells of each call of the method. */
function tellCalls<Name extends string>(
  owner: Record<Name, (...input: never[]) => unknown>,
  name: Name,
  told: Told,
): void {
  const method = owner[name]
  owner[name] = (...input) => {
    told()
    return Reflect.apply(method, owner, input)
  }
}

/** The store, which tells of each verb that is called. */
export function countedVerbs(store: Store, told: Told): Store {
  const group = <Group extends object>(verbs: Group): Group =>
    new Proxy(verbs, {
      get(target, name) {
        const verb: unknown = Reflect.get(target, name)
        if (typeof verb !== 'function') return verb
        return (...input: unknown[]) => {
          told()
          return Reflect.apply(verb, target, input)
        }
      },
    })
  return {
    ...store,
    users: group(store.users),
    sessions: group(store.sessions),
    oneTimeTokens: group(store.oneTimeTokens),
    events: group(store.events),
  }
}

import { randomUUID } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import type { SqlStoreErrorCode, SqlStoreOptions } from '@latchkey/sql-store'
import { sqlStore } from '@latchkey/sql-store'
import mysql from 'mysql2'
import { onTestFinished } from 'vitest'
import { freePort } from '../../../../test/servers/own-server.ts'
import { migrations } from '../../src/migrations/migrations.ts'
import { type Blank, type DatabaseKind, kinds, mariadb, migrated, postgres } from './databases.ts'
import { at, proxyTo } from './proxy.ts'

/** What keeps a store from its records. */
export interface Fault {
  readonly title: string
  readonly kinds: readonly DatabaseKind[]
  readonly code: SqlStoreErrorCode
  /** What to do, as the error says it. */
  readonly remedy: RegExp
  arrange(kind: DatabaseKind): Promise<Faulty>
}

export interface Faulty {
  readonly options: SqlStoreOptions
  /** Does what the error says. */
  mend(): Promise<unknown>
}

const LACKS_ALL = new RegExp(
  `lacks ${Object.keys(migrations).join(', ')}: run "npx latchkey migrate", or call store.migrate\\(\\)`,
)

export const PASSWORD = 's3cret-of-the-database'
const servers = [postgres, mariadb]

/** A database with tables, which goes when the test ends. */
export async function migratedForTest(kind: DatabaseKind): Promise<Blank> {
  const database = await migrated(kind)
  onTestFinished(database.drop)
  return database
}

/** A database without tables, which goes when the test ends. */
export async function blankForTest(kind: DatabaseKind): Promise<Blank> {
  const database = await kind.make()
  onTestFinished(database.drop)
  return database
}

const uniqueName = () => `latchkey_test_${randomUUID().slice(0, 8)}`

function as(user: string, password: string, url: string): string {
  const changed = new URL(url)
  changed.username = user
  changed.password = password
  return changed.href
}

async function migrateAt(url: string): Promise<void> {
  const store = sqlStore({ url })
  await store.migrate()
  await store.close()
}

export const faults: readonly Fault[] = [
  {
    title: 'a server that is not running',
    kinds: servers,
    code: 'unreachable',
    remedy: /check that it runs, and host and port in the URL/,
    async arrange(kind) {
      const { url } = await migratedForTest(kind)
      const port = await freePort()
      return {
        options: { url: at(url, port) },
        async mend() {
          const proxy = await proxyTo(url, port)
          onTestFinished(proxy.close)
        },
      }
    },
  },
  {
    title: 'a password that is wrong',
    kinds: [mariadb],
    code: 'access_denied',
    remedy: /check user and password in the URL/,
    async arrange(kind) {
      const { url, query } = await migratedForTest(kind)
      const user = uniqueName()
      await query(`create user ${user}@'%' identified by 'another'`)
      onTestFinished(async () => {
        await query(`drop user ${user}@'%'`)
      })
      await query(`grant all on \`${new URL(url).pathname.slice(1)}\`.* to ${user}@'%'`)
      return {
        options: { url: as(user, PASSWORD, url) },
        mend: () => query(`alter user ${user}@'%' identified by '${PASSWORD}'`),
      }
    },
  },
  {
    title: 'a password that is wrong',
    kinds: [postgres],
    code: 'access_denied',
    remedy: /check the credentials in the URL/,
    async arrange(kind) {
      const { url } = await migratedForTest(kind)
      // The server of the tests may trust everybody.
      const strict = await refusingPostgres()
      return {
        options: { url: at(url, strict.port) },
        async mend() {
          await strict.close()
          const proxy = await proxyTo(url, strict.port)
          onTestFinished(proxy.close)
        },
      }
    },
  },
  {
    title: 'a user that may not read the tables',
    kinds: [postgres],
    code: 'access_denied',
    remedy: /grant it the rights on the tables/,
    async arrange(kind) {
      const { url, query } = await migratedForTest(kind)
      const user = uniqueName()
      await query(`create role ${user} login password '${PASSWORD}'`)
      onTestFinished(async () => {
        await query(`drop owned by ${user}`)
        await query(`drop role ${user}`)
      })
      return {
        options: { url: as(user, PASSWORD, url) },
        mend: () => query(`grant all on all tables in schema public to ${user}`),
      }
    },
  },
  {
    title: 'a database that does not exist',
    kinds: servers,
    code: 'unknown_database',
    remedy: /create it, or check the URL/,
    async arrange(kind) {
      const { url, query } = await blankForTest(kind)
      const name = uniqueName()
      const missing = new URL(url)
      missing.pathname = name
      onTestFinished(async () => {
        await query(`drop database if exists ${name}`)
      })
      return {
        options: { url: missing.href },
        async mend() {
          await query(`create database ${name}`)
          await migrateAt(missing.href)
        },
      }
    },
  },
  {
    title: 'a database that was never migrated',
    kinds,
    code: 'not_migrated',
    remedy: LACKS_ALL,
    async arrange(kind) {
      const { url } = await blankForTest(kind)
      return { options: { url }, mend: () => migrateAt(url) }
    },
  },
  {
    title: 'a migration that was begun and never ended',
    kinds,
    code: 'not_migrated',
    remedy: LACKS_ALL,
    async arrange(kind) {
      const { url, query } = await migratedForTest(kind)
      await query('drop table latchkey_events')
      await query('delete from latchkey_migrations')
      return { options: { url }, mend: () => migrateAt(url) }
    },
  },
  {
    title: 'connections without strict SQL mode',
    kinds: [mariadb],
    code: 'unsafe_settings',
    remedy: /add STRICT_TRANS_TABLES to sql_mode/,
    async arrange(kind) {
      const { url } = await migratedForTest(kind)
      const pool = mysql.createPool({ uri: url, connectionLimit: 1 })
      onTestFinished(() => pool.promise().end())
      const setMode = (mode: string) => pool.promise().query(`set session sql_mode = '${mode}'`)
      await setMode('NO_ENGINE_SUBSTITUTION')
      return { options: { mysql: pool }, mend: () => setMode('STRICT_TRANS_TABLES') }
    },
  },
  {
    title: 'connections that do not commit by themselves',
    kinds: [mariadb],
    code: 'unsafe_settings',
    remedy: /set autocommit to 1/,
    async arrange(kind) {
      const { url } = await migratedForTest(kind)
      const pool = mysql.createPool({ uri: url, connectionLimit: 1 })
      onTestFinished(() => pool.promise().end())
      const setAutocommit = (on: 0 | 1) => pool.promise().query(`set session autocommit = ${on}`)
      await setAutocommit(0)
      return { options: { mysql: pool }, mend: () => setAutocommit(1) }
    },
  },
]

/** Says of every password that it is wrong, as PostgreSQL does. */
async function refusingPostgres() {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(pgMessage('R', Buffer.from([0, 0, 0, 3])))
      socket.once('data', () => {
        const fields = ['SFATAL', 'C28P01', 'Mpassword authentication failed for user "ada"', '']
        socket.end(pgMessage('E', Buffer.from(`${fields.join('\0')}\0`)))
      })
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** A message of PostgreSQL's protocol: a letter, its length, its content. */
function pgMessage(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(content.length + 4)
  return Buffer.concat([Buffer.from(type), length, content])
}

import { DatabaseSync } from 'node:sqlite'
import { type MysqlPool, type SqlStore, sqlStore } from '@latchkey/sql-store'
import mysql from 'mysql2'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { crowd } from './support/crowd.ts'
import { kinds, type Migrated, migrated, TABLES } from './support/databases.ts'
import { callEveryVerb } from './support/every-verb.ts'
import { type Recorded, recordingPool } from './support/recording.ts'

/** How a kind of database is listened to, and asked for a plan. */
interface Planner {
  /** A store that tells each statement. */
  open(url: string, record: (statement: Recorded) => void): Watched
  /** A time as this database writes it. */
  time(iso: string): string
  readonly analyze: string
}

interface Watched {
  readonly store: SqlStore
  /** What in the plan of the statement reads a table without a condition on an index. */
  scans(statement: Recorded): Promise<string[]>
  end(): unknown
}

/** Reads along an index from its end, as far as the page goes: there is no condition. */
const FIRST_PAGE = 'events.list'

const planners: Readonly<Record<string, Planner>> = {
  SQLite: { open: openSqlite, time: (iso) => `${Date.parse(`${iso}Z`)}`, analyze: 'analyze' },
  PostgreSQL: {
    open: openPostgres,
    time: (iso) => `'${iso}+00'`,
    analyze: `analyze ${TABLES.join(', ')}`,
  },
  MariaDB: {
    open: openMariadb,
    time: (iso) => `'${iso}'`,
    analyze: `analyze table ${TABLES.join(', ')}`,
  },
}

for (const kind of kinds) {
  describe.skipIf(!kind.available)(`every verb on ${kind.name}`, () => {
    it('finds what it wants by an index, in a table with many rows', {
      timeout: 60_000,
    }, async () => {
      const planner = planners[kind.name]
      if (planner === undefined) throw new Error(`no planner for ${kind.name}`)
      const { database, statements, scans } = await recorded(kind.name, planner)
      const found: string[] = []
      for (const { verb, statement } of statements) {
        for (const scan of await scans(statement)) {
          if (verb !== FIRST_PAGE) found.push(`${verb}: ${scan} in ${statement.sql}`)
        }
      }
      expect(statements.length).toBeGreaterThan(35)
      expect(found).toEqual([])
      await database.drop()
    })
  })
}

async function recorded(name: string, planner: Planner) {
  const kind = kinds.find((candidate) => candidate.name === name)
  if (kind === undefined) throw new Error(`no ${name}`)
  const database: Migrated = await migrated(kind)
  await crowd(database, planner.time)
  await database.query(planner.analyze)
  const statements: { verb: string; statement: Recorded }[] = []
  let verb = ''
  const watched = planner.open(database.url, (statement) => {
    if (verb !== '') statements.push({ verb, statement })
  })
  onTestFinished(async () => {
    await watched.end()
  })
  await watched.store.ready()
  await watched.store.users.find('')
  await callEveryVerb(watched.store, (next) => {
    verb = next
  })
  return { database, statements: [...statements], scans: watched.scans }
}

function openSqlite(url: string, record: (statement: Recorded) => void): Watched {
  const db = new DatabaseSync(url.replace('sqlite:', ''), { timeout: 5000 })
  const watched = {
    prepare(sql: string) {
      const statement = db.prepare(sql)
      return {
        columns: () => statement.columns(),
        all(...values: never[]) {
          record({ sql, values })
          return statement.all(...values)
        },
        run(...values: never[]) {
          record({ sql, values })
          return statement.run(...values)
        },
        iterate: (...values: never[]) => statement.iterate(...values),
      }
    },
    exec: (sql: string) => db.exec(sql),
    close: () => db.close(),
  }
  return {
    store: sqlStore({ sqlite: watched }),
    async scans({ sql, values }) {
      const steps = db.prepare(`explain query plan ${sql}`).all(...(values as never[]))
      return (
        steps
          .map(({ detail }) => String(detail))
          // An automatic index is made by reading the whole table.
          .filter((step) => /^SCAN latchkey|^SCAN [stuv]\b|AUTOMATIC/.test(step))
      )
    },
    end: () => db.close(),
  }
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly PlanNode[]
}

function openPostgres(url: string, record: (statement: Recorded) => void): Watched {
  const pool = new pg.Pool({ connectionString: url })
  return {
    store: sqlStore({ postgres: recordingPool(pool, record) }),
    async scans({ sql, values }) {
      const { rows } = await pool.query(`explain (format json) ${sql}`, values)
      return nodes(rows[0]['QUERY PLAN'][0].Plan)
        .filter(reads)
        .map((node) => `${node['Node Type']} of ${node['Relation Name']}`)
    },
    end: () => pool.end(),
  }
}

function nodes(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodes)]
}

function reads(node: PlanNode): boolean {
  if (node['Node Type'] === 'Seq Scan') return node['Relation Name'] !== undefined
  return /^Index (?:Only )?Scan$|^Bitmap Index Scan$/.test(node['Node Type']) && !node['Index Cond']
}

function openMariadb(url: string, record: (statement: Recorded) => void): Watched {
  const pool = mysql.createPool({ uri: url })
  const watched: MysqlPool = {
    getConnection(callback) {
      pool.getConnection((error, connection) => {
        if (error) return callback(error, undefined as never)
        return callback(null, {
          query(options, done) {
            record({ sql: options.sql, values: options.values })
            return connection.query(options, done)
          },
          execute(options, done) {
            record({ sql: options.sql, values: options.values })
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
    store: sqlStore({ mysql: watched }),
    async scans({ sql, values }) {
      // What is inserted is said to be all of the table.
      if (sql.startsWith('insert')) return []
      const [rows] = await pool
        .promise()
        // Settings for the statement go before it.
        .execute<mysql.RowDataPacket[]>(
          `explain ${sql.replace(/^\/\*M!.*?\*\//, '')}`,
          values as string[],
        )
      return rows
        .filter(({ type, table }) => /^(?:ALL|index)$/.test(type) && !/^<|^sets$/.test(table))
        .map(({ type, table }) => `${type} of ${table}`)
    },
    end: () => pool.promise().end(),
  }
}

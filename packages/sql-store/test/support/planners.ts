import { DatabaseSync } from 'node:sqlite'
import { type MysqlPool, type SqlStore, sqlStore } from '@latchkey/sql-store'
import mysql from 'mysql2'
import pg from 'pg'
import { TABLES } from './databases.ts'
import { type Recorded, recordingPool } from './recording.ts'

/** How a kind of database is listened to, and asked for a plan. */
export interface Planner {
  /** A store that tells each statement. */
  open(url: string, record: (statement: Recorded) => void): Watched
  /** A time as this database writes it. */
  time(iso: string): string
  readonly analyze: string
}

interface Watched {
  readonly store: SqlStore
  /** What in the plan of the statement reads a table without a condition on an index. */
  scans(statement: Recorded): Promise<readonly Scan[]>
  end(): unknown
}

export interface Scan {
  /** The plan's own words. */
  readonly told: string
  /** Along an index, whose order is that of the answer: no further than the page goes. Otherwise, all of the table. */
  readonly inOrder: boolean
}

export const planners: Readonly<Record<string, Planner>> = {
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
      const plan = db.prepare(`explain query plan ${sql}`).all(...(values as never[]))
      const steps = plan.map(({ detail }) => String(detail))
      const isSorted = steps.some((step) => /TEMP B-TREE/.test(step))
      return (
        steps
          // An automatic index is made by reading the whole table.
          .filter((step) => /^SCAN latchkey|^SCAN [stuv]\b|AUTOMATIC/.test(step))
          .map((step) => ({ told: step, inOrder: / USING .*INDEX /.test(step) && !isSorted }))
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
      return scansIn(rows[0]['QUERY PLAN'][0].Plan)
    },
    end: () => pool.end(),
  }
}

/** What is right under a limit is read as far as the limit goes. */
function scansIn(node: PlanNode, parent?: PlanNode): Scan[] {
  const below = (node.Plans ?? []).flatMap((child) => scansIn(child, node))
  const { 'Node Type': type, 'Relation Name': table = 'an index' } = node
  const isRead = /Seq Scan$|^Index (?:Only )?Scan$|^Bitmap Index Scan$/.test(type)
  if (!isRead || node['Index Cond'] !== undefined) return below
  return [
    ...below,
    {
      told: `${type} of ${table}`,
      inOrder: /^Index/.test(type) && parent?.['Node Type'] === 'Limit',
    },
  ]
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
      // Settings for the statement go before it.
      const explain = `explain ${sql.replace(/^\/\*M!.*?\*\//, '')}`
      // Statements with values are prepared, and may be planned otherwise.
      const server = pool.promise()
      const [rows] =
        values.length === 0
          ? await server.query<mysql.RowDataPacket[]>(explain)
          : await server.execute<mysql.RowDataPacket[]>(explain, values as string[])
      return rows
        .filter(({ type, table }) => /^(?:ALL|index)$/.test(type) && !/^<|^sets$/.test(table))
        .map(({ type, table, Extra: extra }) => ({
          told: `${type} of ${table}`,
          inOrder: type === 'index' && !/filesort|temporary/.test(extra),
        }))
    },
    end: () => pool.promise().end(),
  }
}

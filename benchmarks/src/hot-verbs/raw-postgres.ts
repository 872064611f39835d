import pg from 'pg'
import { bothOf, type Decode, type Row, sessionValues, userOf } from './rows.ts'
import { statementsIn } from './statements.ts'
import { isDue, type OpenVerbs, sighted } from './verbs.ts'

/** The driver has done it. */
const decode: Decode = { date: (value) => value, json: (value) => value, flag: (value) => value }

/** As many as the store has. */
const CONNECTIONS = 10

/** The hot verbs on `pg` alone, with statements that are prepared by name. */
export function rawPostgres(url: string): OpenVerbs {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS })
  const sql = statementsIn({ larger: 'greatest', smaller: 'least' })
  const insert = prepared(pool, 'insert', sql.insert)
  const find = prepared(pool, 'find', sql.find)
  const rotate = prepared(pool, 'rotate', sql.rotate)
  const countFailedLogin = prepared(pool, 'count', sql.countFailedLogin)
  const read = prepared(pool, 'read', sql.confirmByReading)
  const write = prepared(pool, 'write', sql.confirmByWriting)
  return {
    verbs: {
      async insert(session) {
        await insert(sessionValues(session, iso))
      },
      async find(id) {
        const [row] = (await find([id])).rows
        return row === undefined ? null : bothOf(row, decode)
      },
      async rotate(id, { generation }, next) {
        const { rowCount } = await rotate([
          next.generation,
          next.parentGeneration,
          JSON.stringify(next.recent),
          next.confirmedGeneration,
          next.burntBelow,
          iso(next.lastSeenAt),
          iso(next.idleExpiresAt),
          id,
          generation,
        ])
        return rowCount === 1
      },
      async countFailedLogin({ value }) {
        const [row] = (await countFailedLogin([value])).rows
        return row === undefined ? null : userOf(row, decode)
      },
      async confirm(id, generation, seen) {
        const now = iso(seen.now)
        const mayBeSeen = [now, now, generation]
        const [row] = (await read([id, ...mayBeSeen])).rows
        const found = row === undefined ? null : bothOf(row, decode)
        if (found === null || !isDue(found, generation, seen)) return found
        const due = [generation, iso(seen.touchBefore)]
        await write([...due, iso(seen.idleExpiresAt), ...due, now, generation, id, ...mayBeSeen])
        return sighted(found, generation, seen)
      },
    },
    close: () => pool.end(),
  }
}

function prepared(pool: pg.Pool, name: string, sql: string) {
  let count = 0
  const text = sql.replaceAll('?', () => {
    count += 1
    return `$${count}`
  })
  return (values: unknown[]) => pool.query<Row>({ name, text, values })
}

function iso(date: Date): string {
  return date.toISOString()
}

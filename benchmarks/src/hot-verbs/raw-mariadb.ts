import mysql from 'mysql2/promise'
import { bothOf, type Decode, sessionValues, userOf, userSelection } from './rows.ts'
import { statementsIn } from './statements.ts'
import { isDue, type OpenVerbs, sighted } from './verbs.ts'

/** The driver has made dates. To MariaDB JSON is text. */
const decode: Decode = {
  date: (value) => value,
  json: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  flag: (value) => value === 1,
}

/** As many as the store has. */
const CONNECTIONS = 10

const COUNT =
  'update latchkey_users set failed_logins = last_insert_id(failed_logins + 1) where email = ?'
const FIND_USER = `select ${userSelection} from latchkey_users where email = ?`

type Values = (string | number | Date | null)[]

/** The hot verbs on `mysql2` alone, with prepared statements. */
export function rawMariadb(url: string): OpenVerbs {
  const pool = mysql.createPool({ uri: url, connectionLimit: CONNECTIONS, timezone: 'Z' })
  const sql = statementsIn({ larger: 'greatest', smaller: 'least' })
  const read = async (statement: string, values: Values) =>
    (await pool.execute<mysql.RowDataPacket[]>(statement, values))[0][0]
  const write = async (statement: string, values: Values) =>
    (await pool.execute<mysql.ResultSetHeader>(statement, values))[0]
  return {
    verbs: {
      async insert(session) {
        await write(sql.insert, sessionValues(session, asIs))
      },
      async find(id) {
        const row = await read(sql.find, [id])
        return row === undefined ? null : bothOf(row, decode)
      },
      async rotate(id, { generation }, next) {
        const { affectedRows } = await write(sql.rotate, [
          next.generation,
          next.parentGeneration,
          JSON.stringify(next.recent),
          next.confirmedGeneration,
          next.burntBelow,
          next.lastSeenAt,
          next.idleExpiresAt,
          id,
          generation,
        ])
        return affectedRows === 1
      },
      async countFailedLogin({ value }) {
        const { insertId } = await write(COUNT, [value])
        const row = await read(FIND_USER, [value])
        return row === undefined ? null : { ...userOf(row, decode), failedLogins: insertId }
      },
      async confirm(id, generation, seen) {
        const { now, touchBefore, idleExpiresAt } = seen
        const mayBeSeen = [now, now, generation]
        const row = await read(sql.confirmByReading, [id, ...mayBeSeen])
        const found = row === undefined ? null : bothOf(row, decode)
        if (found === null || !isDue(found, generation, seen)) return found
        const due = [generation, touchBefore]
        const values = [...due, idleExpiresAt, ...due, now, generation, id, ...mayBeSeen]
        await write(sql.confirmByWriting, values)
        return sighted(found, generation, seen)
      },
    },
    close: () => pool.end(),
  }
}

function asIs(date: Date): Date {
  return date
}

import { DatabaseSync } from 'node:sqlite'
import { sqliteFile } from '../databases.ts'
import { bothOf, type Decode, sessionValues, userOf } from './rows.ts'
import { statementsIn } from './statements.ts'
import { isDue, type OpenVerbs, sighted } from './verbs.ts'

const decode: Decode = {
  date: (value) => new Date(Number(value)),
  json: (value) => JSON.parse(String(value)),
  flag: (value) => value === 1,
}

/** The hot verbs on `node:sqlite` alone, with the settings that the store gives a file. */
export function rawSqlite(url: string): OpenVerbs {
  const db = new DatabaseSync(sqliteFile(url))
  db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5')
  const sql = statementsIn({ larger: 'max', smaller: 'min' })
  const insert = db.prepare(sql.insert)
  const find = db.prepare(sql.find)
  const rotate = db.prepare(sql.rotate)
  const countFailedLogin = db.prepare(sql.countFailedLogin)
  const read = db.prepare(sql.confirmByReading)
  const write = db.prepare(sql.confirmByWriting)
  return {
    verbs: {
      async insert(session) {
        insert.run(...sessionValues(session, Number))
      },
      async find(id) {
        const row = find.get(id)
        return row === undefined ? null : bothOf(row, decode)
      },
      async rotate(id, { generation }, next) {
        const { changes } = rotate.run(
          next.generation,
          next.parentGeneration,
          JSON.stringify(next.recent),
          next.confirmedGeneration,
          next.burntBelow,
          +next.lastSeenAt,
          +next.idleExpiresAt,
          id,
          generation,
        )
        return changes === 1
      },
      async countFailedLogin({ value }) {
        const row = countFailedLogin.get(value)
        return row === undefined ? null : userOf(row, decode)
      },
      async confirm(id, generation, seen) {
        const now = +seen.now
        const row = read.get(id, now, now, generation)
        const found = row === undefined ? null : bothOf(row, decode)
        if (found === null || !isDue(found, generation, seen)) return found
        const [touchBefore, limit] = [+seen.touchBefore, +seen.idleExpiresAt]
        const due = [generation, touchBefore] as const
        write.run(...due, limit, ...due, now, generation, id, now, now, generation)
        return sighted(found, generation, seen)
      },
    },
    close: async () => db.close(),
  }
}

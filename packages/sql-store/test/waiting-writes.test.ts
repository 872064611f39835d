import { sqlStore } from '@latchkey/sql-store'
import mysql from 'mysql2/promise'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mariadb, migrated } from './support/databases.ts'
import { aSession, aUser } from './support/records.ts'

const HELD_MS = 1500

describe.skipIf(!mariadb.available)(
  'a row that somebody holds on MariaDB',
  { timeout: 30_000 },
  () => {
    it('is marked as revoked at the time at which it is written, not at which that was asked for', async () => {
      const database = await migrated(mariadb)
      onTestFinished(database.drop)
      const store = sqlStore({ url: database.url })
      onTestFinished(() => store.close())
      const holder = await mysql.createConnection(database.url)
      onTestFinished(() => holder.end())
      const user = aUser()
      const session = aSession(user.id)
      await store.users.insert(user)
      await store.sessions.insert(session)

      await holder.query('begin')
      await holder.query('select * from latchkey_sessions for update')
      const revoked = store.sessions.revoke(session.id, 'logout', new Date())
      await holder.query(`select sleep(${HELD_MS / 1000})`)
      const [[released]] = await holder.query<mysql.RowDataPacket[]>(
        "select timestampdiff(microsecond, '1970-01-01', utc_timestamp(6)) as moment",
      )
      await holder.query('commit')
      expect(await revoked).toBe(true)
      const [row] = await database.query(
        "select timestampdiff(microsecond, '1970-01-01', changed_at) as moment from latchkey_sessions",
      )
      expect(Number(row?.moment)).toBeGreaterThanOrEqual(Number(released?.moment))
    })
  },
)

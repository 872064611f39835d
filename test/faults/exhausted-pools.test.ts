import { SqlStoreError, sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, vi } from 'vitest'
import { migrated } from '../../packages/sql-store/test/support/databases.ts'
import { PASSWORD } from '../support/setup.ts'
import { type App, accountOf, expectUnavailable, openApp, type Session } from './app.ts'
import { serverKinds } from './server-kinds.ts'

vi.setConfig({ testTimeout: 30_000, maxConcurrency: 20 })

/** Requests of every sort, all at once. */
function everyRequest(app: App, { email, accessToken, refreshToken }: Session, round: number) {
  return Promise.all([
    app.get('/me', accessToken),
    app.post('/login', { identifier: email, password: PASSWORD }),
    app.post('/refresh', { refreshToken }),
    app.post('/register', { email: `${round}-${email}`, password: PASSWORD }),
  ])
}

const SUCCESS = [200, 200, 200, 202]

for (const kind of serverKinds) {
  describe.skipIf(!kind.databases.available).concurrent(`${kind.name} with one connection`, () => {
    /** An app on a pool of one connection, which the application has made. */
    async function setUp(onTestFinished: (end: () => Promise<void>) => void) {
      const database = await migrated(kind.databases)
      const pool = kind.poolOfOne(database.url)
      const app = await openApp(sqlStore(pool.options))
      onTestFinished(async () => {
        await app.close()
        await pool.end()
        await database.drop()
      })
      const session = await accountOf(app, 'ada@example.com')
      await app.auth.close()
      return { app, pool, session }
    }

    it('S103 that somebody keeps: every request is answered 503, and works when it is back', async ({
      onTestFinished,
    }) => {
      const { app, pool, session } = await setUp(onTestFinished)
      const taken = await pool.take()
      const refused = await Promise.all([
        everyRequest(app, session, 1),
        everyRequest(app, session, 2),
        everyRequest(app, session, 3),
      ])
      for (const answer of refused.flat()) expectUnavailable(answer)
      expect(new Set(app.errors.map(codeOf))).toEqual(new Set(['overloaded']))
      taken.release()
      // One that nobody gave back would be missed: there is no other.
      for (let round = 1; round <= 3; round += 1) {
        const answers = await everyRequest(app, session, round)
        expect(answers.map(({ status }) => status)).toEqual(SUCCESS)
      }
    })

    it('S103 that is busy for long: requests are answered 503, and the next one works', async ({
      onTestFinished,
    }) => {
      const { app, pool, session } = await setUp(onTestFinished)
      const taken = await pool.take()
      const busy = taken.query(kind.sleep(6)).finally(() => taken.release())
      for (const answer of await everyRequest(app, session, 1)) expectUnavailable(answer)
      await busy
      const answers = await everyRequest(app, session, 1)
      expect(answers.map(({ status }) => status)).toEqual(SUCCESS)
    })

    it('S103 that waits for a row: those who wait for the connection are answered 503 as well', async ({
      onTestFinished,
    }) => {
      const database = await migrated(kind.databases)
      const store = sqlStore({ url: database.url, maxConnections: 1 })
      const app = await openApp(store)
      const owner = await kind.connect(database.url)
      onTestFinished(async () => {
        await owner.close()
        await app.close()
        await store.close()
        await database.drop()
      })
      const session = await accountOf(app, 'ada@example.com')
      await app.auth.close()
      await owner.query('begin')
      await owner.query(`select id from latchkey_users where email = '${session.email}' for update`)
      const body = { identifier: session.email, password: PASSWORD }
      const first = app.post('/login', body)
      await owner.query(kind.sleep(2))
      // They get the connection when the first gives up, and then have little time left for the row.
      const others = Array.from({ length: 4 }, () => app.post('/login', body))
      for (const answer of await Promise.all([first, ...others])) expectUnavailable(answer)
      const codes = app.errors.map(codeOf)
      expect(codes).toContain('timeout')
      expect(codes.filter((code) => code !== 'timeout' && code !== 'overloaded')).toEqual([])
      await owner.query('rollback')
      const answers = await everyRequest(app, session, 1)
      expect(answers.map(({ status }) => status)).toEqual(SUCCESS)
    })
  })
}

function codeOf(error: unknown): unknown {
  return error instanceof SqlStoreError ? error.code : error
}

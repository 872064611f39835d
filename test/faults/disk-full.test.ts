import { SqlStoreError } from '@latchkey/sql-store'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { START_LIMIT_MS } from '../servers/server-process.ts'
import { PASSWORD } from '../support/setup.ts'
import {
  type App,
  accountOf,
  expectAlive,
  expectRegistered,
  loginOf,
  openApp,
  type Session,
  succeeded,
} from './app.ts'
import { type Disk, disks } from './disks.ts'

vi.setConfig({ testTimeout: 2 * START_LIMIT_MS, hookTimeout: 2 * START_LIMIT_MS })

const MOST_REGISTRATIONS = 1000

for (const { name, available, make } of disks) {
  describe.skipIf(!available).concurrent(`${name} on a full disk`, () => {
    let disk: Disk
    let app: App
    let session: Session

    beforeAll(async () => {
      disk = await make()
      app = await openApp(disk.store)
      session = await accountOf(app, 'ada@example.com')
    })
    afterAll(async () => {
      await app?.close()
      await disk?.remove()
    })

    it('S103 answers 503 to what it cannot write, lets read, and goes on when there is room', async () => {
      // The first request with a token writes that it was seen.
      expect((await app.get('/me', session.accessToken)).status).toBe(200)
      await disk.fill()
      const registered: string[] = []
      const refused: string[] = []
      // What has a little room left takes a few more.
      for (let n = 0; refused.length < 3 && n < MOST_REGISTRATIONS; n += 1) {
        const email = `new-${n}@example.com`
        const answer = await app.post('/register', { email, password: PASSWORD })
        if (succeeded(answer, 202)) registered.push(email)
        else refused.push(email)
      }
      expect(refused).toHaveLength(3)
      for (let n = 0; n < 3; n += 1) {
        expect((await app.get('/me', session.accessToken)).status).toBe(200)
      }
      succeeded(await app.post('/refresh', { refreshToken: session.refreshToken }), 200)
      await app.auth.close()

      await disk.makeRoom()
      await expectAlive(app, session)
      await loginOf(app, session.email)
      for (const email of refused) {
        const answer = await app.post('/register', { email, password: PASSWORD })
        expect(answer.status).toBe(202)
      }
      await app.auth.close()
      for (const email of [...refused, ...registered.slice(-3)]) await expectRegistered(app, email)
      const codes = app.errors.map((error) => (error instanceof SqlStoreError ? error.code : error))
      expect(new Set(codes)).toEqual(new Set(['full']))
    })
  })
}

import { type SqlStore, SqlStoreError, sqlStore } from '@latchkey/sql-store'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Migrated, migrated } from '../../packages/sql-store/test/support/databases.ts'
import { intercept } from '../support/nodes.ts'
import { PASSWORD } from '../support/setup.ts'
import {
  type App,
  accountOf,
  activationTokens,
  expectAlive,
  expectOver,
  expectRegistered,
  expectUnavailable,
  loginOf,
  openApp,
  type Session,
  succeeded,
  type TimedAnswer,
} from './app.ts'
import { idsOf, serverKinds } from './server-kinds.ts'

const NEW_PASSWORD = `another ${PASSWORD}`

/** Resolves the answer to a request during which the connections are lost. */
type Interrupted = (request: () => Promise<TimedAnswer>) => Promise<TimedAnswer>

/** A request that is interrupted, and what must be true afterwards, whatever it was answered. */
type Flow = (app: App, session: Session, interrupted: Interrupted) => Promise<void>

const flows: Record<string, Flow> = {
  async 'a login'(app, session, interrupted) {
    const body = { identifier: session.email, password: PASSWORD }
    const answer = await interrupted(() => app.post('/login', body))
    if (succeeded(answer, 200)) await expectAlive(app, { ...session, ...answer.body })
    await loginOf(app, session.email)
    await expectAlive(app, session)
  },

  async 'a request with an access token'(app, session, interrupted) {
    succeeded(await interrupted(() => app.get('/me', session.accessToken)), 200)
    await expectAlive(app, session)
  },

  async 'a refresh'(app, session, interrupted) {
    const { refreshToken } = session
    const answer = await interrupted(() => app.post('/refresh', { refreshToken }))
    if (succeeded(answer, 200)) await expectAlive(app, { ...session, ...answer.body })
    await expectAlive(app, session)
  },

  async 'a registration'(app, { email }, interrupted) {
    const address = `new-${email}`
    const register = () => app.post('/register', { email: address, password: PASSWORD })
    const registered = succeeded(await interrupted(register), 202)
    expect(activationTokens(app, address)).toHaveLength(registered ? 1 : 0)
    if (!registered) {
      expect((await register()).status).toBe(202)
      await app.auth.close()
    }
    await expectRegistered(app, address)
  },

  async 'an activation'(app, { email }, interrupted) {
    const address = `new-${email}`
    await app.auth.register({ email: address, password: PASSWORD })
    await app.auth.close()
    const [token] = activationTokens(app, address)
    const activated = succeeded(await interrupted(() => app.post('/activate', { token })), 200)
    // Whether or not the change was written before its answer was lost, the link does no harm.
    const again = await app.post('/activate', { token })
    expect(activated ? [400] : [200, 400]).toContain(again.status)
    await loginOf(app, address)
  },

  async 'a change of the password'(app, session, interrupted) {
    const { email, accessToken } = session
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    const answer = await interrupted(() => app.post('/password/change', input, accessToken))
    const body = { identifier: email, password: NEW_PASSWORD }
    const changed = (await app.post('/login', body)).status === 200
    if (succeeded(answer, 200)) {
      expect(changed).toBe(true)
      await expectAlive(app, { ...session, ...answer.body })
    }
    if (changed) return expectOver(app, session)
    await loginOf(app, email)
    await expectAlive(app, session)
  },

  async 'a logout'(app, session, interrupted) {
    const { refreshToken } = session
    const ended = succeeded(await interrupted(() => app.post('/logout', { refreshToken })), 204)
    if (!ended) expect((await app.post('/logout', { refreshToken })).status).toBe(204)
    await expectOver(app, session)
  },
}

for (const kind of serverKinds) {
  const { databases, name } = kind
  describe.skipIf(!databases.available)(`${name} loses the connections of the app`, () => {
    let database: Migrated
    let store: SqlStore
    let app: App
    /** At which call of the store the connections are lost; 0: at none. */
    let due = 0
    let calls = 0
    let ended: readonly number[] = []

    beforeAll(async () => {
      database = await migrated(databases)
      store = sqlStore({ url: database.url })
      const losing = intercept(store, async () => {
        calls += 1
        if (calls === due) await endClients()
      })
      app = await openApp(losing)
    })
    afterAll(async () => {
      await app?.close()
      await store?.close()
      await database?.drop()
    })

    /** The server is told to end them, and does so a moment later. */
    async function endClients(): Promise<void> {
      ended = await idsOf(database, kind.clients)
      // One may have gone by itself meanwhile.
      for (const id of ended) await database.query(kind.end(id)).catch(() => null)
    }

    /** Loses the connections right before the nth call of the store that the request brings about. */
    async function interruptedAt(n: number, request: () => Promise<TimedAnswer>) {
      await app.auth.close()
      calls = 0
      due = n
      const answer = await request()
      await app.auth.close()
      due = 0
      await expect
        .poll(() => idsOf(database, kind.clients).then((ids) => ids.filter(isIn(ended))))
        .toEqual([])
      return answer
    }

    for (const [title, flow] of Object.entries(flows)) {
      it(`S103 in the midst of ${title}: it succeeds or is answered 503, and the next one works`, async () => {
        const before = app.errors.length
        let n = 0
        // Until the request is over before its connections are lost.
        for (calls = 0; calls >= n; ) {
          n += 1
          const session = await accountOf(app, `${n}-${title.replaceAll(' ', '-')}@example.com`)
          let made = 0
          await flow(app, session, async (request) => {
            const answer = await interruptedAt(n, request)
            made = calls
            return answer
          })
          calls = made
        }
        expect(n).toBeGreaterThan(2)
        const codes = app.errors
          .slice(before)
          .map((error) => (error instanceof SqlStoreError ? error.code : error))
        expect(codes).toEqual(codes.map(() => 'unreachable'))
      })
    }

    it('S103 while a statement waits for its turn: the request is answered 503', async () => {
      const session = await accountOf(app, 'waiting@example.com')
      const { email } = session
      // Else it might be another statement that is found waiting.
      await app.auth.close()
      const owner = await kind.connect(database.url)
      onTestFinished(owner.close)
      await owner.query('begin')
      await owner.query(`select id from latchkey_users where email = '${email}' for update`)
      const login = app.post('/login', { identifier: email, password: PASSWORD })
      await expect.poll(() => idsOf(database, kind.waiting)).not.toEqual([])
      for (const id of await idsOf(database, kind.waiting)) await database.query(kind.end(id))
      expectUnavailable(await login)
      expect(app.errors.at(-1)).toMatchObject({ code: 'unreachable' })
      await owner.query('rollback')
      await expectAlive(app, await loginOf(app, email))
      await expectAlive(app, session)
    })
  })
}

function isIn<T>(list: readonly T[]): (item: T) => boolean {
  return (item) => list.includes(item)
}

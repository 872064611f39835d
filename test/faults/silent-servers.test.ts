import { createServer } from 'node:net'
import { SqlStoreError, type SqlStoreOptions, sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, vi } from 'vitest'
import { migrated } from '../../packages/sql-store/test/support/databases.ts'
import { listening, proxyTo } from '../support/proxy.ts'
import { PASSWORD } from '../support/setup.ts'
import { accountOf, expectAlive, expectUnavailable, loginOf, openApp } from './app.ts'
import { type ServerKind, serverKinds } from './server-kinds.ts'

vi.setConfig({ testTimeout: 30_000, maxConcurrency: 20 })

type Finish = (end: () => Promise<void>) => void

/** How the store comes by its connections. */
const sources: Readonly<Record<string, (kind: ServerKind, url: string) => Source>> = {
  'a URL': (_, url) => ({ options: { url }, end: async () => {} }),
  // It has none of the limits that the store gives to its own.
  'a pool of the application': (kind, url) => kind.poolOfOne(url),
}

interface Source {
  readonly options: SqlStoreOptions
  end(): Promise<void>
}

const cases = serverKinds.flatMap((kind) =>
  Object.entries(sources).map(([name, open]) => ({ kind, name, open })),
)

for (const { kind, name, open } of cases) {
  describe.skipIf(!kind.databases.available).concurrent(`${kind.name}, by ${name},`, () => {
    it('S103 that waits for a row: the request is answered 503, and works when the row is free', async ({
      onTestFinished,
    }) => {
      const { app, database } = await setUp(kind, open, onTestFinished)
      const session = await accountOf(app, 'ada@example.com')
      await app.auth.close()
      const owner = await kind.connect(database.url)
      onTestFinished(owner.close)
      await owner.query('begin')
      await owner.query(`select id from latchkey_users where email = '${session.email}' for update`)
      const body = { identifier: session.email, password: PASSWORD }
      expectUnavailable(await app.post('/login', body))
      expect(app.errors.map(codeOf)).toEqual(['timeout'])
      await owner.query('rollback')
      await expectAlive(app, session)
      await loginOf(app, session.email)
    })

    it('S103 that says nothing any more: the request is answered 503, and the next one works', async ({
      onTestFinished,
    }) => {
      const { app, proxy } = await setUp(kind, open, onTestFinished)
      const session = await accountOf(app, 'ada@example.com')
      await app.auth.close()
      proxy.freeze()
      const answers = await Promise.all([
        app.get('/me', session.accessToken),
        app.post('/login', { identifier: session.email, password: PASSWORD }),
      ])
      for (const answer of answers) expectUnavailable(answer)
      await expectAlive(app, session)
      await loginOf(app, session.email)
    })

    it('S103 that takes connections and never says a word: requests are answered 503', async ({
      onTestFinished,
    }) => {
      const server = await listening(createServer(() => {}))
      const source = open(kind, urlAt(kind, server.port))
      const store = sqlStore(source.options)
      const app = await openApp(store)
      onTestFinished(async () => {
        await app.close()
        await store.close()
        // A pool may wait for an answer to its farewell, and complain when there is none.
        await Promise.allSettled([source.end(), server.close()])
      })
      const requests = [1, 2, 3].map((n) =>
        app.post('/login', { identifier: `${n}@example.com`, password: PASSWORD }),
      )
      for (const answer of await Promise.all(requests)) expectUnavailable(answer)
    })
  })
}

async function setUp(kind: ServerKind, open: (typeof sources)[string], onTestFinished: Finish) {
  const database = await migrated(kind.databases)
  const proxy = await proxyTo(database.url)
  const source = open(kind, proxy.url)
  const store = sqlStore(source.options)
  const app = await openApp(store)
  onTestFinished(async () => {
    await app.close()
    await store.close()
    await source.end()
    await proxy.close()
    await database.drop()
  })
  return { app, database, proxy }
}

function urlAt({ name }: ServerKind, port: number): string {
  const [scheme, user] = name === 'PostgreSQL' ? ['postgres', 'postgres'] : ['mysql', 'root']
  return `${scheme}://${user}@127.0.0.1:${port}/nothing`
}

function codeOf(error: unknown): unknown {
  return error instanceof SqlStoreError ? error.code : error
}

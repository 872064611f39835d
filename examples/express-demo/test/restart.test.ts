import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  mariadbDatabase,
  mariadbUrl,
  postgresDatabase,
  postgresUrl,
} from '../../../test/servers/databases.ts'
import { type HttpClient, httpClient } from '../../../test/support/http-client.ts'
import { bearerOfNew, logIn, PASSWORD, register } from '../../invoices/test/support/demo.ts'
import { startMain } from '../../invoices/test/support/processes.ts'
import { application } from '../src/application.ts'

const databases = [
  { name: 'SQLite', available: true, make: makeSqliteFile },
  { name: 'PostgreSQL', available: postgresUrl !== undefined, make: postgresDatabase },
  { name: 'MariaDB', available: mariadbUrl !== undefined, make: mariadbDatabase },
]

const AUTH_SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'

for (const { name, available, make } of databases) {
  describe.skipIf(!available)(`the demo on ${name}, started again`, { timeout: 30_000 }, () => {
    it('knows its accounts, and goes on with their sessions', async () => {
      const start = await onNewDatabase(make)
      const first = await start({ AUTH_SECRET })
      const bearer = await bearerOfNew(first.client, 'ada@example.com')
      await first.stop()

      // At the same address: tokens say who has issued them.
      const { port: PORT } = new URL(first.client.url)
      const { client } = await start({ AUTH_SECRET, PORT })
      const me = await client.get('/auth/me', bearer)
      expect(me).toMatchObject({ status: 200, body: { email: 'ada@example.com' } })
      expect(await logIn(client, 'ada@example.com')).toEqual(expect.any(String))
    })

    it('goes on with an account that was not activated yet', async () => {
      const start = await onNewDatabase(make)
      const first = await start({})
      const token = await register(first.client, 'ada@example.com')
      await first.stop()

      const { client } = await start({})
      expect(await client.post('/auth/activate', { token })).toMatchObject({ status: 200 })
    })

    it('gives the administrator the password of this start', async () => {
      const start = await onNewDatabase(make)
      await (await start({ DEMO_ADMIN_PASSWORD: 'paper boats' })).stop()
      const { client } = await start({ DEMO_ADMIN_PASSWORD: PASSWORD })
      expect(await logIn(client)).toEqual(expect.any(String))
    })
  })
}

async function onNewDatabase(make: () => Promise<{ url: string; drop(): unknown }>) {
  const database = await make()
  onTestFinished(async () => {
    await database.drop()
  })
  return async (env: Readonly<Record<string, string>>) => {
    const demo = await startMain(application, { DATABASE_URL: database.url, ...env })
    const client: HttpClient = httpClient(demo.url)
    return { client, stop: () => demo.stop('SIGTERM') }
  }
}

async function makeSqliteFile() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-demo-'))
  return { url: join(folder, 'demo.db'), drop: () => rmSync(folder, { recursive: true }) }
}

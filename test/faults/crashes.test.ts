import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Auth, createAuth, type Store } from '@latchkey/core'
import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, vi } from 'vitest'
import { kinds, migrated } from '../../packages/sql-store/test/support/databases.ts'
import { START_LIMIT_MS } from '../servers/server-process.ts'
import { outcome } from '../support/onboarding.ts'
import { startOwnDatabase } from './own-database.ts'
import { serverKinds } from './server-kinds.ts'
import { type Acknowledgement, LOAD_OPTIONS, work } from './workload.ts'

vi.setConfig({ testTimeout: 2 * START_LIMIT_MS, hookTimeout: 2 * START_LIMIT_MS })

const MAIN = fileURLToPath(import.meta.resolve('./workload-main.ts'))
const ENOUGH = 150

/** Says that whatever was acknowledged is so. */
async function expectAllKept(store: Store, acknowledged: readonly Acknowledgement[]) {
  const auth = createAuth({ ...LOAD_OPTIONS, store, mailer: () => {} })
  const latest = new Map<number, string>()
  const counts = { registered: 0, refreshed: 0, ended: 0, refused: 0 }
  for (const told of acknowledged) {
    counts[told.type] += 1
    if (told.type === 'refreshed') latest.set(told.lane, told.tokens.refreshToken)
    if (told.type === 'registered') {
      expect(await outcome(auth.activate({ token: told.token }))).toBe('ok')
    }
    if (told.type === 'ended') await expectEnded(auth, told.tokens)
  }
  for (const refreshToken of latest.values()) {
    expect(await outcome(auth.refresh({ refreshToken }))).toBe('ok')
  }
  await auth.close()
  const { registered, refreshed, ended } = counts
  expect(Math.min(registered, refreshed, ended)).toBeGreaterThan(20)
}

async function expectEnded(auth: Auth, { accessToken, refreshToken }: Tokens): Promise<void> {
  expect(await outcome(auth.authenticate(accessToken))).toBe('invalid_token')
  expect(await outcome(auth.refresh({ refreshToken }))).toBe('invalid_token')
}

type Tokens = Extract<Acknowledgement, { type: 'ended' }>['tokens']

for (const kind of kinds) {
  describe.skipIf(!kind.available).concurrent(`an app on ${kind.name} that is killed`, () => {
    it('S103 has kept whatever it acknowledged', async ({ expect, onTestFinished }) => {
      const { url, drop } = await (kind.name === 'SQLite' ? sqliteFile() : migrated(kind))
      onTestFinished(drop)
      const acknowledged: Acknowledgement[] = []
      const app = fork(MAIN, [url], {
        execArgv: ['--conditions=@latchkey/source', '--disable-warning=ExperimentalWarning'],
        serialization: 'advanced',
      })
      const exit = once(app, 'exit')
      onTestFinished(() => void app.kill('SIGKILL'))
      app.on('message', (told: Acknowledgement) => acknowledged.push(told))
      const enough = expect.poll(() => acknowledged.length, { timeout: 30_000 })
      await Promise.race([enough.toBeGreaterThan(ENOUGH), exit])
      app.kill('SIGKILL')
      expect(await exit).toEqual([null, 'SIGKILL'])
      const store = sqlStore({ url })
      await expectAllKept(store, acknowledged)
      await store.close()
    })
  })
}

/** A file that nobody but the app has open: whoever opens it next finds it as a crash leaves it. */
async function sqliteFile() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-crash-'))
  const url = `sqlite:${join(folder, 'app.db')}`
  const store = sqlStore({ url })
  await store.migrate()
  await store.close()
  return { url, drop: async () => rmSync(folder, { recursive: true }) }
}

for (const kind of serverKinds) {
  describe.skipIf(!kind.engine.isInstalled()).concurrent(`${kind.name} that is killed`, () => {
    it('S103 has kept whatever was acknowledged', async ({ expect, onTestFinished }) => {
      const database = await startOwnDatabase(kind.engine, { durable: true })
      const { server, store } = database
      const acknowledged: Acknowledgement[] = []
      let open = true
      onTestFinished(async () => {
        open = false
        await database.stop()
      })
      const load = work(
        store,
        (told) => acknowledged.push(told),
        () => open,
      )
      const count = (type: Acknowledgement['type']) =>
        acknowledged.filter((told) => told.type === type).length
      await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(ENOUGH)
      await server.kill()
      await expect.poll(() => count('refused'), { timeout: 10_000 }).toBeGreaterThan(0)
      open = false
      await load
      await server.restart()
      await expectAllKept(store, acknowledged)
    })
  })
}

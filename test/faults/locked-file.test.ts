import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PASSWORD } from '../support/setup.ts'
import { accountOf, expectAlive, expectUnavailable, openApp, type TimedAnswer } from './app.ts'

const PROMPT = 0.5

describe('SQLite that somebody else writes to for long', { timeout: 30_000 }, () => {
  it('S103 refuses what must be written with 503, reads all the while, and goes on', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-locked-'))
    const path = join(folder, 'app.db')
    const store = sqlStore({ url: `sqlite:${path}` })
    await store.migrate()
    const app = await openApp(store)
    const other = new DatabaseSync(path)
    onTestFinished(async () => {
      other.close()
      await app.close()
      await store.close()
      rmSync(folder, { recursive: true })
    })
    const session = await accountOf(app, 'ada@example.com')
    // The first request with a token writes that it was seen.
    await expectAlive(app, session)
    await app.auth.close()

    other.exec('begin immediate')
    let waiting = true
    const body = { identifier: session.email, password: PASSWORD }
    const logins = Promise.all([1, 2, 3].map(() => app.post('/login', body))).finally(() => {
      waiting = false
    })
    const reads: TimedAnswer[] = []
    while (waiting) reads.push(await app.get('/me', session.accessToken))
    for (const answer of await logins) expectUnavailable(answer)
    expect(reads.length).toBeGreaterThan(10)
    expect(reads.filter(({ status }) => status !== 200)).toEqual([])
    expect(Math.max(...reads.map(({ seconds }) => seconds))).toBeLessThan(PROMPT)

    other.exec('rollback')
    expect((await app.post('/login', body)).status).toBe(200)
    await expectAlive(app, session)
  })
})

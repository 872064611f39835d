import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startProgram, startServer } from '../../../test/support/program.ts'
import { ADA, PASSWORD } from './support/api.ts'

const main = new URL('../src/main.ts', import.meta.url)
const AUTH_SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'

describe('the API in a process of its own', { timeout: 30_000 }, () => {
  it('prints its messages, and goes on with its accounts when it starts again', async () => {
    const env = { DATABASE_URL: newFile(), AUTH_SECRET, ORIGIN: 'http://localhost:3000' }
    const first = await startServer(main, env)
    await first.client.post('/api/v1/signup', { email: ADA, password: PASSWORD })
    const code = await first.printed(/Or enter this code: (\d+)/)
    expect(await first.stop('SIGINT')).toMatchObject({ code: 0 })

    const second = await startServer(main, env)
    const activation = await second.client.post('/api/v1/activation', { email: ADA, code })
    expect(activation.status).toBe(200)
    const credentials = { email: ADA, password: PASSWORD }
    const { body } = await second.client.post('/api/v1/signin', credentials)
    await second.stop()

    const third = await startServer(main, env)
    const account = await third.client.get('/api/v1/account', body.access_token)
    expect(account.body.email).toBe(ADA)
    const ended = await third.stop()
    expect(ended.code).toBe(0)
    for (const secret of [PASSWORD, body.access_token]) expect(ended.output).not.toContain(secret)
  })

  it.each([
    ['AUTH_SECRET', 'short', 'option "secret" must be at least 32 bytes'],
    ['DATABASE_URL', 'redis://x', 'option "url" has the scheme "redis"'],
    ['PORT', 'eighty', 'PORT must be a number from 0 to 65535.'],
  ])('says what is wrong with %s=%s', async (name, value, words) => {
    const env = { DATABASE_URL: 'sqlite::memory:', AUTH_SECRET, [name]: value }
    const { code, output } = await startProgram(main, env).ended
    expect(code).toBe(1)
    expect(output).toContain(words)
  })
})

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-own-routes-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return `sqlite:${join(folder, 'accounts.db')}`
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startProgram, startServer } from '../../../../test/support/program.ts'
import { ADA, PASSWORD, SECRET } from './support/api.ts'

const main = new URL('../src/main.ts', import.meta.url)

describe('the API in a process of its own', () => {
  it('prints its messages, and goes on with its accounts when it starts again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-user-api-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const env = { DATABASE_URL: `sqlite:${join(folder, 'accounts.db')}`, AUTH_SECRET: SECRET }
    const first = await startServer(main, env)
    await first.client.post('/user', ADA)
    const code = await first.printed(/To: \+12025550100\n.*?(\d{6})/)
    expect(await first.stop('SIGINT')).toMatchObject({ code: 0 })

    const second = await startServer(main, env)
    const proof = { mobile: ADA.mobile, code }
    expect((await second.client.post('/user/activate-account/', proof)).status).toBe(200)
    const { body } = await second.client.post('/user/login', ADA)
    const { code: exit, output } = await second.stop()
    expect(exit).toBe(0)
    for (const secret of [PASSWORD, body.access_token]) expect(output).not.toContain(secret)
  })

  it.each([
    ['AUTH_SECRET', 'short', 'option "secret" must be at least 32 bytes'],
    ['DATABASE_URL', 'redis://x', 'option "url" has the scheme "redis"'],
    ['PORT', 'eighty', 'PORT must be a number from 0 to 65535.'],
    ['PHONE_COUNTRY', 'ZZ', 'option "phones.defaultCountry"'],
  ])('says what is wrong with %s=%s', async (name, value, words) => {
    const env = { DATABASE_URL: 'sqlite::memory:', AUTH_SECRET: SECRET, [name]: value }
    const { code, output } = await startProgram(main, env).ended
    expect(code).toBe(1)
    expect(output).toContain(words)
  })
})

import { describe, expect, it } from 'vitest'
import { mariadbUrl } from '../../../../test/servers/databases.ts'
import { startProgram, startServer } from '../../../../test/support/program.ts'
import { logIn, newMariadb, PASSWORD, SECRET } from './support/api.ts'

const main = new URL('../src/main.ts', import.meta.url)

describe.skipIf(mariadbUrl === undefined)('the API in a process of its own, on MariaDB', () => {
  it('goes on with its accounts when it starts again', async () => {
    const env = { DATABASE_URL: await newMariadb(), AUTH_SECRET: SECRET, ADMIN_PASSWORD: PASSWORD }
    const first = await startServer(main, env)
    const { token, user_id } = await logIn(first, 'admin')
    expect(await first.stop('SIGINT')).toMatchObject({ code: 0 })

    const second = await startServer(main, env)
    const list = await second.client.get('/AllUsers', token)
    expect(list.body.users).toMatchObject([{ id: user_id, username: 'admin', email: null }])
    const ended = await second.stop()
    expect(ended.code).toBe(0)
    for (const secret of [PASSWORD, token]) expect(ended.output).not.toContain(secret)
  })
})

it.each([
  ['AUTH_SECRET', 'short', 'option "secret" must be at least 32 bytes'],
  ['DATABASE_URL', 'redis://x', 'option "url" has the scheme "redis"'],
  ['PORT', 'eighty', 'PORT must be a number from 0 to 65535.'],
])('says what is wrong with %s=%s', async (name, value, words) => {
  const env = { DATABASE_URL: 'sqlite::memory:', AUTH_SECRET: SECRET, [name]: value }
  const { code, output } = await startProgram(main, env).ended
  expect(code).toBe(1)
  expect(output).toContain(words)
})

import { describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../../test/servers/databases.ts'
import { startProgram, startServer } from '../../../../test/support/program.ts'
import { ADA, BEN, PASSWORD, SECRET } from './support/api.ts'
import { newPostgres } from './support/original.ts'

const main = new URL('../src/main.ts', import.meta.url)
const ORIGIN = 'http://localhost:3000'

type Client = Awaited<ReturnType<typeof startServer>>['client']

/** What `curl` sends: the page that it stands for, and the cookies of an answer. */
function send(client: Client, path: string, body: object, headers: Record<string, string> = {}) {
  return client.send('POST', path, {
    headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
    body: JSON.stringify(body),
  })
}

function cookieOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

describe.skipIf(postgresUrl === undefined)('the API in a process of its own, on PostgreSQL', () => {
  it('prints its messages, and goes on with its sessions when it starts again', async () => {
    const env = {
      DATABASE_URL: await newPostgres(),
      AUTH_SECRET: SECRET,
      ORIGIN,
      ADMIN_EMAIL: BEN,
      ADMIN_PASSWORD: PASSWORD,
    }
    const first = await startServer(main, env)
    await send(first.client, '/signup', { Username: 'Ada', Email: ADA, Password: PASSWORD })
    const code = await first.printed(/Or enter this code: (\d+)/)
    expect((await send(first.client, '/activate', { email: ADA, code })).status).toBe(200)
    const { headers } = await send(first.client, '/signin', { Email: ADA, Password: PASSWORD })
    const cookie = cookieOf(headers)
    expect(await first.stop('SIGINT')).toMatchObject({ code: 0 })

    const second = await startServer(main, env)
    const dashboard = await second.client.send('GET', '/dashboard', { headers: { cookie } })
    expect(dashboard.body).toEqual({ Username: 'Ada', Email: ADA })
    const admin = await send(second.client, '/signin', { Email: BEN, Password: PASSWORD })
    const theirs = cookieOf(admin.headers)
    const csrf = /csrf_access_token=(\S+)/.exec(theirs)?.[1] ?? ''
    const shown = { cookie: theirs, 'x-csrf-token': csrf }
    const deleted = await send(second.client, '/delete', { email: ADA }, shown)
    expect(deleted.body).toEqual({ msg: 'delete successful!' })
    const ended = await second.stop()
    expect(ended.code).toBe(0)
    for (const secret of [PASSWORD, csrf]) expect(ended.output).not.toContain(secret)
  })

  it('opens accounts at once where ACTIVATION is none', async () => {
    const env = {
      DATABASE_URL: await newPostgres(),
      AUTH_SECRET: SECRET,
      ORIGIN,
      ACTIVATION: 'none',
    }
    const { client, stop } = await startServer(main, env)
    const created = await send(client, '/signup', { Username: 'A', Email: ADA, Password: PASSWORD })
    expect(created.body).toEqual({ msg: 'user created!' })
    const { body } = await send(client, '/signin', { Email: ADA, Password: PASSWORD })
    expect(body).toEqual({ msg: 'login successful!' })
    await stop()
  })
})

it.each([
  ['AUTH_SECRET', 'short', 'option "secret" must be at least 32 bytes'],
  ['DATABASE_URL', 'redis://x', 'option "url" has the scheme "redis"'],
  ['PORT', 'eighty', 'PORT must be a number from 0 to 65535.'],
  ['ACTIVATION', 'no', 'ACTIVATION must be "none", or nothing.'],
])('says what is wrong with %s=%s', async (name, value, words) => {
  const env = { DATABASE_URL: 'sqlite::memory:', AUTH_SECRET: SECRET, [name]: value }
  const { code, output } = await startProgram(main, env).ended
  expect(code).toBe(1)
  expect(output).toContain(words)
})

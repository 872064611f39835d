import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { httpClient } from '../../../test/support/http-client.ts'

const main = `${import.meta.dirname}/../src/main.ts`
const CREDENTIALS = { email: 'ada@example.com', password: 'correct horse battery' }
const LOGIN = { identifier: CREDENTIALS.email, password: CREDENTIALS.password }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/** The app as its README starts it. `printed` resolves what follows once the terminal shows it. */
async function start(...args: readonly string[]) {
  const PORT = String(await freePort())
  const app = spawn(process.execPath, ['--conditions=@latchkey/source', main, ...args], {
    env: { PATH: process.env.PATH, PORT },
  })
  onTestFinished(() => void app.kill('SIGKILL'))
  let output = ''
  const printed = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const [, found] = pattern.exec(output) ?? []
      if (found !== undefined) return found
      output += (await Promise.race([once(app.stdout, 'data'), once(app, 'exit')]))[0]
    }
  }
  const url = await printed(/ on (http:\S+)/)
  return { app, client: httpClient(url), printed }
}

describe.each([
  ['Hono', []],
  ['plain requests', ['plain']],
])('the app with %s', (_name, args) => {
  it('takes an account through its life, and stops when it is told to', async () => {
    const { app, client, printed } = await start(...args)
    const { post, get } = client
    expect((await post('/auth/register', CREDENTIALS)).status).toBe(202)
    const code = await printed(/code: (\d{6})/)
    const proof = { identifier: CREDENTIALS.email, code }
    expect((await post('/auth/activate', proof)).status).toBe(200)
    const { accessToken, refreshToken } = (await post('/auth/login', LOGIN)).body
    expect((await get('/hello', accessToken)).body).toEqual({ hello: CREDENTIALS.email })
    const { sessions } = (await get('/auth/sessions', accessToken)).body
    expect(sessions[0].ip).toMatch(/^(?:127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/)
    expect((await post('/auth/logout', { refreshToken })).status).toBe(204)
    expect((await get('/hello', accessToken)).body.code).toBe('invalid_token')
    app.kill('SIGTERM')
    expect(await once(app, 'exit')).toEqual([0, null])
  })

  it('refuses what is wrong', async () => {
    const { client } = await start(...args)
    expect((await client.get('/hello')).body.code).toBe('unauthenticated')
    expect((await client.post('/auth/login', '{')).body.code).toBe('invalid_request')
    expect((await client.get('/auth/nothing')).body.code).toBe('not_found')
    expect((await client.get('/nothing')).status).toBe(404)
  })
})

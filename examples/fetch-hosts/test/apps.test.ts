import { describe, expect, it } from 'vitest'
import { freePort } from '../../../test/servers/own-server.ts'
import { startServer } from '../../../test/support/program.ts'

const main = new URL('../src/main.ts', import.meta.url)
const CREDENTIALS = { email: 'ada@example.com', password: 'correct horse battery' }
const LOGIN = { identifier: CREDENTIALS.email, password: CREDENTIALS.password }

/** The app as its README starts it. */
async function start(...args: readonly string[]) {
  return startServer(main, { PORT: String(await freePort()) }, args)
}

describe.each([
  ['Hono', []],
  ['plain requests', ['plain']],
])('the app with %s', (_name, args) => {
  it('takes an account through its life, and stops when it is told to', async () => {
    const { client, printed, stop } = await start(...args)
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
    expect(await stop('SIGTERM')).toMatchObject({ code: 0, signal: null })
  })

  it('refuses what is wrong', async () => {
    const { client } = await start(...args)
    expect((await client.get('/hello')).body.code).toBe('unauthenticated')
    expect((await client.post('/auth/login', '{')).body.code).toBe('invalid_request')
    expect((await client.get('/auth/nothing')).body.code).toBe('not_found')
    expect((await client.get('/nothing')).status).toBe(404)
  })
})

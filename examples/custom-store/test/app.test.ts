import { describe, expect, it } from 'vitest'
import { startServer } from '../../../test/support/program.ts'
import { newFile } from './support/files.ts'

const main = new URL('../src/main.ts', import.meta.url)
const LINK_TOKEN = /#token=(\S+)/
const CREDENTIALS = { email: 'ada@example.com', password: 'correct horse battery' }
const LOGIN = { identifier: CREDENTIALS.email, password: CREDENTIALS.password }

describe('the app', { timeout: 30_000 }, () => {
  it('registers, activates, logs in, refreshes and logs out', async () => {
    const app = await startServer(main, { DATABASE_FILE: newFile() })
    const { post, get } = app.client
    expect((await get('/ready')).status).toBe(204)
    expect((await post('/auth/register', CREDENTIALS)).status).toBe(202)
    expect((await post('/auth/login', LOGIN)).body.code).toBe('account_not_activated')
    expect((await post('/auth/activate', { token: await app.printed(LINK_TOKEN) })).status).toBe(
      200,
    )

    const { accessToken, refreshToken } = (await post('/auth/login', LOGIN)).body
    expect((await get('/hello', accessToken)).body).toEqual({ hello: CREDENTIALS.email })
    const renewed = (await post('/auth/refresh', undefined, refreshToken)).body
    expect((await get('/hello', renewed.accessToken)).status).toBe(200)
    expect((await post('/auth/logout', undefined, renewed.refreshToken)).status).toBe(204)
    expect((await get('/hello', renewed.accessToken)).status).toBe(401)
    expect((await get('/hello')).body.code).toBe('unauthenticated')
  })

  it.each(['SIGKILL', 'SIGTERM'] as const)('goes on after %s where it was', async (signal) => {
    const DATABASE_FILE = newFile()
    const AUTH_SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'
    const first = await startServer(main, { DATABASE_FILE, AUTH_SECRET })
    const { post } = first.client
    await post('/auth/register', CREDENTIALS)
    await post('/auth/activate', { token: await first.printed(LINK_TOKEN) })
    const [kept, ended] = [await post('/auth/login', LOGIN), await post('/auth/login', LOGIN)]
    await post('/auth/logout', undefined, ended.body.refreshToken)
    const ending = signal === 'SIGTERM' ? { code: 0, signal: null } : { code: null, signal }
    expect(await first.stop(signal)).toMatchObject(ending)

    // At the same address: tokens say who has issued them.
    const PORT = new URL(first.client.url).port
    const again = await startServer(main, { DATABASE_FILE, AUTH_SECRET, PORT })
    const { get, post: postAgain } = again.client
    expect((await get('/hello', kept.body.accessToken)).body).toEqual({ hello: CREDENTIALS.email })
    expect((await get('/hello', ended.body.accessToken)).status).toBe(401)
    expect((await postAgain('/auth/login', LOGIN)).status).toBe(200)
  })
})

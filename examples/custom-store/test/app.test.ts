import { describe, expect, it } from 'vitest'
import { httpClient } from '../../../test/support/http-client.ts'
import { startApp } from './support/app-process.ts'
import { newFile } from './support/files.ts'

const CREDENTIALS = { email: 'ada@example.com', password: 'correct horse battery' }
const LOGIN = { identifier: CREDENTIALS.email, password: CREDENTIALS.password }

describe('the app', { timeout: 30_000 }, () => {
  it('registers, activates, logs in, refreshes and logs out', async () => {
    const app = await startApp({ DATABASE_FILE: newFile() })
    const { post, get } = httpClient(app.url)
    expect((await get('/ready')).status).toBe(204)
    expect((await post('/auth/register', CREDENTIALS)).status).toBe(202)
    expect((await post('/auth/login', LOGIN)).body.code).toBe('account_not_activated')
    expect((await post('/auth/activate', { token: await app.nextToken() })).status).toBe(200)

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
    const first = await startApp({ DATABASE_FILE, AUTH_SECRET })
    const { post } = httpClient(first.url)
    await post('/auth/register', CREDENTIALS)
    await post('/auth/activate', { token: await first.nextToken() })
    const [kept, ended] = [await post('/auth/login', LOGIN), await post('/auth/login', LOGIN)]
    await post('/auth/logout', undefined, ended.body.refreshToken)
    expect(await first.stop(signal)).toEqual(signal === 'SIGTERM' ? [0, null] : [null, signal])

    // At the same address: tokens say who has issued them.
    const again = await startApp({ DATABASE_FILE, AUTH_SECRET, PORT: new URL(first.url).port })
    const { get, post: postAgain } = httpClient(again.url)
    expect((await get('/hello', kept.body.accessToken)).body).toEqual({ hello: CREDENTIALS.email })
    expect((await get('/hello', ended.body.accessToken)).status).toBe(401)
    expect((await postAgain('/auth/login', LOGIN)).status).toBe(200)
  })
})

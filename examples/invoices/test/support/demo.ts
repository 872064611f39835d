import { onTestFinished } from 'vitest'
import { type HttpClient, httpClient } from '../../../../test/support/http-client.ts'
import { ADMIN_EMAIL } from '../../src/administrator.ts'
import type { Application } from '../../src/application.ts'
import { startDemo } from '../../src/demo.ts'
import { linkToken } from '../../src/tour/reading.ts'

export const PASSWORD = 'correct horse battery'

/** The demo in this process, on a free port. Stopped when the test ends. */
export async function serveDemo(app: Application): Promise<HttpClient> {
  const demo = await startDemo(app, {
    port: 0,
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    secretIsRandom: false,
    adminPassword: PASSWORD,
    databaseUrl: 'sqlite::memory:',
  })
  onTestFinished(demo.close)
  return httpClient(demo.url)
}

/** Registers an account, and resolves the token of its activation link. */
export async function register(client: HttpClient, email: string): Promise<string> {
  await client.post('/auth/register', { email, password: PASSWORD })
  return linkToken((await client.get('/outbox')).body, 'activate', email)
}

/** Registers, activates and logs in, and resolves the access token. */
export async function bearerOfNew(client: HttpClient, email: string): Promise<string> {
  await client.post('/auth/activate', { token: await register(client, email) })
  return logIn(client, email)
}

/** Logs in, and resolves the access token. */
export async function logIn(client: HttpClient, identifier = ADMIN_EMAIL): Promise<string> {
  return (await client.post('/auth/login', { identifier, password: PASSWORD })).body.accessToken
}

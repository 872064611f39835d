import { type Auth, type AuthOptions, createAuth } from '@latchkey/core'
import {
  type FailingStore,
  type FakeClock,
  failingStore,
  fakeClock,
  weakPasswords,
} from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import { onTestFinished } from 'vitest'
import { mariadbDatabase } from '../../../../../test/servers/databases.ts'
import {
  type Answer,
  type HttpClient,
  httpClient,
} from '../../../../../test/support/http-client.ts'
import { serve } from '../../../../../test/support/running-host.ts'
import { accountOptions } from '../../src/accounts.ts'
import { createApp } from '../../src/app.ts'

export const SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'
export const PASSWORD = 'correct horse battery'
export const OTHER_PASSWORD = 'another battery, please'

/** The API with a clock that stands still, on a store that can be told to fail. */
export interface ServedApi {
  readonly auth: Auth
  readonly client: HttpClient
  readonly clock: FakeClock
  readonly failing: FailingStore
}

/** Serves the API, with an administrator. */
export async function serveApi(
  options: Partial<AuthOptions> = {},
  database = 'sqlite::memory:',
): Promise<ServedApi> {
  const [clock, store] = [fakeClock(), sqlStore({ url: database })]
  await store.migrate()
  const failing = failingStore(store)
  const auth = createAuth({
    ...accountOptions,
    secret: SECRET,
    store: failing.store,
    origin: 'https://app.example.com',
    mailer: () => {},
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    now: clock.now,
    ...options,
  })
  await auth.createUser({ username: 'admin', password: PASSWORD, roles: ['admin'] })
  const host = await serve(createApp(auth))
  onTestFinished(async () => {
    await host.close()
    await auth.close()
    await store.close()
  })
  return { auth, client: httpClient(host.url), clock, failing }
}

/** As the original's clients do: the token bare, and nothing before it. */
export function call(
  { client }: Pick<ServedApi, 'client'>,
  path: string,
  token?: string,
  body?: unknown,
): Promise<Answer> {
  const headers = {
    ...(token !== undefined && { authorization: token }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  if (path === '/AllUsers') return client.send('GET', path, { headers })
  return client.send('POST', path, {
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

/** The URL of a new database on MariaDB, which goes with the test. */
export async function newMariadb(): Promise<string> {
  const { url, drop } = await mariadbDatabase()
  onTestFinished(drop)
  return url
}

export interface LoggedIn {
  readonly token: string
  readonly refresh_token: string
  readonly user_id: string
}

export async function logIn(
  api: Pick<ServedApi, 'client'>,
  name: string,
  password = PASSWORD,
): Promise<LoggedIn> {
  const { body } = await call(api, '/login', undefined, { username_or_password: name, password })
  return body
}

/** An account that the administrator makes, and its session. */
export async function newAccount(api: ServedApi, username = 'ada'): Promise<LoggedIn> {
  const admin = await logIn(api, 'admin')
  const fields = { username, password: PASSWORD, email: `${username}@example.com` }
  await call(api, '/new', admin.token, fields)
  return logIn(api, username)
}

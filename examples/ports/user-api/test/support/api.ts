import { type AuthOptions, createAuth } from '@latchkey/core'
import {
  createOutbox,
  type FakeClock,
  fakeClock,
  type Outbox,
  weakPasswords,
} from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import { onTestFinished } from 'vitest'
import { mariadbDatabase, mariadbUrl } from '../../../../../test/servers/databases.ts'
import { type HttpClient, httpClient } from '../../../../../test/support/http-client.ts'
import { serve } from '../../../../../test/support/running-host.ts'
import { accountOptions, type UserAuth } from '../../src/accounts.ts'
import { createApp } from '../../src/app.ts'

export const PASSWORD = 'correct horse battery'
export const ADA = { username: 'ada', mobile: '+12025550100', password: PASSWORD }
export const BEN = { username: 'ben', mobile: '+12025550199', password: PASSWORD }
export const SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'

/** A database of which each test gets a new one. */
export interface Engine {
  readonly name: string
  readonly isMissing: boolean
  /** Resolves its URL. */
  create(): Promise<string>
}

export const engines: readonly Engine[] = [
  { name: 'SQLite', isMissing: false, create: async () => 'sqlite::memory:' },
  { name: 'MariaDB', isMissing: mariadbUrl === undefined, create: createMariadb },
]

export async function createMariadb(): Promise<string> {
  const { url, drop } = await mariadbDatabase()
  onTestFinished(drop)
  return url
}

/** The API over HTTP, with a clock that stands still. */
export interface ServedApi {
  readonly client: HttpClient
  readonly auth: UserAuth
  readonly outbox: Outbox
  readonly clock: FakeClock
  /** From then on the database does not answer. */
  closeStore(): Promise<void>
}

export async function serveApi(
  url = 'sqlite::memory:',
  options: Pick<AuthOptions, 'onError' | 'now'> = {},
): Promise<ServedApi> {
  const [outbox, clock, store] = [createOutbox(), fakeClock(), sqlStore({ url })]
  await store.migrate()
  const auth: UserAuth = createAuth({
    ...accountOptions,
    secret: SECRET,
    store,
    origin: 'https://app.example.com',
    phones: { defaultCountry: 'US' },
    mailer: outbox.send,
    sms: outbox.send,
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    now: clock.now,
    ...options,
  })
  const host = await serve(createApp(auth, options.now ?? clock.now).callback())
  onTestFinished(async () => {
    await host.close()
    await auth.close()
    await store.close()
  })
  return { client: httpClient(host.url), auth, outbox, clock, closeStore: store.close }
}

/** Who is logged in. */
export interface Member {
  readonly uuid: string
  readonly access_token: string
  readonly refresh_token: string
}

/** Registers, activates and logs in, each by the documented request. */
export async function newMember(api: ServedApi, user = ADA): Promise<Member> {
  const { client, outbox } = api
  const { uuid } = (await client.post('/user', user)).body.data
  const { code } = await outbox.next('activate', user.mobile)
  await client.post('/user/activate-account/', { mobile: user.mobile, code })
  return { uuid, ...(await logIn(api, user)) }
}

/** Makes an administrator, and logs them in. */
export async function newAdministrator(api: ServedApi): Promise<Member> {
  const phone = '+12025550150'
  const { id } = await api.auth.createUser({
    username: 'boss',
    phone,
    password: PASSWORD,
    roles: ['admin'],
  })
  return { uuid: id, ...(await logIn(api, { username: 'boss', password: PASSWORD })) }
}

export async function logIn(
  { client }: Pick<ServedApi, 'client'>,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<Omit<Member, 'uuid'>> {
  return (await client.post('/user/login', { username, password })).body
}

import type { Auth, AuthOptions } from '@latchkey/core'
import {
  createOutbox,
  type FailingStore,
  type FakeClock,
  failingStore,
  fakeClock,
  type Outbox,
  weakPasswords,
} from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import { onTestFinished } from 'vitest'
import { type Browser, browser } from '../../../../../test/support/browser.ts'
import { type HttpClient, httpClient } from '../../../../../test/support/http-client.ts'
import { serve } from '../../../../../test/support/running-host.ts'
import { createAccounts, type Profile } from '../../src/accounts.ts'
import { createApp } from '../../src/app.ts'

export const ORIGIN = 'https://app.example'
export const SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'
export const ADA = 'ada@example.com'
export const BEN = 'ben@example.com'
export const PASSWORD = 'correct horse battery'
export const CSRF_COOKIE = '__Host-csrf_access_token'

/** The API on a store that can be told to fail, with a clock that stands still. */
export interface ServedApi {
  readonly auth: Auth<Profile>
  readonly client: HttpClient
  readonly outbox: Outbox
  readonly clock: FakeClock
  readonly failing: FailingStore
  /** What failed where no answer could say so. */
  readonly failures: unknown[]
}

export interface ApiOptions extends Partial<AuthOptions<Profile>> {
  /** The database. @default SQLite, in memory */
  readonly url?: string
}

export async function serveApi({
  url = 'sqlite::memory:',
  ...options
}: ApiOptions = {}): Promise<ServedApi> {
  const [outbox, clock, store] = [createOutbox(), fakeClock(), sqlStore({ url })]
  await store.migrate()
  const failing = failingStore(store)
  const failures: unknown[] = []
  const auth = createAccounts({
    secret: SECRET,
    store: failing.store,
    origin: ORIGIN,
    mailer: outbox.send,
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    now: clock.now,
    onError: (error) => failures.push(error),
    ...options,
  })
  const host = await serve(createApp(auth))
  onTestFinished(async () => {
    await host.close()
    await auth.close()
    await store.close()
  })
  return { auth, client: httpClient(host.url), outbox, clock, failing, failures }
}

/** A page of this API in a browser: shows the token of its CSRF cookie with whatever changes something. */
export function openPage({ client }: Pick<ServedApi, 'client'>): Browser {
  const page = browser(client)
  const csrf = () => ({ 'x-csrf-token': page.cookies.get(CSRF_COOKIE) ?? '' })
  return {
    ...page,
    post: (path, body, headers) => page.post(path, body, { ...csrf(), ...headers }),
    send: (method, path, headers, body) => page.send(method, path, { ...csrf(), ...headers }, body),
  }
}

/** Signs up and activates. */
export async function newAccount({ client, outbox }: ServedApi, Email = ADA) {
  const page = openPage({ client })
  await page.post('/signup', { Username: 'Ada', Email, Password: PASSWORD })
  const { code } = await outbox.next('activate', Email)
  await page.post('/activate', { email: Email, code })
}

/** A page whose user is signed in. */
export async function signedInPage(api: ServedApi, Email = ADA, Password = PASSWORD) {
  const page = openPage(api)
  const { status, body } = await page.post('/signin', { Email, Password })
  if (status !== 200) throw new Error(`the login was answered ${status} ${body?.msg}`)
  return page
}

/** A page of a new account. */
export async function newPage(api: ServedApi, email = ADA): Promise<Browser> {
  await newAccount(api, email)
  return signedInPage(api, email)
}

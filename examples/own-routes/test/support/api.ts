import { type AuthOptions, createAuth } from '@latchkey/core'
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
import { type HttpClient, httpClient } from '../../../../test/support/http-client.ts'
import { serve } from '../../../../test/support/running-host.ts'
import { createApp } from '../../src/app.ts'

export const ADA = 'ada@example.com'
export const PASSWORD = 'correct horse battery'

/** The API on a store that can be told to fail, with a clock that stands still. */
export interface ServedApi {
  readonly client: HttpClient
  readonly outbox: Outbox
  readonly clock: FakeClock
  readonly failing: FailingStore
}

export async function serveApi(options: Partial<AuthOptions> = {}): Promise<ServedApi> {
  const [outbox, clock, store] = [createOutbox(), fakeClock(), sqlStore({ url: 'sqlite::memory:' })]
  await store.migrate()
  const failing = failingStore(store)
  const auth = createAuth({
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    store: failing.store,
    origin: 'https://app.example.com',
    mailer: outbox.send,
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    now: clock.now,
    ...options,
  })
  const host = await serve(createApp({ auth, now: clock.now }))
  onTestFinished(async () => {
    await host.close()
    await auth.close()
    await store.close()
  })
  return { client: httpClient(`${host.url}/api/v1`), outbox, clock, failing }
}

/** Signs up, and resolves the message. */
export async function signUp({ client, outbox }: ServedApi, email = ADA) {
  await client.post('/signup', { email, password: PASSWORD })
  const { link, code } = await outbox.next('activate', email)
  return { token: tokenIn(link), code }
}

/** Signs in, and resolves the tokens. */
export async function signIn({ client }: Pick<ServedApi, 'client'>, password = PASSWORD) {
  const { body } = await client.post('/signin', { email: ADA, password })
  return body as { access_token: string; refresh_token: string; session_id: string }
}

/** Signs up, activates and signs in, and resolves the tokens. */
export async function newAccount(api: ServedApi) {
  const { token } = await signUp(api)
  await api.client.post('/activation', { token })
  return signIn(api)
}

/** The token of a link in a message. */
export function tokenIn(text: string | undefined): string {
  return /#token=([\w.-]+)/.exec(text ?? '')?.[1] ?? ''
}

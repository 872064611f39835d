import { failingStore, fakeClock, weakPasswords } from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import { onTestFinished } from 'vitest'
import { postgresDatabase } from '../../../../../test/servers/databases.ts'
import { httpClient } from '../../../../../test/support/http-client.ts'
import { serve } from '../../../../../test/support/running-host.ts'
import { startMailServer } from '../../../../mail/test/support/smtp.ts'
import { createAccounts } from '../../src/accounts.ts'
import { createApp } from '../../src/app.ts'
import { smtpMailer } from '../../src/mailer.ts'

export const ADA = 'ada@example.com'
export const BEN = 'ben@example.com'
export const PASSWORD = 'correct horse battery'

/** The API on a database of its own unless another is given, with a mail server and a clock that stands still. */
export async function serveApi(url = 'sqlite::memory:') {
  const [clock, inbox] = [fakeClock(), await startMailServer()]
  const store = sqlStore({ url })
  await store.migrate()
  const mail = smtpMailer(inbox.url, 'accounts@example.com')
  const failing = failingStore(store)
  const errors: unknown[] = []
  const auth = createAccounts({
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    store: failing.store,
    origin: 'https://app.example.com',
    mailer: mail.send,
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    now: clock.now,
    onError: (error) => errors.push(error),
  })
  const host = await serve(createApp(auth))
  onTestFinished(async () => {
    await host.close()
    await auth.close()
    mail.close()
    await store.close()
  })
  return { auth, clock, inbox, failing, errors, client: httpClient(`${host.url}/api/v1`) }
}

export type ServedApi = Awaited<ReturnType<typeof serveApi>>

/** A database on PostgreSQL that goes with the test. */
export async function newDatabase(): Promise<string> {
  const { url, drop } = await postgresDatabase()
  onTestFinished(drop)
  return url
}

/** What `Authorization` says of this name and password. */
export function basic(email: string, password = PASSWORD): string {
  return `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`
}

interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
}

/** Logs in, and resolves the tokens. */
export async function logIn({ client }: ServedApi, email = ADA, password = PASSWORD) {
  const headers = { authorization: basic(email, password) }
  const { body } = await client.send('POST', '/login', { headers })
  return body as Tokens
}

/** Signs up and logs in, and resolves the tokens. */
export async function newAccount(api: ServedApi, email = ADA) {
  const body = { first_name: 'Ada', last_name: 'Byron', email, password: PASSWORD }
  await api.client.post('/users/', body)
  return logIn(api, email)
}

/** An account that administers, and its tokens. */
export async function newAdministrator(api: ServedApi, email = 'root@example.com') {
  const { id } = await api.auth.createUser({ email, password: PASSWORD, roles: ['Admin'] })
  return { id, ...(await logIn(api, email)) }
}

/** The token of the link in the newest mail to this address. There may be none. */
export async function mailedToken({ auth, inbox }: ServedApi, email = ADA): Promise<string> {
  await auth.close() // what was to be sent is out
  const arrival = inbox.arrivals.findLast(({ recipients }) => recipients.includes(email))
  const [, token = ''] = /\/api\/v1\/confirm\?token=([\w-]+)\s/.exec(arrival?.mail.text ?? '') ?? []
  return token
}

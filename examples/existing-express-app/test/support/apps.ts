import type { DatabaseSync } from 'node:sqlite'
import type { Auth, AuthOptions } from '@latchkey/core'
import { createOutbox, type Outbox, weakPasswords } from '@latchkey/core/testing'
import { onTestFinished } from 'vitest'
import { type HttpClient, httpClient } from '../../../../test/support/http-client.ts'
import { serve } from '../../../../test/support/running-host.ts'
import * as accounts from '../../src/after/accounts.ts'
import { createApp as createAfter } from '../../src/after/app.ts'
import { openDatabase as openAfter } from '../../src/after/database.ts'
import { createApp as createBefore } from '../../src/before/app.ts'
import { openDatabase as openBefore } from '../../src/before/database.ts'

export const PASSWORD = 'correct horse battery'
export const ADMIN = 'admin@example.com'

/** An app that answers, and what it has logged. */
export interface ServedApp {
  readonly client: HttpClient
  readonly database: DatabaseSync
  readonly log: readonly string[]
}

/** The app with accounts. */
export interface ServedAfter extends ServedApp {
  readonly auth: Auth
  readonly outbox: Outbox
}

/** The app as it was. */
export async function serveBefore(): Promise<ServedApp> {
  const database = openBefore(':memory:')
  return serveApp(database, (log) => createBefore({ database, log }))
}

/** The app with Latchkey, and an administrator. */
export async function serveAfter(options: Partial<AuthOptions> = {}): Promise<ServedAfter> {
  const database = openAfter(':memory:')
  const outbox = createOutbox()
  const auth = await accounts.openAccounts(database, {
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    origin: 'https://members.example.com',
    mailer: outbox.send,
    passwords: weakPasswords,
    maintenance: false,
    ...options,
  })
  await accounts.addAdministrator(auth, ADMIN, PASSWORD)
  onTestFinished(() => auth.close())
  const served = await serveApp(database, (log) => createAfter({ database, auth, log }))
  return { ...served, auth, outbox }
}

type Log = { write(line: string): void }

async function serveApp(database: DatabaseSync, make: (log: Log) => unknown): Promise<ServedApp> {
  const log: string[] = []
  const host = await serve(make({ write: (line) => log.push(line) }))
  onTestFinished(host.close)
  return { client: httpClient(host.url), database, log }
}

/** Registers an address, and resolves the token of its activation link. */
export async function register({ client, outbox }: ServedAfter, email: string): Promise<string> {
  await client.post('/auth/register', { email, password: PASSWORD })
  return tokenIn((await outbox.next('activate', email)).link)
}

/** Logs in, and resolves the tokens. */
export async function logIn(
  { client }: Pick<ServedApp, 'client'>,
  identifier: string,
  password = PASSWORD,
) {
  const { body } = await client.post('/auth/login', { identifier, password })
  return body as { accessToken: string; refreshToken: string }
}

/** Registers, activates and logs in, and resolves the access token. */
export async function bearerOfNew(app: ServedAfter, email: string): Promise<string> {
  await app.client.post('/auth/activate', { token: await register(app, email) })
  return (await logIn(app, email)).accessToken
}

/** Sends a change of a member's profile. */
export function change(
  { client }: Pick<ServedApp, 'client'>,
  path: string,
  body: unknown,
  bearer?: string,
) {
  return client.send('PATCH', path, {
    headers: {
      'content-type': 'application/json',
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Puts a member into the directory, past the routes. */
export function addMember({ database }: ServedApp, email: string, displayName: string): string {
  const row = database
    .prepare(`insert into members (email, display_name, team) values (?, ?, 'Chess') returning id`)
    .get(email, displayName)
  return `/members/${row?.id}`
}

/** The token of a link in a message. */
export function tokenIn(text: string | undefined): string {
  return /#token=([\w.-]+)/.exec(text ?? '')?.[1] ?? ''
}

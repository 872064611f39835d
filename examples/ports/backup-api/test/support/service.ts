import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Auth, type AuthOptions, createAuth, type Store } from '@latchkey/core'
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
import { type HttpClient, httpClient } from '../../../../../test/support/http-client.ts'
import { serve } from '../../../../../test/support/running-host.ts'
import { accounts } from '../../src/accounts.ts'
import { createApp } from '../../src/app.ts'
import { type BackupOptions, createBackups } from '../../src/backups.ts'

export const ADA = { username: 'ada', email: 'ada@example.com', password: 'correct horse battery' }
export const BEN = { username: 'ben', email: 'ben@example.com', password: 'paper boats afloat' }
export const SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'
export const PASSPHRASE = 'seven lanterns by the lake'

/** The service on a database in memory, with a clock that stands still and a folder of its own. */
export interface Service {
  readonly client: HttpClient
  readonly auth: Auth
  readonly outbox: Outbox
  readonly clock: FakeClock
  readonly failing: FailingStore
  readonly folder: string
  /** What the operator hears of. */
  readonly failures: readonly unknown[]
}

export async function serveService(options: Partial<BackupOptions> = {}): Promise<Service> {
  const [outbox, clock, store] = [createOutbox(), fakeClock(), await newStore()]
  const failing = failingStore(store)
  const failures: unknown[] = []
  const auth = authOn(failing.store, {
    mailer: outbox.send,
    now: clock.now,
    onError: (error) => void failures.push(error),
  })
  const folder = join(newFolder(), 'backups')
  const backups = createBackups({
    auth,
    store: failing.store,
    folder,
    passphrase: PASSPHRASE,
    workFactor: 1,
    now: clock.now,
    ...options,
  })
  const client = await serveFor(createApp({ auth, backups }))
  return { client, auth, outbox, clock, failing, folder, failures }
}

/** An empty database. */
export async function newStore(url = 'sqlite::memory:'): Promise<Store> {
  const store = sqlStore({ url })
  onTestFinished(() => store.close())
  await store.migrate()
  return store
}

/** The accounts of the port on this store. */
export function authOn(store: Store, options: Partial<AuthOptions> = {}) {
  const auth = createAuth({
    ...accounts,
    secret: SECRET,
    store,
    origin: 'https://app.example.com',
    mailer: () => {},
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    ...options,
  })
  onTestFinished(() => auth.close())
  return auth
}

/** A client of this app, for as long as the test runs. */
export async function serveFor(app: ReturnType<typeof createApp>): Promise<HttpClient> {
  const host = await serve(app)
  onTestFinished(host.close)
  return httpClient(host.url)
}

/** An empty folder, for as long as the test runs. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-backup-api-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Signs up, opens the link, logs in, and resolves the tokens. */
export async function newUser(service: Service, person = ADA): Promise<Session> {
  const { client, outbox } = service
  await client.post('/signup', person)
  const { link } = await outbox.next('activate', person.email)
  await client.post('/auth/activate', { token: /#token=([\w.-]+)/.exec(link ?? '')?.[1] })
  return logIn(service, person)
}

/** An administrator who is logged in. */
export async function newAdministrator(service: Service, person = ADA): Promise<Session> {
  await service.auth.createUser({ ...person, emailVerified: true, roles: ['admin'] })
  return logIn(service, person)
}

/** What a client keeps of a login. */
export interface Session {
  readonly accessToken: string
  readonly refreshToken: string
}

export async function logIn({ client }: Pick<Service, 'client'>, { email, password } = ADA) {
  const { body } = await client.post('/login', { email, password })
  return body as Session
}

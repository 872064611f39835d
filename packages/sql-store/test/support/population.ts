import type { EventRecord, OneTimeToken, Session, User } from '@latchkey/core'
import { type Auth, createAuth } from '@latchkey/core'
import { createOutbox, fakeClock, weakPasswords } from '@latchkey/core/testing'
import type { SqlStore } from '@latchkey/sql-store'
import { type AdministeredHoldings, administer } from './administered-people.ts'
import { type Blank, TABLES } from './databases.ts'
import { everyEvent } from './list-queries.ts'

/** All that is in a database. */
export interface Records {
  readonly users: readonly User[]
  readonly sessions: readonly Session[]
  readonly oneTimeTokens: readonly OneTimeToken[]
  readonly events: readonly EventRecord[]
}

/** What the people of a database hold, and with it can show that they still are who they are. */
export interface Holdings {
  readonly now: string
  readonly password: string
  readonly refreshToken: string
  readonly endedRefreshToken: string
  readonly resetToken: string
  readonly resetCode: string
  readonly activationToken: string
  /** Only of tables that have been there since 0002-administration. */
  readonly administered?: AdministeredHoldings
}

export const PEOPLE = {
  ada: 'Ada.Lovelace@example.com',
  grace: 'grace@example.com',
  admin: 'admin@example.com',
  disabled: 'disabled@example.com',
  deleted: 'deleted@example.com',
}

const PASSWORD = 'Ḑer sehr lange Schlüssel 💡'

/** An auth at that time, whose tokens are good in every run. */
export function authAt(store: SqlStore, now: Date) {
  const clock = fakeClock(now)
  const outbox = createOutbox()
  const auth = createAuth({
    secret: 'a-secret-for-tests-0123456789-abcdefghijk',
    store,
    origin: 'https://app.example',
    identifiers: ['email', 'username', 'phone'],
    optionalIdentifiers: ['phone'],
    mailer: outbox.send,
    sms: outbox.send,
    impersonation: true,
    deletionGrace: 86_400,
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    now: clock.now,
  })
  return { auth, outbox, clock }
}

/** Lets people of every status do what leaves records. */
export async function populate(store: SqlStore): Promise<Holdings> {
  const { auth, outbox, clock } = authAt(store, new Date('2030-01-01T00:00:00.123Z'))
  const tokenFor = async (kind: 'activate' | 'reset_password', to: string) => {
    const { link, code } = await outbox.next(kind, to)
    return { token: link?.split('token=')[1] ?? '', code: code ?? '' }
  }
  const canonical = PEOPLE.ada.toLowerCase()
  await auth.register({ email: PEOPLE.ada, username: 'Ada-L', password: PASSWORD })
  await auth.activate({ token: (await tokenFor('activate', PEOPLE.ada)).token })
  const login = () =>
    auth.login(
      { identifier: canonical, password: PASSWORD, device: { name: "Adas 💡 'Telefon' \\ 📱" } },
      { ip: '2001:db8::1', userAgent: 'Браузер/1.0 💡' },
    )
  const ended = await login()
  await auth.logout(ended.refreshToken)
  clock.advance(60)
  const { refreshToken } = await auth.refresh({ refreshToken: (await login()).refreshToken })
  await auth.login({ identifier: canonical, password: 'not her password' }).catch(() => {})
  await auth.forgotPassword({ identifier: canonical })
  const reset = await tokenFor('reset_password', PEOPLE.ada)
  await auth.register({ email: PEOPLE.grace, username: 'grace', password: PASSWORD })
  const activation = await tokenFor('activate', PEOPLE.grace)
  await addOthers(auth, store)
  const administered = await administer({ auth, outbox, password: PASSWORD })
  await auth.close()
  return {
    now: clock.now().toISOString(),
    password: PASSWORD,
    refreshToken,
    endedRefreshToken: ended.refreshToken,
    resetToken: reset.token,
    resetCode: reset.code,
    activationToken: activation.token,
    administered,
  }
}

/** What no flow does, or not all at once. */
async function addOthers(auth: Auth, store: SqlStore): Promise<void> {
  const add = async (name: 'admin' | 'disabled' | 'deleted', roles: string[]) => {
    const username = `${name}-person`
    const { id } = await auth.createUser({
      email: PEOPLE[name],
      username,
      password: PASSWORD,
      roles,
    })
    return id
  }
  const later = new Date('2030-02-28T23:59:59.999Z')
  const profile = {
    '💡': ['𝔸𝖉𝒂', '\\ \' " ; --\n\ttab'],
    n: 0.1,
    nested: { null: null, true: true },
  }
  const [found] = [await store.users.findByIdentifier({ kind: 'username', value: 'ada-l' })]
  await store.users.update(found?.id ?? '', found?.version ?? 0, {
    profile,
    phone: '+4915112345678',
    phoneVerifiedAt: later,
  })
  const admin = await add('admin', ['admin', 'user'])
  await store.users.update(admin, 1, { leavingAdmin: true, claimsVersion: 1 })
  const disabled = await add('disabled', [])
  await store.users.update(disabled, 1, {
    status: 'disabled',
    credentialEpoch: 1,
    deleteAfter: later,
  })
  const deleted = await add('deleted', ['user'])
  const nobody = { email: null, emailAsTyped: null, username: null, usernameAsTyped: null }
  const gone = { ...nobody, passwordHash: null, profile: {}, credentialEpoch: 1 }
  await store.users.update(deleted, 1, { ...gone, status: 'deleted', updatedAt: later })
}

/** Reads everything by the verbs of the store. */
export async function gather(store: SqlStore, { query }: Pick<Blank, 'query'>): Promise<Records> {
  const [users, sessions, tokens] = await Promise.all(
    TABLES.slice(0, 3).map((table) => query(`select * from ${table} order by id`)),
  )
  const beforeAll = new Date(0)
  const events = await store.events.list({ ...everyEvent, limit: 1000 })
  return {
    users: await each(users, ({ id }) => store.users.find(String(id))),
    sessions: (await each(sessions, ({ id }) => store.sessions.find(String(id)))).map(
      ({ session }) => session,
    ),
    oneTimeTokens: await each(tokens, ({ link_hash: hash, purpose }) =>
      store.oneTimeTokens.find(String(hash), purpose as OneTimeToken['purpose'], beforeAll),
    ),
    events,
  }
}

async function each<T>(
  rows: readonly Record<string, unknown>[] = [],
  find: (row: Record<string, unknown>) => Promise<T | null>,
): Promise<T[]> {
  const found = await Promise.all(rows.map(find))
  return found.filter((record) => record !== null)
}

/** Writes everything by the verbs of the store. */
export async function write(store: SqlStore, records: Records): Promise<void> {
  for (const user of records.users) await store.users.insert(user)
  for (const session of records.sessions) await store.sessions.insert(session)
  for (const token of records.oneTimeTokens) await store.oneTimeTokens.put(token)
  await store.events.append(records.events)
}

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Auth } from '@latchkey/core'
import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { migrations } from '../src/migrations/migrations.ts'
import { ADMINISTERED, type AdministeredHoldings } from './support/administered-people.ts'
import { type Blank, type DatabaseKind, kinds, sqlite } from './support/databases.ts'
import { dump } from './support/dump.ts'
import { blankForTest } from './support/faults.ts'
import {
  authAt,
  gather,
  type Holdings,
  PEOPLE,
  populate,
  type Records,
  write,
} from './support/population.ts'
import { schemaOf } from './support/schema.ts'

vi.setConfig({ testTimeout: 30_000 })

/** A folder for each version of the tables: a database of it on each engine, and what is in it. */
const VERSIONS = join(import.meta.dirname, 'versions')
const newest = Object.keys(migrations).at(-1) ?? ''

interface Kept {
  readonly records: Records
  readonly holdings: Holdings
}

// Whoever adds a migration makes the folder once, with all servers at hand: `KEEP_VERSION=yes vitest run versions`.
if (process.env.KEEP_VERSION !== undefined && !existsSync(join(VERSIONS, newest))) {
  it(`keeps databases of ${newest}`, () => keepVersion(join(VERSIONS, newest)))
} else {
  it('every version of the tables has a database that is kept', () => {
    expect(readdirSync(VERSIONS).sort()).toEqual(Object.keys(migrations))
  })
}

async function keepVersion(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const first = await blankForTest(sqlite)
  const store = sqlStore({ url: first.url })
  await store.migrate()
  const holdings = await populate(store)
  const records = await gather(store, first)
  await store.close()
  const kept: Kept = { holdings, records }
  writeFileSync(join(folder, 'records.json'), `${JSON.stringify(kept, null, 2)}\n`)
  for (const kind of kinds) {
    const database = await blankForTest(kind)
    const text = await dump(kind, database, async ({ url, query }) => {
      const copy = sqlStore({ url })
      await write(copy, records)
      await copy.close()
      await query(
        'update latchkey_sessions set changed_at = revoked_at where revoked_at is not null',
      )
    })
    writeFileSync(join(folder, `${kind.fileName}.sql`), text)
  }
}

for (const version of existsSync(VERSIONS) ? readdirSync(VERSIONS) : []) {
  for (const kind of kinds) {
    describe.skipIf(!kind.available)(`${kind.name} with the tables of ${version}`, () => {
      it('gets the tables of today, and keeps every record', async () => {
        const { database, store, records } = await migratedFrom(version, kind)
        await expect(await schemaOf(kind, database)).toMatchFileSnapshot(
          `schema/${kind.fileName}.txt`,
        )
        // As JSON, where dates are text; members that were added later are not asked for.
        const now = JSON.parse(JSON.stringify(await gather(store, database)))
        expect(now).toMatchObject(JSON.parse(JSON.stringify(records)))
        for (const [name, list] of Object.entries(records))
          expect(now[name]).toHaveLength(list.length)
      })

      it('serves its people as before', async () => {
        const { store, holdings } = await migratedFrom(version, kind)
        const { auth, clock } = authAt(store, new Date(holdings.now))
        onTestFinished(() => auth.close())
        const { password } = holdings
        const login = (identifier: string) => auth.login({ identifier, password })
        const refused = { code: 'invalid_credentials' }

        expect(await login('ADA-L')).toMatchObject({ status: 'admitted' })
        expect(await login(PEOPLE.admin)).toMatchObject({ user: { roles: ['admin', 'user'] } })
        await expect(login(PEOPLE.disabled)).rejects.toMatchObject(refused)
        await expect(login(PEOPLE.deleted)).rejects.toMatchObject(refused)
        await expect(login(PEOPLE.grace)).rejects.toMatchObject({ code: 'account_not_activated' })
        await auth.activate({ token: holdings.activationToken })
        await login(PEOPLE.grace)

        const refresh = (refreshToken: string) => auth.refresh({ refreshToken })
        await expect(refresh(holdings.endedRefreshToken)).rejects.toThrow()
        clock.advance(60)
        const { accessToken, refreshToken } = await refresh(holdings.refreshToken)
        expect(await auth.authenticate(accessToken)).toMatchObject({ user: { roles: ['user'] } })
        await auth.resetPassword({
          token: holdings.resetToken,
          newPassword: 'another long password',
        })
        await expect(refresh(refreshToken)).rejects.toThrow()
        await expect(login('ada-l')).rejects.toMatchObject(refused)
      })

      const { administered, now, password } = keptIn(version).holdings
      if (administered === undefined) return
      it('lets its administrators and its people finish what they began', async () => {
        const { store } = await migratedFrom(version, kind)
        const { auth } = authAt(store, new Date(now))
        onTestFinished(() => auth.close())
        await expectAdministered({ auth, holdings: administered, password })
      })
    })
  }
}

interface Served {
  readonly auth: Auth
  readonly holdings: AdministeredHoldings
  readonly password: string
}

async function expectAdministered({ auth, holdings, password }: Served): Promise<void> {
  const login = (identifier: string) => auth.login({ identifier, password })
  const acting = await auth.refresh({ refreshToken: holdings.actingRefreshToken })
  const { user, actor } = await auth.authenticate(acting.accessToken)
  expect({ user, actor }).toMatchObject({ user: { roles: ['staff', 'user'] }, actor: {} })
  const { events } = await auth.listEvents('system', { actorId: actor?.id ?? '' })
  const types = ['user.impersonated', 'user.roles_changed', 'user.invited']
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(types))

  await auth.acceptInvitation({ token: holdings.invitationToken, username: 'invited', password })
  expect(await login(ADMINISTERED.invited)).toMatchObject({ user: { roles: ['staff'] } })
  const { accessToken } = await login(ADMINISTERED.changing)
  const changing = await auth.authenticate(accessToken)
  await auth.confirmPhone(changing, { code: holdings.changePhoneCode })
  await auth.confirmEmail(changing, { token: holdings.changeEmailToken })
  expect(await login(ADMINISTERED.changingTo)).toMatchObject({
    user: { phone: ADMINISTERED.changingPhone },
  })
  await auth.undoEmailChange({ token: holdings.undoToken })
  const { users } = await auth.listUsers('system', { search: 'moved' })
  expect(users.map(({ email }) => email)).toEqual([ADMINISTERED.moved])
  await login(ADMINISTERED.leaving)
  const leaving = await auth.listUsers('system', { search: ADMINISTERED.leaving })
  expect(leaving.users).toMatchObject([{ status: 'active', deleteAfter: null }])
}

async function migratedFrom(version: string, kind: DatabaseKind) {
  const folder = join(VERSIONS, version)
  const database: Blank = await blankForTest(kind)
  await database.load(readFileSync(join(folder, `${kind.fileName}.sql`), 'utf8'))
  const store: SqlStore = sqlStore({ url: database.url })
  onTestFinished(() => store.close())
  const names = Object.keys(migrations)
  expect(await store.migrate()).toEqual(names.slice(names.indexOf(version) + 1))
  return { ...keptIn(version), database, store }
}

function keptIn(version: string): Kept {
  return JSON.parse(readFileSync(join(VERSIONS, version, 'records.json'), 'utf8'))
}

import { backUp, restore } from '@latchkey/backup'
import type { User } from '@latchkey/core'
import { type SqlStore, sqlStore } from '@latchkey/sql-store'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Blank, type DatabaseKind, kinds } from './support/databases.ts'
import { blankForTest } from './support/faults.ts'
import { gather, populate } from './support/population.ts'

const guard = { passphrase: 'seven horses on a bicycle', workFactor: 2 }
const available = kinds.filter((kind) => kind.available)

describe.each(available)('a backup from $name', (from) => {
  it.each(available)('brings every account and event to $name', async (to) => {
    const old = await migratedStore(from)
    await populate(old.store)
    const before = await gather(old.store, old.database)
    const fresh = await migratedStore(to)
    const report = await restore(fresh.store, backUp(old.store, guard), guard)

    const kept = before.users.filter(({ status }) => status !== 'deleted')
    expect(report).toEqual({ users: kept.length, events: before.events.length, conflicts: [] })
    const after = await gather(fresh.store, fresh.database)
    // These are new with every restoration.
    const counters = { version: 1, credentialEpoch: 0, claimsVersion: 0, failedLogins: 0 }
    const same = { ...counters, leavingAdmin: false, updatedAt: null }
    const accounts = (users: readonly User[]) => byId(users).map((user) => ({ ...user, ...same }))
    expect(accounts(after.users)).toEqual(accounts(kept))
    const isOwn = ({ type }: { type: string }) => type === 'users.restored'
    expect(byId(after.events.filter((event) => !isOwn(event)))).toEqual(byId(before.events))
  })
})

async function migratedStore(kind: DatabaseKind): Promise<{ database: Blank; store: SqlStore }> {
  const database = await blankForTest(kind)
  const store = sqlStore({ url: database.url })
  onTestFinished(() => store.close())
  await store.migrate()
  return { database, store }
}

function byId<Rec extends { readonly id: string }>(records: readonly Rec[]): Rec[] {
  return records.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

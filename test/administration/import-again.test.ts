import type { ImportUsersOptions } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { cheapVectors, type Vector } from '../../packages/core/test/support/password-hashes.ts'
import { eventsOf } from '../support/administration.ts'
import { logsIn } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'
import {
  complaintsIn,
  exported,
  importObjects,
  withLevels as options,
} from '../support/transfer.ts'

const [bcrypt] = cheapVectors as readonly [Vector, ...Vector[]]
const ID = '0190a5f2-0000-7000-8000-0000000000aa'
const OTHER_ID = '0190a5f2-0000-7000-8000-0000000000bb'

async function recordOf({ store }: Setup, email: string) {
  const user = await store.users.findByIdentifier({ kind: 'email', value: email })
  if (user === null) throw new Error(`nobody has ${email}`)
  return user
}

/** Imports one row, and says what became of it. */
async function fate({ auth }: Setup, row: object, rules: ImportUsersOptions = {}) {
  const report = await importObjects(auth, [row], rules)
  if (report.refused > 0) return complaintsIn(report)
  return (['created', 'updated', 'skipped'] as const).find((outcome) => report[outcome] === 1)
}

const updating = { ifExists: 'update' } as const

describe('an import of accounts that exist', () => {
  it('leaves them alone, or refuses them, or brings them into line, as asked', async () => {
    const setup = setUp(options)
    const row = { email: 'ada@example.com', profile: { name: 'Ada' } }
    expect(await fate(setup, row)).toBe('created')
    const { version } = await recordOf(setup, row.email)
    const changed = { email: 'ADA@example.com', profile: { level: 3 } }
    expect(await fate(setup, changed)).toBe('skipped')
    expect(await fate(setup, changed, { ifExists: 'refuse' })).toEqual(['1 /email taken'])
    expect((await recordOf(setup, row.email)).version).toBe(version)
    expect(await fate(setup, changed, updating)).toBe('updated')
    expect(await recordOf(setup, row.email)).toMatchObject({
      emailAsTyped: 'ADA@example.com',
      profile: { name: 'Ada', level: 3 },
      version: version + 1,
    })
  })

  it('writes nothing where nothing is to be changed', async () => {
    const setup = setUp(options)
    const row = {
      email: 'ada@example.com',
      emailVerified: true,
      username: 'ada',
      phone: '+12025550100',
      passwordHash: bcrypt.hash,
      roles: ['user', 'staff'],
      status: 'active',
      profile: { name: 'Ada' },
      createdAt: '2020-01-01T00:00:00Z',
    }
    expect(await fate(setup, row)).toBe('created')
    const before = await recordOf(setup, row.email)
    setup.clock.advance(60)
    const rules = { ...updating, updatePasswords: true }
    expect(await fate(setup, { ...row, roles: ['staff', 'user'] }, rules)).toBe('skipped')
    expect(await recordOf(setup, row.email)).toEqual(before)
  })

  it('changes each thing that a row names, and no other', async () => {
    const setup = setUp(options)
    await importObjects(setup.auth, [
      { email: 'ada@example.com', emailVerified: true, username: 'ada', profile: { name: 'Ada' } },
    ])
    const before = await recordOf(setup, 'ada@example.com')
    const at = setup.clock.advance(60) ?? setup.clock.now()
    const steps: readonly (readonly [object, object])[] = [
      [{ username: 'Lovelace' }, { username: 'lovelace', usernameAsTyped: 'Lovelace' }],
      [
        { phone: '+12025550100', phoneVerified: true },
        { phone: '+12025550100', phoneVerifiedAt: at },
      ],
      [{ emailVerified: false }, { emailVerifiedAt: null }],
      [{ roles: ['staff'] }, { roles: ['staff'], claimsVersion: 1 }],
      [{ profile: { name: null, level: 1 } }, { profile: { level: 1 } }],
      [{ status: 'disabled' }, { status: 'disabled', credentialEpoch: 1 }],
      [{ status: 'active' }, { status: 'active' }],
    ]
    let expected: object = before
    for (const [change, result] of steps) {
      expect(await fate(setup, { email: 'ada@example.com', ...change }, updating)).toBe('updated')
      const { version, updatedAt } = await recordOf(setup, 'ada@example.com')
      expected = { ...expected, ...result, version, updatedAt }
      expect(await recordOf(setup, 'ada@example.com')).toEqual(expected)
    }
    await setup.auth.close()
    const told = setup.events.filter(({ type }) => type === 'user.updated')
    expect(told.map((event) => 'fields' in event && event.fields)).toEqual([
      ['username'],
      ['phone', 'phoneVerified'],
      ['emailVerified'],
      ['roles'],
      ['profile'],
      ['status'],
      ['status'],
    ])
    expect(await eventsOf(setup, 'user.roles_changed')).toMatchObject([
      { added: ['staff'], removed: ['user'], actorId: null },
    ])
    expect(await eventsOf(setup, 'user.disabled')).toHaveLength(1)
    expect(await eventsOf(setup, 'user.enabled')).toHaveLength(1)
  })

  it('knows an account again by its id, whatever else has changed', async () => {
    const setup = setUp(options)
    await importObjects(setup.auth, [{ id: ID, email: 'ada@example.com', emailVerified: true }])
    expect(await fate(setup, { id: ID, email: 'lovelace@example.com' }, updating)).toBe('updated')
    expect(await recordOf(setup, 'lovelace@example.com')).toMatchObject({
      id: ID,
      emailVerifiedAt: null,
    })
    expect(await fate(setup, { id: ID, email: 'countess@example.com' })).toBe('skipped')
  })

  it('refuses a row that is about two accounts, or about one under another id', async () => {
    const setup = setUp(options)
    await importObjects(setup.auth, [
      { id: ID, email: 'ada@example.com', username: 'ada' },
      { id: OTHER_ID, email: 'bob@example.com', phone: '+12025550100' },
    ])
    const before = await exported(setup.auth, { format: 'ndjson' })
    const cases: readonly (readonly [object, readonly string[]])[] = [
      [{ email: 'ada@example.com', phone: '+12025550100' }, ['1 /phone taken']],
      [{ email: 'bob@example.com', username: 'ada' }, ['1 /username taken']],
      [{ id: ID, email: 'bob@example.com' }, ['1 /email taken']],
      [{ id: ID.replace('aa', 'cc'), email: 'ada@example.com' }, ['1 /id taken']],
      [{ email: 'eve@example.com', username: 'ada' }, ['1 /username taken']],
    ]
    for (const ifExists of ['skip', 'update', 'refuse'] as const) {
      for (const [row, complaints] of cases) {
        expect(await fate(setup, row, { ifExists })).toEqual(complaints)
      }
    }
    expect(await exported(setup.auth, { format: 'ndjson' })).toBe(before)
  })

  it('does not give the id of somebody who was deleted to somebody else', async () => {
    const setup = setUp(options)
    await importObjects(setup.auth, [{ id: ID, email: 'ada@example.com' }])
    await setup.auth.deleteUser('system', ID)
    expect(await fate(setup, { id: ID, email: 'ada@example.com' })).toEqual(['1 /id taken'])
    expect(await fate(setup, { email: 'ada@example.com' })).toBe('created')
  })

  it('changes no password unless it is told to, and then ends the sessions', async () => {
    const setup = setUp(options)
    const { email, session } = await accountOf(setup)
    const row = { email, password: 'another fine password' }
    expect(await fate(setup, row, updating)).toBe('skipped')
    expect(await fate(setup, { email, passwordHash: bcrypt.hash }, updating)).toBe('skipped')
    expect(await logsIn(setup, email)).toBe(true)
    const rules = { ...updating, updatePasswords: true }
    expect(await fate(setup, { email, password: PASSWORD }, rules)).toBe('skipped')
    await setup.auth.authenticate(session.accessToken)
    expect(await fate(setup, row, rules)).toBe('updated')
    await expect(setup.auth.authenticate(session.accessToken)).rejects.toMatchObject({
      code: 'invalid_token',
    })
    expect(await logsIn(setup, email)).toBe(false)
    expect(await logsIn(setup, email, row.password)).toBe(true)
    expect(await fate(setup, { email, passwordHash: bcrypt.hash }, rules)).toBe('updated')
    expect(await logsIn(setup, email, bcrypt.password)).toBe(true)
  })

  it('S092 ends the sessions of whom it disables', async () => {
    const setup = setUp(options)
    const { email, session } = await accountOf(setup)
    expect(await fate(setup, { email, status: 'disabled' }, updating)).toBe('updated')
    await expect(setup.auth.authenticate(session.accessToken)).rejects.toThrow()
    await setup.auth.close()
    const stored = await setup.store.sessions.find(session.sessionId)
    expect(stored?.session.revokedReason).toBe('disabled')
  })

  it('lets nobody who has been activated wait again', async () => {
    const setup = setUp(options)
    const row = { email: 'ada@example.com', status: 'pending' }
    expect(await fate(setup, row)).toBe('created')
    expect(await fate(setup, row, updating)).toBe('skipped')
    await setup.auth.enableUser('system', (await recordOf(setup, row.email)).id)
    expect(await fate(setup, row, updating)).toBe('skipped')
    expect((await recordOf(setup, row.email)).status).toBe('active')
  })

  it('S021 puts the account in the place of a registration that nobody has confirmed', async () => {
    for (const ifExists of ['skip', 'update', 'refuse'] as const) {
      const setup = setUp(options)
      await setup.auth.register({ email: 'ada@example.com', username: 'ada', password: PASSWORD })
      const { link } = await setup.outbox.next('activate', 'ada@example.com')
      const stranger = await recordOf(setup, 'ada@example.com')
      const row = { id: ID, email: 'ada@example.com', username: 'ada', passwordHash: bcrypt.hash }
      expect(await fate(setup, row, { ifExists, dryRun: true })).toBe('created')
      expect((await recordOf(setup, 'ada@example.com')).id).toBe(stranger.id)
      expect(await fate(setup, row, { ifExists })).toBe('created')
      expect(await recordOf(setup, 'ada@example.com')).toMatchObject({
        id: ID,
        status: 'active',
        emailVerifiedAt: null,
        passwordHash: bcrypt.hash,
      })
      await expect(
        setup.auth.activate({ token: link?.split('token=')[1] ?? '' }),
      ).rejects.toMatchObject({ code: 'invalid_one_time_token' })
      expect(await logsIn(setup, 'ada@example.com')).toBe(false)
    }
  })

  it('leaves a name to whoever registered it and waits', async () => {
    const setup = setUp(options)
    await setup.auth.register({ email: 'eve@example.com', username: 'ada', password: PASSWORD })
    const row = { email: 'ada@example.com', username: 'ada' }
    expect(await fate(setup, row, updating)).toEqual(['1 /username taken'])
    expect((await recordOf(setup, 'eve@example.com')).username).toBe('ada')
  })
})

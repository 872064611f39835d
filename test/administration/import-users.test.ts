import { describe, expect, it } from 'vitest'
import { cheapVectors, type Vector } from '../../packages/core/test/support/password-hashes.ts'
import { enlist, eventsOf } from '../support/administration.ts'
import { logsIn } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'
import {
  exported,
  importObjects,
  importText,
  withLevels as options,
  sequence,
} from '../support/transfer.ts'

const [bcrypt] = cheapVectors as readonly [Vector, ...Vector[]]

async function recordOf({ store }: Setup, email: string) {
  return store.users.findByIdentifier({ kind: 'email', value: email })
}

describe('an import of users', () => {
  it('makes an account of each row, from CSV, NDJSON and objects alike', async () => {
    const id = '0190a5f2-0000-7000-8000-0000000000aa'
    const rows = {
      csv: `id,email,emailVerified,username,phone,phoneVerified,passwordHash,roles,status,createdAt,profile
${id.toUpperCase()},Ada@Example.com,true,Ada,+1 202 555 0100,true,${bcrypt.hash},user staff,disabled,2020-01-02T03:04:05+01:00,"{""name"":""Ada"",""level"":3}"`,
      ndjson: JSON.stringify({
        id,
        email: 'Ada@Example.com',
        emailVerified: true,
        username: 'Ada',
        phone: '+12025550100',
        phoneVerified: true,
        passwordHash: bcrypt.hash,
        roles: ['user', 'staff'],
        status: 'disabled',
        createdAt: '2020-01-02T02:04:05.000Z',
        profile: { name: 'Ada', level: 3 },
      }),
    }
    const imports: readonly ((setup: Setup) => Promise<unknown>)[] = [
      ({ auth }) => importText(auth, rows.csv),
      ({ auth }) => importText(auth, rows.ndjson, { format: 'ndjson' }),
      ({ auth }) => importObjects(auth, [JSON.parse(rows.ndjson)]),
    ]
    for (const run of imports) {
      const setup = setUp(options)
      expect(await run(setup)).toEqual({
        rows: 1,
        created: 1,
        updated: 0,
        skipped: 0,
        refused: 0,
        complete: true,
        errors: [],
      })
      expect(await recordOf(setup, 'ada@example.com')).toMatchObject({
        id,
        emailAsTyped: 'Ada@Example.com',
        emailVerifiedAt: setup.clock.now(),
        username: 'ada',
        usernameAsTyped: 'Ada',
        phone: '+12025550100',
        phoneVerifiedAt: setup.clock.now(),
        passwordHash: bcrypt.hash,
        roles: ['user', 'staff'],
        status: 'disabled',
        profile: { name: 'Ada', level: 3 },
        createdAt: new Date('2020-01-02T02:04:05Z'),
        version: 1,
      })
    }
  })

  it('needs no more than an identifier: what is missing or null has its default', async () => {
    const setup = setUp(options)
    await importObjects(setup.auth, [
      { email: 'ada@example.com', username: null, roles: null, profile: {}, updatedAt: null },
    ])
    expect(await recordOf(setup, 'ada@example.com')).toMatchObject({
      emailVerifiedAt: null,
      username: null,
      passwordHash: null,
      roles: ['user'],
      status: 'active',
      profile: {},
      createdAt: setup.clock.now(),
    })
  })

  it('S008 lets people go on with the passwords that they have, hashed elsewhere or not at all', async () => {
    const setup = setUp(options)
    const report = await importObjects(setup.auth, [
      { email: 'hash@example.com', passwordHash: bcrypt.hash },
      { email: 'plain@example.com', password: 'short' },
      { email: 'none@example.com' },
    ])
    expect(report.created).toBe(3)
    expect(await logsIn(setup, 'hash@example.com', bcrypt.password)).toBe(true)
    expect(await logsIn(setup, 'plain@example.com', 'short')).toBe(true)
    expect((await recordOf(setup, 'plain@example.com'))?.passwordHash).toMatch(/^\$argon2id\$/)
    expect(await logsIn(setup, 'none@example.com', '')).toBe(false)
    await setup.auth.forgotPassword({ identifier: 'none@example.com' })
    expect(await setup.outbox.next('reset_password', 'none@example.com')).toBeDefined()
  })

  it('sends nothing to anybody', async () => {
    const setup = setUp(options)
    await importObjects(setup.auth, [
      { email: 'ada@example.com', emailVerified: false, status: 'pending' },
      { email: 'bob@example.com', emailVerified: false },
    ])
    await setup.auth.close()
    expect(setup.outbox.messages).toEqual([])
  })

  it('keeps the first thousand refusals, and counts all', async () => {
    const { auth } = setUp(options)
    const rows = Array.from({ length: 2500 }, (_, index) =>
      index === 2000 ? { email: 'ada@example.com' } : { email: 'nobody' },
    )
    const report = await importObjects(auth, rows)
    expect(report).toMatchObject({ rows: 2500, created: 1, refused: 2499 })
    expect(report.errors.map(({ row }) => row)).toEqual(
      Array.from({ length: 1000 }, (_, index) => index + 1),
    )
  })

  it('stops at the first refusal where that is asked for: no later row is written', async () => {
    const setup = setUp(options)
    const rows = [{ email: 'a1@example.com' }, { email: 'nobody' }, { email: 'a3@example.com' }]
    const stopped = await importObjects(setup.auth, rows, { onError: 'stop' })
    expect(stopped).toMatchObject({ rows: 2, created: 1, refused: 1, complete: false })
    expect(await recordOf(setup, 'a3@example.com')).toBeNull()
    const last = await importObjects(setup.auth, rows.slice(0, 2), { onError: 'stop' })
    expect(last).toMatchObject({ rows: 2, skipped: 1, refused: 1, complete: true })
  })

  it('checks everything and writes nothing in a dry run', async () => {
    const setup = setUp(options)
    await accountOf(setup)
    const rows = [
      { email: 'ada@example.com' },
      { email: 'bob@example.com', username: 'bob', password: PASSWORD },
      { email: 'eve@example.com', username: 'BOB' },
      { email: 'nobody' },
      { email: 'ada@example.com', username: 'lovelace' },
    ]
    const before = await exported(setup.auth, { format: 'ndjson' })
    const dry = await importObjects(setup.auth, rows, { dryRun: true })
    expect(await exported(setup.auth, { format: 'ndjson' })).toBe(before)
    expect(await eventsOf(setup, 'users.imported')).toEqual([])
    expect(dry).toMatchObject({ rows: 5, created: 1, skipped: 1, refused: 3 })
    expect(await importObjects(setup.auth, rows)).toEqual(dry)
  })

  it('is told of in the audit log, without an address', async () => {
    const setup = setUp(options)
    const root = await enlist(setup, 'root', ['admin'])
    const client = { ip: '192.0.2.7', userAgent: 'Test' }
    const rows = [{ email: 'ada@example.com' }, { email: 'nobody' }, { email: 'root@example.com' }]
    await setup.auth.importUsers(root.principal, sequence(rows), {}, client)
    const told = await eventsOf(setup, 'users.imported')
    expect(told).toMatchObject([{ created: 1, updated: 0, refused: 1, actorId: root.id, client }])
    expect(JSON.stringify(told)).not.toContain('@')
  })

  it('refuses options that there are not', async () => {
    const { auth } = setUp(options)
    for (const wrong of [
      { ifExists: 'replace' },
      { dryRun: 'maybe' },
      { format: 'xml' },
      { all: 1 },
    ]) {
      await expect(auth.importUsers('system', sequence([]), wrong as object)).rejects.toMatchObject(
        {
          code: 'invalid_input',
        },
      )
    }
  })
})

import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { cheapVectors, type Vector } from '../../packages/core/test/support/password-hashes.ts'
import { enlist, eventsOf } from '../support/administration.ts'
import { logsIn } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'
import {
  asProfile,
  complaintsIn,
  everything,
  exported,
  importObjects,
  importText,
  sequence,
} from '../support/transfer.ts'

const [bcrypt] = cheapVectors as readonly [Vector, ...Vector[]]

const profile = asProfile(
  z.object({ name: z.string().max(80).optional(), level: z.int().optional() }),
)
const options = { ...everything, profile }

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

  it.each<[string, object, readonly string[]]>([
    ['nothing to be known by', { email: undefined }, ['1 /email required']],
    ['an e-mail address that is none', { email: 'ada' }, ['1 /email invalid']],
    ['two of them', { email: 'ada@example.com,bob@example.com' }, ['1 /email invalid']],
    ['an identifier of the wrong type', { email: 5 }, ['1 /email wrong_type']],
    ['a username that is none', { username: 'a b' }, ['1 /username invalid']],
    ['a phone number that is none', { phone: '+999' }, ['1 /phone invalid']],
    ['an id that is none', { id: '5' }, ['1 /id invalid']],
    [
      'S009 a hash that is none',
      { passwordHash: '5f4dcc3b5aa765d61d8327deb882cf99' },
      ['1 /passwordHash invalid'],
    ],
    [
      'S009 a hash that would take all memory',
      { passwordHash: '$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA' },
      ['1 /passwordHash invalid'],
    ],
    [
      'a hash and a password',
      { passwordHash: bcrypt.hash, password: PASSWORD },
      ['1 /passwordHash invalid'],
    ],
    ['a password that nobody can type', { password: 'a\nb' }, ['1 /password invalid']],
    ['a role that there is not', { roles: ['user', 'root'] }, ['1 /roles unknown_role']],
    ['roles that are none', { roles: 'admin' }, ['1 /roles wrong_type']],
    ['a status that there is not', { status: 'deleted' }, ['1 /status invalid']],
    ['a time without a zone', { createdAt: '2020-01-02' }, ['1 /createdAt invalid']],
    [
      'a time that is still to come',
      { createdAt: '2999-01-01T00:00:00Z' },
      ['1 /createdAt invalid'],
    ],
    [
      'a time before all computers',
      { createdAt: '0001-01-01T00:00:00Z' },
      ['1 /createdAt invalid'],
    ],
    ['a proof that is none', { emailVerified: 'yes' }, ['1 /emailVerified wrong_type']],
    [
      'a profile that the schema refuses',
      { profile: { level: 'high' } },
      ['1 /profile/level invalid'],
    ],
    [
      'a profile that no database can keep',
      { profile: { name: '\u0000' } },
      ['1 /profile invalid'],
    ],
    ['half a character', { profile: { name: '\ud800' } }, ['1 /profile invalid']],
    [
      'S011 members that no outside sets',
      { credentialEpoch: 5, leavingAdmin: true, version: 1, isAdmin: true },
      [
        '1 /credentialEpoch unknown_member',
        '1 /leavingAdmin unknown_member',
        '1 /version unknown_member',
        '1 /isAdmin unknown_member',
      ],
    ],
    [
      'S098 a prototype',
      JSON.parse('{"__proto__":{"roles":["admin"]}}'),
      ['1 /__proto__ unknown_member'],
    ],
    [
      'all of it at once',
      { email: 'ada', id: 'x', roles: 'y' },
      ['1 /id invalid', '1 /roles wrong_type'],
    ],
  ])('refuses %s, and says where', async (_what, members, complaints) => {
    const setup = setUp(options)
    const rows = [{ email: 'ada@example.com', ...members }, { email: 'bob@example.com' }]
    const report = await importObjects(setup.auth, rows)
    expect(complaintsIn(report)).toEqual(complaints)
    expect(report).toMatchObject({ rows: 2, created: 1, refused: 1, complete: true })
    expect(await recordOf(setup, 'ada@example.com')).toBeNull()
    expect(await recordOf(setup, 'bob@example.com')).not.toBeNull()
    expect(setup.errors).toEqual([])
  })

  it.each([null, 5, 'text', [[]], [[{ email: 'ada@example.com' }]], true])(
    'refuses %j, which is no object',
    async (value) => {
      const { auth } = setUp(options)
      const report = await auth.importUsers('system', sequence([value as unknown as object]))
      expect(complaintsIn(report)).toEqual(['1  wrong_type'])
    },
  )

  it('refuses a profile that is nested without end, and is still there', async () => {
    const { auth } = setUp({ ...options, profile: asProfile(z.record(z.string(), z.json())) })
    const deep = `{"email":"ada@example.com","profile":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`
    const report = await importText(auth, deep, { format: 'ndjson' })
    expect(complaintsIn(report)).toEqual(['1 /profile invalid'])
  })

  it('says of the second of two rows with one identifier that there was another', async () => {
    const setup = setUp(options)
    const id = '0190a5f2-0000-7000-8000-0000000000aa'
    const report = await importObjects(setup.auth, [
      { email: 'ada@example.com', username: 'ada', id },
      { email: 'bob@example.com', username: 'ADA' },
      { email: 'ADA@example.com', id },
      { email: 'eve@example.com', username: 'e' },
      { email: 'eve@example.com', username: 'eve' },
    ])
    expect(complaintsIn(report)).toEqual([
      '2 /username duplicate',
      '3 /id duplicate',
      '3 /email duplicate',
      '4 /username invalid',
    ])
    // What was wrong with the first of two is no reason to refuse the second.
    expect(await recordOf(setup, 'eve@example.com')).not.toBeNull()
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

  it('tells how far it is', async () => {
    const { auth } = setUp(options)
    const told: unknown[] = []
    const rows = Array.from({ length: 250 }, (_, index) => ({ email: `user-${index}@example.com` }))
    await importObjects(auth, rows, { onProgress: (progress) => told.push(progress) })
    const counts = { updated: 0, skipped: 0, refused: 0 }
    expect(told).toEqual([100, 200, 250].map((rows) => ({ rows, created: rows, ...counts })))
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

  it('fails with its source, and tells of what it has done', async () => {
    const setup = setUp(options)
    async function* source() {
      yield { email: 'ada@example.com' }
      throw new Error('the file is gone')
    }
    await expect(setup.auth.importUsers('system', source())).rejects.toThrow('the file is gone')
    expect(await recordOf(setup, 'ada@example.com')).not.toBeNull()
    expect(await eventsOf(setup, 'users.imported')).toMatchObject([{ created: 1 }])
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

  it('leaves others their turn, however fast the store', async () => {
    const { auth } = setUp(options)
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 1)
    const rows = Array.from({ length: 4000 }, (_, index) => ({
      email: `user-${index}@example.com`,
    }))
    const begin = performance.now()
    await importObjects(auth, rows)
    clearInterval(timer)
    expect(turns).toBeGreaterThan((performance.now() - begin) / 40)
  })
})

import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { enlist, eventsOf, ranked } from '../support/administration.ts'
import { storeOfMany } from '../support/many-users.ts'
import { intercept } from '../support/nodes.ts'
import { PASSWORD, type Setup, setUp } from '../support/setup.ts'
import {
  everything,
  exported,
  importObjects,
  recordsIn,
  rowsIn,
  textOf,
} from '../support/transfer.ts'

const COLUMNS = [
  'id',
  'email',
  'emailVerified',
  'username',
  'phone',
  'phoneVerified',
  'roles',
  'status',
  'createdAt',
  'updatedAt',
  'profile',
]

const options = {
  ...everything,
  profileRules: { note: { read: 'administrator', write: 'administrator' } },
} as const

/** So many accounts, a second apart. */
async function populate({ auth, clock }: Setup, count: number): Promise<readonly string[]> {
  const emails = Array.from({ length: count }, (_, index) => `user-${index}@example.com`)
  for (const email of emails) {
    clock.advance(1)
    await auth.createUser({ email, password: PASSWORD })
  }
  return emails
}

describe('an export of users', () => {
  it('is CSV with a header and CRLF, the oldest account first', async () => {
    const setup = setUp(options)
    const emails = await populate(setup, 3)
    const csv = await exported(setup.auth, { format: 'csv' })
    const [header, ...records] = recordsIn(csv)
    expect(header).toEqual(COLUMNS)
    expect(records.map(([, email]) => email)).toEqual(emails)
    expect(csv.endsWith('\r\n')).toBe(true)
    expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  it('says of an account what an administrator may know, and what an import takes', async () => {
    const setup = setUp(options)
    const report = await importObjects(setup.auth, [
      {
        email: 'Ada@Example.com',
        emailVerified: true,
        username: 'Ada.L',
        phone: '+4915123456789',
        roles: ['user', 'staff'],
        status: 'disabled',
        profile: { name: 'Ada "Countess" Lovelace', note: 'VIP', tags: ['a,b', 1, null] },
        createdAt: '2020-02-03T04:05:06.789Z',
      },
    ])
    expect(report).toMatchObject({ created: 1, errors: [] })
    const member = {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: 'Ada@Example.com',
      emailVerified: true,
      username: 'Ada.L',
      phone: '+4915123456789',
      phoneVerified: false,
      roles: ['user', 'staff'],
      status: 'disabled',
      createdAt: '2020-02-03T04:05:06.789Z',
      updatedAt: setup.clock.now().toISOString(),
      profile: { name: 'Ada "Countess" Lovelace', note: 'VIP', tags: ['a,b', 1, null] },
    }
    const [line, ...more] = (await exported(setup.auth, { format: 'ndjson' })).split('\n')
    expect(JSON.parse(line ?? '')).toEqual(member)
    expect(Object.keys(JSON.parse(line ?? ''))).toEqual(COLUMNS)
    expect(more).toEqual([''])
    const [row = {}] = rowsIn(await exported(setup.auth))
    expect({ ...row, profile: JSON.parse(row.profile ?? '') }).toEqual({
      ...member,
      emailVerified: 'true',
      phone: "'+4915123456789",
      phoneVerified: 'false',
      roles: 'user staff',
    })
  })

  it('has a header and nothing else where there is nobody', async () => {
    const { auth } = setUp(options)
    expect(recordsIn(await exported(auth))).toEqual([COLUMNS])
    expect(await exported(auth, { format: 'ndjson' })).toBe('')
  })

  it('S089 holds no hash, salt or token, whatever the format', async () => {
    const setup = setUp(options)
    await populate(setup, 2)
    const { refreshToken } = await setup.auth.login({
      identifier: 'user-0@example.com',
      password: PASSWORD,
    })
    await setup.auth.forgotPassword({ identifier: 'user-1@example.com' })
    const user = await setup.store.users.findByIdentifier({
      kind: 'email',
      value: 'user-0@example.com',
    })
    for (const format of ['csv', 'ndjson'] as const) {
      const text = await exported(setup.auth, { format })
      expect(text).toContain('user-0@example.com')
      expect(text).not.toMatch(/hash|salt|token|epoch|version|argon2|\$/i)
      for (const secret of [user?.passwordHash, refreshToken, PASSWORD]) {
        expect(text).not.toContain(secret)
      }
    }
  })

  it('gives everybody once, however many pages it takes', async () => {
    const setup = setUp(options)
    const emails = await populate(setup, 1203)
    const told = rowsIn(await exported(setup.auth)).map(({ email }) => email)
    expect(told).toEqual(emails)
  })

  it('takes the filters of the list', async () => {
    const setup = setUp({ ...options, ...ranked })
    await populate(setup, 5)
    setup.clock.advance(1)
    const { id } = await enlist(setup, 'sam', ['staff'])
    await setup.auth.disableUser('system', id)
    const told = async (filters: object) =>
      rowsIn(await exported(setup.auth, filters)).map(({ email }) => email)
    expect(await told({ search: 'USER-3' })).toEqual(['user-3@example.com'])
    expect(await told({ role: 'staff' })).toEqual(['sam@example.com'])
    expect(await told({ status: 'disabled' })).toEqual(['sam@example.com'])
    expect(await told({ search: '%' })).toEqual([])
    const createdFrom = setup.clock.now().toISOString()
    expect(await told({ createdFrom })).toEqual(['sam@example.com'])
    expect(await told({ createdFrom, createdBefore: createdFrom })).toEqual([])
  })

  it('refuses what it does not know, at once', () => {
    const { auth } = setUp(options)
    const inputs: object[] = [
      { format: 'xlsx' },
      { limit: 5 },
      { status: 'deleted' },
      { search: '' },
    ]
    for (const input of inputs) {
      expect(() => auth.exportUsers('system', input)).toThrow(
        expect.objectContaining({ code: 'invalid_input' }),
      )
    }
    // @ts-expect-error: nobody
    expect(() => auth.exportUsers(null, {})).toThrow(TypeError)
  })

  it('wants the permission to export', async () => {
    const setup = setUp({
      ...ranked,
      permissions: { ...ranked.permissions, staff: ['users:export'] },
    })
    const sam = await enlist(setup, 'sam', ['staff'])
    const max = await enlist(setup, 'max', ['manager'])
    expect(await textOf(setup.auth.exportUsers(sam.principal, {}))).toContain('max@example.com')
    await expect(textOf(setup.auth.exportUsers(max.principal, {}))).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('is told of in the audit log with its number, whether or not it was read to its end', async () => {
    const setup = setUp(options)
    await populate(setup, 600)
    const root = await enlist(setup, 'root', ['admin'])
    const client = { ip: '192.0.2.7', userAgent: 'Test' }
    await textOf(setup.auth.exportUsers(root.principal, { format: 'ndjson' }, client))
    for await (const _ of setup.auth.exportUsers(root.principal, { search: 'user-' })) break
    const told = await eventsOf(setup, 'users.exported')
    expect(told).toMatchObject([
      { format: 'ndjson', count: 601, actorId: root.id, client },
      { format: 'csv', count: 250, actorId: root.id },
    ])
    expect(JSON.stringify(told)).not.toContain('@')
  })

  it('reads no page of the store that nobody asks for', async () => {
    let pages = 0
    const store = intercept(memoryStore(), (verb) => {
      if (verb === 'users.list') pages += 1
    })
    const setup = setUp({ ...options, store })
    await populate(setup, 1000)
    const reading = setup.auth.exportUsers('system', {})[Symbol.asyncIterator]()
    expect(pages).toBe(0)
    await reading.next()
    expect(pages).toBe(1)
    await reading.next()
    expect(pages).toBe(2)
    await reading.return?.()
    expect(await reading.next()).toMatchObject({ done: true })
    expect(pages).toBe(2)
  })

  it('leaves others their turn, however fast the store and the reader', async () => {
    const setup = setUp({ ...options, store: storeOfMany(8000).store })
    await populate(setup, 1)
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 1)
    await exported(setup.auth)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(8000 / 250 / 4)
  })

  it('fails where the store does, and says that it did', async () => {
    let pages = 0
    const store = intercept(memoryStore(), (verb) => {
      if (verb === 'users.list') pages += 1
      if (pages === 3) throw new Error('the store does not answer')
    })
    const setup = setUp({ ...options, store })
    await populate(setup, 1000)
    const reading = setup.auth.exportUsers('system', {})
    const chunks: Uint8Array[] = []
    await expect(
      (async () => {
        for await (const chunk of reading) chunks.push(chunk)
      })(),
    ).rejects.toMatchObject({ code: 'unavailable' })
    expect(chunks).toHaveLength(2)
    expect(await eventsOf(setup, 'users.exported')).toMatchObject([{ count: 500 }])
  })
})

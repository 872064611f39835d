import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { cheapVectors, type Vector } from '../../packages/core/test/support/password-hashes.ts'
import { PASSWORD, type Setup, setUp } from '../support/setup.ts'
import {
  asProfile,
  complaintsIn,
  importObjects,
  importText,
  withLevels as options,
  sequence,
} from '../support/transfer.ts'

const [bcrypt] = cheapVectors as readonly [Vector, ...Vector[]]

async function recordOf({ store }: Setup, email: string) {
  return store.users.findByIdentifier({ kind: 'email', value: email })
}

describe('a row of an import', () => {
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
})

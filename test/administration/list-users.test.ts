import type { ListUsersInput } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { office } from '../support/administration.ts'
import { outcome } from '../support/onboarding.ts'
import { PASSWORD, type Setup, setUp } from '../support/setup.ts'

const both = { identifiers: ['email', 'username'] } as const

async function named(setup: Setup, names: readonly string[]): Promise<void> {
  for (const username of names) {
    setup.clock.advance(1)
    await setup.auth.createUser({ email: `${username}@example.com`, username, password: PASSWORD })
  }
}

async function usernames({ auth }: Setup, input: ListUsersInput) {
  return (await auth.listUsers('system', input)).users.map(({ username }) => username)
}

async function allPages({ auth }: Setup, input: ListUsersInput): Promise<readonly string[]> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await auth.listUsers('system', { ...input, cursor })
    found.push(...page.users.map(({ username }) => username ?? ''))
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined)
  return found
}

describe('the list of accounts', () => {
  it('shows what administrators may see, and nothing of the inside', async () => {
    const { setup, root, ada } = await office()
    await outcome(setup.auth.login({ identifier: ada.email, password: 'not this one' }))
    const { users, cursor } = await setup.auth.listUsers(root.principal, { search: 'ada@' })
    expect(cursor).toBeNull()
    expect(users).toEqual([
      {
        id: ada.id,
        email: 'ada@example.com',
        emailVerified: false,
        username: null,
        phone: null,
        phoneVerified: false,
        roles: ['user'],
        profile: {},
        createdAt: expect.any(String),
        status: 'active',
        hasPassword: true,
        failedLogins: 1,
        deleteAfter: null,
        updatedAt: expect.any(String),
      },
    ])
  })

  it('has the newest first, and identifiers in their order', async () => {
    const setup = setUp(both)
    await named(setup, ['bob', 'eve', 'ada'])
    expect(await usernames(setup, {})).toEqual(['ada', 'eve', 'bob'])
    expect(await usernames(setup, { order: 'ascending' })).toEqual(['bob', 'eve', 'ada'])
    expect(await usernames(setup, { sort: 'username' })).toEqual(['ada', 'bob', 'eve'])
    const descending = { sort: 'email', order: 'descending' } as const
    expect(await usernames(setup, descending)).toEqual(['eve', 'bob', 'ada'])
  })

  it('never shows who is deleted', async () => {
    const { setup, root, ada } = await office()
    await setup.auth.deleteUser(root.principal, ada.id)
    const { users } = await setup.auth.listUsers(root.principal)
    const emails = users.map(({ email }) => email)
    expect(emails.sort()).toEqual(['max@example.com', 'root@example.com', 'sam@example.com'])
  })

  it('is cut by status, role and time', async () => {
    const setup = setUp(both)
    await named(setup, ['ada', 'bob', 'eve'])
    const { users } = await setup.auth.listUsers('system', { search: 'bob' })
    await setup.auth.disableUser('system', users[0]?.id ?? '')
    await setup.auth.setRoles('system', users[0]?.id ?? '', { roles: ['staff'] })
    expect(await usernames(setup, { status: 'disabled' })).toEqual(['bob'])
    expect(await usernames(setup, { status: 'pending' })).toEqual([])
    expect(await usernames(setup, { role: 'staff' })).toEqual(['bob'])
    const createdFrom = users[0]?.createdAt ?? ''
    expect(await usernames(setup, { createdFrom })).toEqual(['eve', 'bob'])
    expect(await usernames(setup, { createdBefore: new Date(createdFrom) })).toEqual(['ada'])
  })
})

describe('S094 the search', () => {
  it('finds what begins so, in whatever case', async () => {
    const setup = setUp(both)
    await named(setup, ['ada', 'adam', 'bob'])
    expect(await usernames(setup, { search: ' ADA ' })).toEqual(['adam', 'ada'])
    expect(await usernames(setup, { search: 'adam@exam' })).toEqual(['adam'])
    expect(await usernames(setup, { search: 'dam' })).toEqual([])
  })

  it('finds a phone number as people write it', async () => {
    const options = { identifiers: ['phone'], sms() {}, activation: 'none' } as const
    const { auth } = setUp(options)
    await auth.createUser({ phone: '+4930901820', password: PASSWORD })
    const { users } = await auth.listUsers('system', { search: '+49 30 (90)' })
    expect(users.map(({ phone }) => phone)).toEqual(['+4930901820'])
  })

  it('takes no character for another', async () => {
    const setup = setUp(both)
    await named(setup, ['a_da', 'axda', 'bob'])
    expect(await usernames(setup, { search: 'a_' })).toEqual(['a_da'])
    for (const search of ['%', '_', '\\', '*', '.', '^a', 'a%', '%a', "'", '"', '[a-z]', '\\a']) {
      expect([search, await usernames(setup, { search })]).toEqual([search, []])
    }
  })
})

describe('S094 the pages', () => {
  it.each([{}, { sort: 'username' }, { sort: 'email', order: 'descending' }] as const)(
    'give everybody once, in the order of %j',
    async (input) => {
      const setup = setUp(both)
      const names = Array.from({ length: 23 }, (_, index) => `name-${index}`)
      await named(setup, names)
      const [whole] = [await usernames(setup, { ...input, limit: 200 })]
      for (const limit of [1, 5, 23, 24]) {
        expect(await allPages(setup, { ...input, limit })).toEqual(whole)
      }
    },
  )

  it('give everybody once who was made in one instant, whoever comes and goes meanwhile', async () => {
    const setup = setUp(both)
    for (const index of [1, 2, 3, 4, 5]) {
      await setup.auth.createUser({
        email: `u${index}@example.com`,
        username: `user-${index}`,
        password: PASSWORD,
      })
    }
    const first = await setup.auth.listUsers('system', { limit: 2 })
    await setup.auth.deleteUser('system', first.users[1]?.id ?? '')
    setup.clock.advance(1)
    await named(setup, ['late'])
    const rest = await setup.auth.listUsers('system', { cursor: first.cursor ?? '' })
    const ids = [...first.users, ...rest.users].map(({ id }) => id)
    expect(new Set(ids).size).toBe(5)
    expect(rest.cursor).toBeNull()
  })

  it('have 50 members unless they are asked for more, and never more than 200', async () => {
    const setup = setUp()
    for (let index = 0; index < 51; index += 1) {
      await setup.auth.createUser({ email: `u${index}@example.com`, password: PASSWORD })
    }
    const page = await setup.auth.listUsers('system')
    expect([page.users.length, page.cursor === null]).toEqual([50, false])
    const asked = (limit: unknown) =>
      outcome(setup.auth.listUsers('system', { limit: limit as number }))
    for (const limit of [
      0,
      -1,
      1.5,
      201,
      1e9,
      Number.NaN,
      Infinity,
      '1e2',
      ' 5',
      '',
      '0x5',
      null,
      [],
    ]) {
      expect([limit, await asked(limit)]).toEqual([limit, 'invalid_input'])
    }
    expect(await asked(200)).toBe('ok')
  })

  it('go on from no place but one that they have named', async () => {
    const { setup } = await office()
    const { auth } = setup
    const { cursor } = await auth.listUsers('system', { limit: 1 })
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const id = '0190a5f2-0000-7000-8000-000000000000'
    const cursors = [
      '',
      'x',
      `${cursor}=`,
      `${cursor}A`,
      cursor?.slice(1),
      cursor?.toUpperCase(),
      encoded(null),
      encoded([]),
      encoded(['createdAt', '2030-01-01', id]),
      encoded(['createdAt', -1, id]),
      encoded(['createdAt', 1e17, id]),
      encoded(['createdAt', 1, 'root']),
      encoded(['createdAt', 1, id.toUpperCase()]),
      encoded(['password_hash', 'a', id]),
      encoded(['email', '\0', id]),
      encoded(['email', '\ud800', id]),
      encoded(['email', 'a'.repeat(321), id]),
      encoded(['email', 'a', id]),
      encoded(['createdAt', 1, id, 'more']),
      'A'.repeat(2000),
    ]
    for (const given of cursors) {
      const asked = auth.listUsers('system', { cursor: given })
      expect([given, await outcome(asked)]).toEqual([given, 'invalid_input'])
    }
    expect(await outcome(auth.listUsers('system', { cursor: cursor ?? '', sort: 'email' }))).toBe(
      'invalid_input',
    )
    expect(
      await outcome(
        auth.listUsers('system', { cursor: encoded(['email', 'a', id]), sort: 'email' }),
      ),
    ).toBe('ok')
  })
})

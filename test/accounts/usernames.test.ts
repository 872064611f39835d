import { describe, expect, it } from 'vitest'
import { listeningStore, loginOutcome, outcome, WITH_USERNAMES } from '../support/onboarding.ts'
import { PASSWORD, type Setup, serveSetup, setUp, tokenIn } from '../support/setup.ts'

const DAY = 86_400

async function register(
  { auth, clock }: Setup,
  email: string,
  username: string,
  password = PASSWORD,
) {
  const result = await outcome(auth.register({ email, username, password }))
  clock.advance(1)
  return result
}

/** An active account with an address and a name. */
async function member(setup: Setup, email: string, username: string) {
  await register(setup, email, username)
  const { link } = await setup.outbox.next('activate', email)
  return setup.auth.activate({ token: tokenIn(link) })
}

describe('a username', () => {
  it.each(['Grace', 'GRACE', 'grace'])(
    'S016 that is taken is taken as %s too',
    async (username) => {
      const setup = setUp(WITH_USERNAMES)
      const client = await serveSetup(setup)
      await member(setup, 'grace@example.com', 'grace')
      const body = { email: 'ada@example.com', username, password: PASSWORD }
      const answer = await client.post('/auth/register', body)
      expect(answer.status).toBe(409)
      expect(answer.body).toMatchObject({
        code: 'username_taken',
        errors: [{ pointer: '/username' }],
      })
    },
  )

  it.each([
    '\uFF27race',
    'gr\u0430ce',
    ' grace',
    'grace ',
    'grace\u200b',
    'grace\0',
    'grace\u202e',
    'admin',
    'Admin',
    'ada@example.com',
    '+12025550100',
  ])('S016 S017 cannot be %j', async (username) => {
    const setup = setUp(WITH_USERNAMES)
    const client = await serveSetup(setup)
    const body = { email: 'ada@example.com', username, password: PASSWORD }
    const answer = await client.post('/auth/register', body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ pointer: '/username', code: 'invalid' }])
  })

  it('S016 that is reserved is free to the application itself, and logs in', async () => {
    const setup = setUp(WITH_USERNAMES)
    await setup.auth.createUser({ email: 'ada@example.com', username: 'admin', password: PASSWORD })
    expect(await loginOutcome(setup, 'ADMIN')).toBe('ok')
  })

  it('S013 logs in in every case, as the address does', async () => {
    const setup = setUp(WITH_USERNAMES)
    const { id } = await member(setup, 'Grace@example.com', 'Grace')
    for (const identifier of ['grace', 'GRACE', 'grace@EXAMPLE.com']) {
      const { user } = await setup.auth.login({ identifier, password: PASSWORD })
      expect(user).toMatchObject({ id, username: 'Grace', email: 'Grace@example.com' })
    }
  })

  it('S113 that fifty ask for at once goes to one of them', async () => {
    const setup = setUp(WITH_USERNAMES)
    const calls = Array.from({ length: 50 }, (_, at) =>
      register(setup, `user${at}@example.com`, at % 2 === 0 ? 'grace' : 'GRACE'),
    )
    const outcomes = await Promise.all(calls)
    expect(outcomes.filter((result) => result === 'ok')).toHaveLength(1)
    expect(outcomes.filter((result) => result === 'username_taken')).toHaveLength(49)
  })
})

describe('a name that waits for whoever registered an address again', () => {
  it('S021 is no longer theirs once an administrator has made an account of it', async () => {
    const setup = setUp(WITH_USERNAMES)
    const { auth, outbox } = setup
    await register(setup, 'eve@example.com', 'eve')
    await register(setup, 'eve@example.com', 'grace')
    const { link } = await outbox.next('activate_again', 'eve@example.com')
    const [waiting] = (await auth.listUsers('system', { search: 'grace' })).users
    const id = waiting?.id ?? ''
    await auth.updateUser('system', id, { email: 'grace@example.com' })
    await auth.resendInvitation('system', id)
    const invitation = await outbox.next('invitation', 'grace@example.com')
    await auth.acceptInvitation({ token: tokenIn(invitation.link), password: PASSWORD })
    expect((await auth.activate({ token: tokenIn(link) })).username).toBeNull()
    expect((await auth.login({ identifier: 'grace', password: PASSWORD })).user.id).toBe(id)
  })
})

/** Three setups in which the address is free, waits for its activation, and has an account. */
const situations: readonly { address: string; prepare(setup: Setup): Promise<unknown> }[] = [
  { address: 'free', prepare: async () => {} },
  {
    address: 'pending',
    prepare: (setup) => register(setup, 'ada@example.com', 'somebody', 'of somebody else'),
  },
  { address: 'taken', prepare: (setup) => member(setup, 'ada@example.com', 'somebody') },
]

describe.each(situations)('a registration whose address is $address', ({ prepare }) => {
  async function prepared() {
    const setup = setUp(WITH_USERNAMES)
    await prepare(setup)
    return setup
  }

  it('S012 holds its username against everybody', async () => {
    const setup = await prepared()
    expect(await register(setup, 'ada@example.com', 'lovelace')).toBe('ok')
    expect(await register(setup, 'bob@example.com', 'Lovelace')).toBe('username_taken')
    expect(await register(setup, 'ada@example.com', 'lovelace')).toBe('username_taken')
    expect(await register(setup, 'ada@example.com', 'countess')).toBe('ok')
  })

  it('S012 is refused a username that is taken', async () => {
    const setup = await prepared()
    await member(setup, 'grace@example.com', 'grace')
    expect(await register(setup, 'ada@example.com', 'grace')).toBe('username_taken')
  })

  it('S012 S018 shows its password by address and by name as one that waits', async () => {
    const setup = await prepared()
    await register(setup, 'ada@example.com', 'lovelace', 'the first password')
    for (const identifier of ['ada@example.com', 'lovelace']) {
      expect(await loginOutcome(setup, identifier, 'the first password')).toBe(
        'account_not_activated',
      )
      expect(await loginOutcome(setup, identifier, 'a wrong password')).toBe('invalid_credentials')
    }
  })

  it('S012 lets go of its username when it was not activated for seven days', async () => {
    const setup = await prepared()
    await register(setup, 'ada@example.com', 'lovelace')
    setup.clock.advance(7 * DAY - 2)
    await setup.auth.prune()
    expect(await register(setup, 'bob@example.com', 'lovelace')).toBe('username_taken')
    setup.clock.advance(3)
    await setup.auth.prune()
    expect(await register(setup, 'bob@example.com', 'lovelace')).toBe('ok')
  })
})

/** What logins show of two registrations of the address, by each name and password. */
async function shownOfTwo(prepare: (setup: Setup) => Promise<unknown>) {
  const setup = setUp(WITH_USERNAMES)
  await prepare(setup)
  await register(setup, 'ada@example.com', 'lovelace', 'the first password')
  setup.clock.advance(23 * 3600)
  await register(setup, 'ada@example.com', 'countess', 'the second password')
  const shown: Record<string, string> = {}
  for (const later of [0, 2 * 3600, DAY]) {
    setup.clock.advance(later)
    for (const identifier of ['ada@example.com', 'lovelace', 'countess']) {
      for (const password of ['the first password', 'the second password']) {
        shown[`${identifier}, ${password}, ${later} s later`] = await loginOutcome(
          setup,
          identifier,
          password,
        )
      }
    }
  }
  return shown
}

it('S012 S018 shows the same of two registrations of an address, whether it was free, pending or taken', async () => {
  const [free = {}, ...others] = await Promise.all(
    situations.map(({ prepare }) => shownOfTwo(prepare)),
  )
  expect(free['ada@example.com, the second password, 0 s later']).toBe('account_not_activated')
  expect(free['countess, the second password, 0 s later']).toBe('account_not_activated')
  for (const shown of others) expect(shown).toEqual(free)
})

/** What a login shows and asks the store for, with the owner's name and with one that nobody has. */
async function loginsWith(password: string, owner: 'active' | 'pending') {
  const { store, calls } = listeningStore()
  const setup = setUp({ ...WITH_USERNAMES, store })
  const own = owner === 'active' ? member : register
  await own(setup, 'grace@example.com', 'grace')
  await register(setup, 'grace@example.com', 'stranger', STRANGER)
  await setup.auth.close()
  const login = async (identifier: string) => {
    calls.length = 0
    const answer = await loginOutcome(setup, identifier, password)
    await setup.auth.close()
    return [answer, ...calls]
  }
  return { owners: await login('grace'), nobodys: await login('nobody') }
}

const STRANGER = 'of a stranger who guesses'

describe.each(['active', 'pending'] as const)('the username of an %s account', (owner) => {
  it('S012 S023 tells nothing of whose address it belongs to', async () => {
    // The stranger registered the address, and would see by the name whether it is the same account.
    const { owners, nobodys } = await loginsWith(STRANGER, owner)
    expect(owners[0]).toBe('invalid_credentials')
    expect(owners).toEqual(nobodys)
  })
})

it('S012 S016 holds a name in a record that tells nothing of the address', async () => {
  const setup = setUp(WITH_USERNAMES)
  const { id } = await member(setup, 'ada@example.com', 'lovelace')
  await register(setup, 'ada@example.com', 'countess')
  await setup.auth.close()
  const name = { kind: 'username', value: 'countess' } as const
  const held = await setup.store.users.findByIdentifier(name)
  expect(held).toMatchObject({ status: 'pending', email: null, passwordHash: null, profile: {} })
  const dump = JSON.stringify(held)
  for (const trace of [id, 'ada@example.com', 'lovelace']) expect(dump).not.toContain(trace)
})

import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { registerAgain } from '../support/later-registrations.ts'
import { intercept, nodeBeside } from '../support/nodes.ts'
import {
  change,
  loginOutcome,
  outcome,
  recordOf,
  register,
  WITH_USERNAMES,
} from '../support/onboarding.ts'
import { requestReset } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const STRANGER = 'the password of a stranger'
const OWNER = { email: 'Ada@example.com', username: 'Lovelace', password: PASSWORD }

/** A stranger's registration of the address, with the secrets that were sent to it. */
async function registeredByAStranger(): Promise<Setup & { token: string; code: string }> {
  const setup = setUp(WITH_USERNAMES)
  await setup.auth.register({ email: EMAIL, username: 'stranger', password: STRANGER })
  const { link, code = '' } = await setup.outbox.next('activate', EMAIL)
  return { ...setup, token: tokenIn(link), code }
}

describe('an account that the application makes itself', () => {
  it('S021 S080 takes over one that waits for its activation', async () => {
    const setup = await registeredByAStranger()
    const before = await recordOf(setup, EMAIL)
    const user = await setup.auth.createUser({ ...OWNER, roles: ['admin'] })
    expect(user).toMatchObject({ email: OWNER.email, username: 'Lovelace', roles: ['admin'] })
    expect(await recordOf(setup, EMAIL)).toMatchObject({
      id: before.id,
      status: 'active',
      emailVerifiedAt: null,
      credentialEpoch: before.credentialEpoch + 1,
    })
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
    expect(await loginOutcome(setup, 'lovelace')).toBe('ok')
  })

  it('S021 is opened by nothing that was sent to its address before', async () => {
    const setup = await registeredByAStranger()
    const again = await registerAgain(setup, EMAIL, STRANGER, 'another')
    const reset = await requestReset(setup, EMAIL)
    await setup.auth.createUser(OWNER)
    const attempts = [
      () => setup.auth.activate({ token: setup.token }),
      () => setup.auth.activate({ identifier: EMAIL, code: setup.code }),
      () => setup.auth.activate({ token: again.token }),
      () => setup.auth.resetPassword({ token: reset.token, newPassword: STRANGER }),
      () =>
        setup.auth.resetPassword({ identifier: EMAIL, code: reset.code, newPassword: STRANGER }),
    ]
    for (const attempt of attempts) expect(await outcome(attempt())).toBe('invalid_one_time_token')
    for (const identifier of [EMAIL, 'lovelace', 'stranger', 'another']) {
      expect(await loginOutcome(setup, identifier, STRANGER)).not.toBe('ok')
    }
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
  })

  it('S016 frees the name under which the stranger registered', async () => {
    const setup = await registeredByAStranger()
    await setup.auth.createUser(OWNER)
    expect(await loginOutcome(setup, 'stranger', STRANGER)).toBe('invalid_credentials')
    const bob = { email: 'bob@example.com', username: 'stranger', password: PASSWORD }
    expect(await outcome(setup.auth.createUser(bob))).toBe('ok')
  })

  it('S016 takes no username of somebody else, and then changes nothing', async () => {
    const setup = await registeredByAStranger()
    await setup.auth.createUser({ ...OWNER, email: 'bob@example.com' })
    const before = await recordOf(setup, EMAIL)
    await expect(setup.auth.createUser(OWNER)).rejects.toMatchObject({
      code: 'username_taken',
      errors: [{ pointer: '/username' }],
    })
    expect(await recordOf(setup, EMAIL)).toEqual(before)
    const nobody = { ...OWNER, email: 'carol@example.com' }
    expect(await outcome(setup.auth.createUser(nobody))).toBe('username_taken')
  })

  it.each(['active', 'disabled'] as const)(
    'S011 never takes over one that is %s',
    async (status) => {
      const setup = setUp()
      await accountOf(setup)
      await change(setup, EMAIL, { status })
      const before = await recordOf(setup, EMAIL)
      const made = setup.auth.createUser({ email: EMAIL, password: STRANGER })
      await expect(made).rejects.toMatchObject({
        code: 'email_taken',
        errors: [{ pointer: '/email' }],
      })
      expect(await recordOf(setup, EMAIL)).toEqual(before)
    },
  )

  it('S011 S113 leaves alone one that its owner activates at the same moment', async () => {
    const plain = memoryStore()
    const links: string[] = []
    // Between the look at the record and the write.
    const store = intercept(plain, async (verb) => {
      const [token] = verb === 'users.update' ? links.splice(0, 1) : []
      if (token !== undefined) await beside.auth.activate({ token })
    })
    const setup = setUp({ store })
    const beside = nodeBeside({ ...setup, store: plain })
    links.push((await register(setup, EMAIL)).token)
    const made = setup.auth.createUser({ email: EMAIL, password: STRANGER })
    expect(await outcome(made)).toBe('email_taken')
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, STRANGER)).toBe('invalid_credentials')
  })

  it('S103 is never said to be there when the one that waited was forgotten meanwhile', async () => {
    const plain = memoryStore()
    const later = new Date('2040-01-01')
    let forgetting = false
    const store = intercept(plain, async (verb) => {
      if (!forgetting || verb !== 'users.find') return
      const limits = { now: later, endedBefore: later, pendingBefore: later, eventsBefore: later }
      await plain.prune(limits)
    })
    const setup = setUp({ store })
    await register(setup, EMAIL)
    forgetting = true
    const made = await outcome(setup.auth.createUser({ email: EMAIL, password: PASSWORD }))
    const login = await loginOutcome(setup, EMAIL)
    expect([
      ['ok', 'ok'],
      ['unavailable', 'invalid_credentials'],
    ]).toContainEqual([made, login])
  })

  it('S113 is made once, however many make it at once from one that waits', async () => {
    const setup = await registeredByAStranger()
    const calls = Array.from({ length: 5 }, (_, at) =>
      outcome(setup.auth.createUser({ ...OWNER, username: `lovelace${at}` })),
    )
    const outcomes = await Promise.all(calls)
    expect(outcomes.filter((result) => result === 'ok')).toHaveLength(1)
    expect(outcomes.filter((result) => result === 'email_taken')).toHaveLength(4)
    const { credentialEpoch, username } = await recordOf(setup, EMAIL)
    expect([credentialEpoch, username]).toEqual([1, `lovelace${outcomes.indexOf('ok')}`])
  })
})

describe('roles', () => {
  it('S011 belong to the record: what a caller does to those it was given changes nobody’s', async () => {
    const setup = setUp({ roles: ['user', 'editor', 'admin'] })
    const given = ['editor']
    const made = [
      await setup.auth.createUser({ email: 'bob@example.com', password: PASSWORD }),
      await setup.auth.createUser({ email: 'eve@example.com', password: PASSWORD, roles: given }),
    ]
    // The types forbid it; JavaScript does not.
    for (const { roles } of made) (roles as string[]).push('admin')
    given.push('admin')
    const { user } = await accountOf(setup)
    expect(user.roles).toEqual(['user'])
    expect((await recordOf(setup, 'bob@example.com')).roles).toEqual(['user'])
    expect((await recordOf(setup, 'eve@example.com')).roles).toEqual(['editor'])
    const next = await setup.auth.createUser({ email: 'dan@example.com', password: PASSWORD })
    expect(next.roles).toEqual(['user'])
  })

  it.each([
    [['']],
    [['two words']],
    [['-first']],
    [['ro\u0308le']],
    [['a'.repeat(65)]],
    [['line\n']],
    [Array.from({ length: 17 }, (_, at) => `role${at}`)],
  ])('S011 cannot be %j', async (roles) => {
    const setup = setUp()
    const made = setup.auth.createUser({ email: EMAIL, password: PASSWORD, roles })
    await expect(made).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: expect.stringMatching(/^\/roles/) }],
    })
    expect(await setup.store.users.findByIdentifier({ kind: 'email', value: EMAIL })).toBeNull()
  })

  it('S011 are among those that there are', async () => {
    const setup = setUp()
    for (const roles of [['editor'], ['user', 'Admin'], ['user', 'constructor']]) {
      const made = setup.auth.createUser({ email: EMAIL, password: PASSWORD, roles })
      await expect(made).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ pointer: '/roles', code: 'unknown_role' }],
      })
    }
    expect(await setup.store.users.findByIdentifier({ kind: 'email', value: EMAIL })).toBeNull()
  })

  it('S011 are plain words, sixteen at most', async () => {
    const some = Array.from({ length: 15 }, (_, at) => `team:${at}.read_-`)
    const all = [...some, 'a'.repeat(64)]
    const setup = setUp({ roles: all })
    const made = await setup.auth.createUser({ email: EMAIL, password: PASSWORD, roles: all })
    expect(made.roles).toEqual(all)
    const { accessToken } = await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
    expect((await setup.auth.authenticate(accessToken)).user.roles).toEqual(all)
  })
})

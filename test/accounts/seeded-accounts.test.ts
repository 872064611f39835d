import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { loginOutcome, outcome, recordOf, WITH_USERNAMES } from '../support/onboarding.ts'
import { OTHER_PHONE, PHONE, WITH_ALL } from '../support/phones.ts'
import { PASSWORD, setUp } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const STRANGER = 'the password of a stranger'
const ADA = { email: EMAIL, username: 'lovelace', phone: PHONE }
const BOB = { email: 'bob@example.com', username: 'bob', phone: OTHER_PHONE }

describe('an account that the application makes with all that there is', () => {
  it('logs in by each identifier, and has proved none of them', async () => {
    const setup = setUp({ ...WITH_ALL, profile: z.object({ title: z.string() }) })
    const profile = { title: 'Countess' }
    const given = { ...ADA, phone: '+1 (202) 555-0100', password: PASSWORD, profile }
    const user = await setup.auth.createUser(given)
    expect(user).toMatchObject({ ...ADA, profile, emailVerified: false, phoneVerified: false })
    for (const identifier of Object.values(ADA)) {
      expect(await loginOutcome(setup, identifier)).toBe('ok')
    }
  })

  it('has proved what the application says it has', async () => {
    const { auth } = setUp(WITH_ALL)
    const ada = await auth.createUser({ ...ADA, password: PASSWORD, emailVerified: true })
    expect(ada).toMatchObject({ emailVerified: true, phoneVerified: false })
    const bob = await auth.createUser({ ...BOB, password: PASSWORD, phoneVerified: true })
    expect(bob).toMatchObject({ emailVerified: false, phoneVerified: true })
  })

  it.each(['email', 'username', 'phone'] as const)(
    'S113 is refused when the %s is taken',
    async (kind) => {
      const { auth } = setUp(WITH_ALL)
      await auth.createUser({ ...ADA, password: PASSWORD })
      const made = auth.createUser({ ...BOB, [kind]: ADA[kind], password: PASSWORD })
      await expect(made).rejects.toMatchObject({
        code: `${kind}_taken`,
        errors: [{ pointer: `/${kind}`, code: 'taken' }],
      })
    },
  )

  it('S021 takes over who waits under its number', async () => {
    const setup = setUp({ ...WITH_ALL, activation: 'phone' })
    await setup.auth.register({ ...ADA, username: 'stranger', password: STRANGER })
    const { code = '' } = await setup.outbox.next('activate', PHONE)
    const user = await setup.auth.createUser({ ...ADA, password: PASSWORD })
    expect(await recordOf(setup, EMAIL)).toMatchObject({ id: user.id, phone: PHONE })
    const stolen = setup.auth.activate({ identifier: PHONE, code })
    expect(await outcome(stolen)).toBe('invalid_one_time_token')
    expect(await loginOutcome(setup, PHONE, STRANGER)).not.toBe('ok')
    expect(await loginOutcome(setup, PHONE)).toBe('ok')
  })

  it('S021 takes the place of two who wait, each under one of its addresses', async () => {
    const setup = setUp({ ...WITH_ALL, activation: 'admin' })
    await setup.auth.register({ ...BOB, email: EMAIL, password: STRANGER })
    const dan = { email: 'dan@example.com', username: 'dan', phone: PHONE }
    await setup.auth.register({ ...dan, password: STRANGER })
    await setup.auth.createUser({ ...ADA, password: PASSWORD })
    for (const identifier of Object.values(ADA)) {
      expect(await loginOutcome(setup, identifier)).toBe('ok')
      expect(await loginOutcome(setup, identifier, STRANGER)).not.toBe('ok')
    }
    for (const identifier of ['bob', 'dan', 'dan@example.com', OTHER_PHONE]) {
      expect(await loginOutcome(setup, identifier, STRANGER)).toBe('invalid_credentials')
    }
  })

  it('S113 leaves alone who waits under one of its addresses when the other one is taken', async () => {
    const setup = setUp({ ...WITH_ALL, activation: 'admin' })
    await setup.auth.register({ ...ADA, username: 'eve', phone: OTHER_PHONE, password: STRANGER })
    await setup.auth.createUser({ ...BOB, phone: PHONE, password: PASSWORD })
    const before = await recordOf(setup, EMAIL)
    const made = setup.auth.createUser({ ...ADA, password: PASSWORD })
    expect(await outcome(made)).toBe('phone_taken')
    expect(await recordOf(setup, EMAIL)).toEqual(before)
  })
})

describe('an account that is to be there when a program starts', () => {
  const ADMIN = { email: EMAIL, password: PASSWORD, roles: ['admin'], ifExists: 'return' } as const

  it('is made once, and found as it is from then on', async () => {
    const setup = setUp()
    const first = await setup.auth.createUser({ ...ADMIN, roles: ['admin'] })
    expect(first.roles).toEqual(['admin'])
    const again = await setup.auth.createUser({ ...ADMIN, roles: [], password: 'of a later seed' })
    expect(again).toEqual(first)
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
    await setup.auth.close()
    expect(setup.events.filter(({ type }) => type === 'user.created')).toHaveLength(1)
  })

  it('S113 is made once, however many programs start at once', async () => {
    const { auth } = setUp()
    const calls = Array.from({ length: 20 }, () => auth.createUser({ ...ADMIN, roles: [] }))
    expect(new Set((await Promise.all(calls)).map(({ id }) => id)).size).toBe(1)
  })

  it('S011 gets no role that it was not given when it was made', async () => {
    const setup = setUp({ activation: 'none' })
    await setup.auth.register({ email: EMAIL, password: STRANGER })
    const found = await setup.auth.createUser({ ...ADMIN, roles: ['admin'] })
    expect(found.roles).toEqual(['user'])
    expect(await loginOutcome(setup, EMAIL)).toBe('invalid_credentials')
  })

  it('S021 is taken over from whoever registered it and never opened it', async () => {
    const setup = setUp()
    await setup.auth.register({ email: EMAIL, password: STRANGER })
    const made = await setup.auth.createUser({ ...ADMIN, roles: ['admin'] })
    expect(made.roles).toEqual(['admin'])
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, STRANGER)).not.toBe('ok')
  })

  it('is never somebody else who has its name alone', async () => {
    const { auth } = setUp(WITH_USERNAMES)
    const name = { username: 'lovelace', password: PASSWORD }
    await auth.createUser({ ...name, email: 'bob@example.com' })
    const made = auth.createUser({ ...name, email: EMAIL, ifExists: 'return' })
    expect(await outcome(made)).toBe('username_taken')
  })

  it('is found by its name where accounts have no address', async () => {
    const { auth } = setUp({ identifiers: ['username'] })
    const admin = { username: 'admin', password: PASSWORD, ifExists: 'return' } as const
    const { id } = await auth.createUser(admin)
    expect((await auth.createUser(admin)).id).toBe(id)
    expect(await outcome(auth.createUser({ ...admin, ifExists: 'refuse' }))).toBe('username_taken')
  })
})

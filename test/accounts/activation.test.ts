import type { ActivateInput } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { registerAgain } from '../support/later-registrations.ts'
import { loginOutcome, outcome, recordOf, register } from '../support/onboarding.ts'
import { accountOf, PASSWORD, serveSetup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const DAY = 86_400

describe('an activation link', () => {
  it('S019 opens the account, proves the address and logs nobody in', async () => {
    const setup = setUp()
    const client = await serveSetup(setup)
    const { token } = await register(setup, EMAIL)
    const answer = await client.post('/auth/activate', { token })
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      user: {
        id: expect.any(String),
        email: EMAIL,
        emailVerified: true,
        username: null,
        phone: null,
        phoneVerified: false,
        roles: ['user'],
        profile: {},
        createdAt: setup.clock.now().toISOString(),
      },
    })
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
  })

  it('S019 S112 opens it once, however many use it at the same time', async () => {
    const setup = setUp()
    const { token } = await register(setup, EMAIL)
    const calls = Array.from({ length: 50 }, () => outcome(setup.auth.activate({ token })))
    const outcomes = await Promise.all(calls)
    expect(outcomes.filter((result) => result === 'ok')).toHaveLength(1)
    expect(outcomes.filter((result) => result === 'invalid_one_time_token')).toHaveLength(49)
    expect(await outcome(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
    await setup.auth.close()
    expect(setup.events.filter(({ type }) => type === 'user.activated')).toHaveLength(1)
  })

  it('S019 works to the last second of its day and not at its end', async () => {
    const setup = setUp()
    const { token, expiresAt } = await register(setup, EMAIL)
    expect(expiresAt).toEqual(new Date(setup.clock.now().getTime() + DAY * 1000))
    setup.clock.advance(DAY)
    expect(await outcome(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
    setup.clock.advance(-1)
    expect(await outcome(setup.auth.activate({ token }))).toBe('ok')
  })

  it('S019 S045 is no good for a password reset, nor a reset link for an activation', async () => {
    const setup = setUp()
    const { token } = await register(setup, EMAIL)
    await setup.auth.forgotPassword({ identifier: EMAIL })
    const reset = tokenIn((await setup.outbox.next('reset_password', EMAIL)).link)
    const misused = setup.auth.resetPassword({ token, newPassword: 'another password' })
    expect(await outcome(misused)).toBe('invalid_one_time_token')
    expect(await outcome(setup.auth.activate({ token: reset }))).toBe('invalid_one_time_token')
    expect(await outcome(setup.auth.activate({ token }))).toBe('ok')
  })

  it('S070 does nothing when it is opened, as mail scanners do', async () => {
    const setup = setUp()
    const client = await serveSetup(setup)
    const { token } = await register(setup, EMAIL)
    expect((await client.get(`/auth/activate?token=${token}`)).status).toBe(405)
    expect((await client.send('HEAD', `/auth/activate?token=${token}`)).status).toBe(405)
    expect((await client.post('/auth/activate', { token })).status).toBe(200)
  })

  it('S019 of an account that is gone opens nothing', async () => {
    const setup = setUp()
    await register(setup, EMAIL)
    await setup.auth.forgotPassword({ identifier: EMAIL })
    const { link } = await setup.outbox.next('reset_password', EMAIL)
    const late = await registerAgain(setup, EMAIL)
    // By itself the account outlives its links.
    const start = new Date(0)
    const pendingBefore = new Date(setup.clock.now().getTime() + 1)
    const limits = { now: start, endedBefore: start, pendingBefore, eventsBefore: start }
    expect(await setup.store.prune(limits)).toBe(1)
    expect(await outcome(setup.auth.activate({ token: late.token }))).toBe('invalid_one_time_token')
    const reset = { token: tokenIn(link), newPassword: 'another password' }
    expect(await outcome(setup.auth.resetPassword(reset))).toBe('invalid_one_time_token')
  })

  it('S092 of an account that was disabled meanwhile opens nothing', async () => {
    const setup = setUp()
    const { token } = await register(setup, EMAIL)
    const { id, version } = await recordOf(setup, EMAIL)
    await setup.store.users.update(id, version, { status: 'disabled' })
    expect(await outcome(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
    expect((await recordOf(setup, EMAIL)).status).toBe('disabled')
  })

  it('S019 of an address that is no longer the account holder’s opens nothing', async () => {
    const setup = setUp()
    const { token } = await register(setup, EMAIL)
    const { id, version } = await recordOf(setup, EMAIL)
    await setup.store.users.update(id, version, { email: 'bob@example.com' })
    expect(await outcome(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
    expect((await recordOf(setup, 'bob@example.com')).status).toBe('pending')
  })
})

describe('what is no activation token', () => {
  const token = 'A'.repeat(43)

  it.each([
    { token: '' },
    { token: ' ' },
    { token: '%00' },
    { token: '\0' },
    { token: 'null' },
    { token },
    { token: `${token}=` },
    { token: `${token}A` },
    { token: 'A'.repeat(300) },
    { token: null },
    { token: [] },
    { token: [token] },
    { token: {} },
    { token: { $ne: '' } },
    { token: 0 },
    { token: true },
    {},
    { code: '123456' },
    { identifier: EMAIL },
    { identifier: EMAIL, code: '' },
    { identifier: EMAIL, code: null },
    { identifier: EMAIL, code: 123456 },
    { identifier: EMAIL, code: ['123456'] },
    { identifier: '', code: '' },
    { identifier: [EMAIL], code: '123456' },
    { token, identifier: EMAIL, code: '123456' },
    { token, identifier: EMAIL },
    { token, userId: '1' },
  ])('S019 S025 refuses %j and activates nobody', async (body) => {
    const setup = setUp()
    await register(setup, EMAIL)
    const answer = await (await serveSetup(setup)).post('/auth/activate', body)
    expect([400, 422]).toContain(answer.status)
    expect((await recordOf(setup, EMAIL)).status).toBe('pending')
  })

  it('S025 names what is wrong', async () => {
    const { auth } = setUp()
    // What JSON brings is not what the types promise.
    const input = { token: ['x'] } as unknown as ActivateInput
    await expect(auth.activate(input)).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [{ pointer: '/token', code: 'wrong_type' }],
    })
  })

  it('S019 is each token with a character changed, left out or in another case', async () => {
    const setup = setUp()
    const { token: real } = await register(setup, EMAIL)
    const others = [...real].flatMap((letter, at) => [
      real.slice(0, at) + (letter === 'A' ? 'B' : 'A') + real.slice(at + 1),
      real.slice(0, at) + real.slice(at + 1),
    ])
    const swapped = real.replace(/[A-Za-z]/g, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    )
    for (const other of [...others, swapped, ` ${real}`, `${real}\n`]) {
      expect(await outcome(setup.auth.activate({ token: other }))).toBe('invalid_one_time_token')
    }
    expect(await outcome(setup.auth.activate({ token: real }))).toBe('ok')
  })
})

it('S019 S056 keeps neither link nor code where somebody who reads the store could use them', async () => {
  const setup = setUp()
  const { token, code, user } = await register(setup, EMAIL)
  const stored = await setup.store.oneTimeTokens.list(user.id, 'activate', setup.clock.now(), 10)
  expect(stored).toHaveLength(1)
  const dump = JSON.stringify(stored)
  for (const secret of [token, code ?? '', PASSWORD]) expect(dump).not.toContain(secret)
  expect(stored[0]).toMatchObject({ proves: EMAIL, purpose: 'activate', attemptsLeft: 5 })
})

it('S018 has no session for an account before it is activated', async () => {
  const setup = setUp()
  const client = await serveSetup(setup)
  await register(setup, EMAIL)
  const refused = await client.post('/auth/login', { identifier: EMAIL, password: PASSWORD })
  expect(refused.status).toBe(403)
  expect(refused.body.code).toBe('account_not_activated')
  expect(refused.text).not.toMatch(/token/i)
  const { session } = await accountOf(setup, 'bob@example.com')
  expect((await client.get('/protected', session.accessToken)).status).toBe(200)
})

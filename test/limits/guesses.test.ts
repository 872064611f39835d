import type { AuthError, AuthOptions } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { describe, expect, it } from 'vitest'
import { intercept } from '../support/nodes.ts'
import { PHONE, WITH_PHONES } from '../support/phones.ts'
import { settled } from '../support/problems.ts'
import { NEW_PASSWORD, requestReset } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const LIMITED = { limits: {} } satisfies Partial<AuthOptions>
const client = (n: number) => ({ ip: `203.0.113.${n % 250}` })

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    ({ code }: AuthError) => code,
  )

describe('one-time codes', () => {
  it('S079 are looked at five times, over new messages and addresses, and guessed at 20 times an hour', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    const outcomes: string[] = []
    for (let issue = 0; issue < 5; issue += 1) {
      await setup.auth.forgotPassword({ identifier: EMAIL }, client(issue))
      await settled(setup.auth)
      for (let n = 0; n < 200; n += 1) {
        const code = String(issue * 200 + n).padStart(8, '0')
        const input = { identifier: EMAIL, code, newPassword: NEW_PASSWORD }
        outcomes.push(await codeOf(setup.auth.resetPassword(input, client(n))))
      }
    }
    expect(outcomes.filter((outcome) => outcome === 'invalid_one_time_token')).toHaveLength(20)
    expect(outcomes.filter((outcome) => outcome === 'rate_limited')).toHaveLength(980)
    const { attemptsLeft } = (await tokensOf(setup))[0] ?? {}
    expect(attemptsLeft).toBe(0)
  })

  it('S079 S028 are counted before they are looked at, however many come at once', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    const { code } = await requestReset(setup, EMAIL)
    const guesses = Array.from({ length: 100 }, (_, n) => {
      const wrong = String((Number(code) + 1 + n) % 1e8).padStart(8, '0')
      const input = { identifier: EMAIL, code: wrong, newPassword: NEW_PASSWORD }
      return codeOf(setup.auth.resetPassword(input, client(n)))
    })
    const outcomes = await Promise.all(guesses)
    expect(outcomes.filter((outcome) => outcome === 'invalid_one_time_token')).toHaveLength(20)
  })

  it('S029 that strangers guess keep the owner out nowhere that the account was logged in to', async () => {
    const setup = setUp({ ...LIMITED, ...WITH_PHONES })
    const { auth, outbox } = setup
    await auth.createUser({ phone: PHONE, password: PASSWORD })
    await auth.login({ identifier: PHONE, password: PASSWORD }, client(1))
    const guess = (code: string, n: number) =>
      codeOf(auth.resetPassword({ identifier: PHONE, code, newPassword: NEW_PASSWORD }, client(n)))
    for (let n = 2; n < 22; n += 1) expect(await guess('00000000', n)).not.toBe('rate_limited')
    await auth.forgotPassword({ identifier: PHONE }, client(1))
    const { code = '' } = await outbox.next('reset_password', PHONE)
    expect(await guess(code, 2)).toBe('rate_limited')
    expect(await guess(code, 1)).toBe('done')
  })

  it('S079 leave the link alone', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    const { token } = await requestReset(setup, EMAIL)
    for (let n = 0; n < 40; n += 1) {
      const input = { identifier: EMAIL, code: '00000000', newPassword: NEW_PASSWORD }
      await codeOf(setup.auth.resetPassword(input, client(n)))
    }
    await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD }, client(1))
  })

  it('S023 are refused alike where there is no account', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    const seen = []
    for (const identifier of [EMAIL, 'nobody@example.com']) {
      const outcomes = []
      for (let n = 0; n < 25; n += 1) {
        const input = { identifier, code: '00000000', newPassword: NEW_PASSWORD }
        outcomes.push(await codeOf(setup.auth.resetPassword(input, client(n))))
      }
      seen.push(outcomes)
    }
    expect(seen[1]).toEqual(seen[0])
  })

  it('count against the address from which they come', async () => {
    const setup = setUp(LIMITED)
    const outcomes = []
    for (let n = 0; n < 35; n += 1) {
      const input = { identifier: `somebody-${n}@example.com`, code: '123456' }
      outcomes.push(await codeOf(setup.auth.activate(input, client(1))))
    }
    expect(outcomes.filter((outcome) => outcome === 'rate_limited')).toHaveLength(5)
  })
})

describe('the current password', () => {
  async function session(setup: Setup) {
    const { session } = await accountOf(setup)
    return setup.auth.authenticate(session.accessToken)
  }

  it('S082 can be guessed at five times, whatever for, and then with delays', async () => {
    const setup = setUp({
      ...LIMITED,
      identifiers: ['email', 'username'],
      optionalIdentifiers: ['username'],
    })
    const { auth, clock } = setup
    const principal = await session(setup)
    const currentPassword = 'a wrong password'
    const attempts = [
      () => auth.changePassword(principal, { currentPassword, newPassword: NEW_PASSWORD }),
      () => auth.changeEmail(principal, { currentPassword, email: 'new@example.com' }),
      () => auth.updateAccount(principal, { currentPassword, username: 'another' }),
      () => auth.deleteAccount(principal, { currentPassword }),
      () => auth.changePassword(principal, { currentPassword, newPassword: NEW_PASSWORD }),
    ]
    for (const attempt of attempts) expect(await codeOf(attempt())).toBe('wrong_password')
    for (const attempt of attempts) expect(await codeOf(attempt())).toBe('rate_limited')
    const right = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    expect(await codeOf(auth.changePassword(principal, right))).toBe('rate_limited')
    clock.advance(1)
    expect(await codeOf(auth.changePassword(principal, right))).toBe('done')
  })

  it('S082 that is missing is no guess', async () => {
    const setup = setUp(LIMITED)
    const principal = await session(setup)
    for (let n = 0; n < 10; n += 1) {
      expect(await codeOf(setup.auth.deleteAccount(principal, {}))).toBe('wrong_password')
    }
  })
})

describe('registrations', () => {
  it('come from one address ten times an hour', async () => {
    const setup = setUp(LIMITED)
    const register = (n: number, ip: number) =>
      codeOf(
        setup.auth.register({ email: `somebody-${n}@example.com`, password: PASSWORD }, client(ip)),
      )
    for (let n = 0; n < 10; n += 1) expect(await register(n, 1)).toBe('done')
    expect(await register(11, 1)).toBe('rate_limited')
    expect(await register(11, 2)).toBe('done')
  })
})

describe('refreshes', () => {
  it('rotate a session so many times a minute; a repeated answer is no rotation', async () => {
    // At the default of 30, what may be told apart within the grace of a refresh ends first.
    const setup = setUp({ limits: { rules: { refreshes: { points: 10 } } } })
    let { refreshToken } = (await accountOf(setup)).session
    for (let n = 0; n < 10; n += 1) {
      const before = refreshToken
      refreshToken = (await setup.auth.refresh({ refreshToken })).refreshToken
      for (let again = 0; again < 3; again += 1) {
        expect((await setup.auth.refresh({ refreshToken: before })).refreshToken).toBe(refreshToken)
      }
    }
    await expect(setup.auth.refresh({ refreshToken })).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfter: 60,
    })
    setup.clock.advance(60)
    await setup.auth.refresh({ refreshToken })
  })

  it('of a hundred tabs at once all go through: one of them rotates', async () => {
    const setup = setUp(LIMITED)
    const { refreshToken } = (await accountOf(setup)).session
    const tabs = Array.from({ length: 100 }, () => setup.auth.refresh({ refreshToken }, client(1)))
    const tokens = (await Promise.all(tabs)).map((issued) => issued.refreshToken)
    expect(new Set(tokens).size).toBe(1)
  })

  it('that fail count against their address, and those that go through do not', async () => {
    const setup = setUp(LIMITED)
    const { refreshToken } = (await accountOf(setup)).session
    const refresh = (token: string) =>
      codeOf(setup.auth.refresh({ refreshToken: token }, client(1)))
    for (let n = 0; n < 200; n += 1) expect(await refresh(refreshToken)).toBe('done')
    for (let n = 0; n < 150; n += 1) expect(await refresh('nonsense')).toBe('invalid_token')
    expect(await refresh('nonsense')).toBe('rate_limited')
  })

  it('do not count against it while the store is down', async () => {
    let isDown = false
    const store = intercept(memoryStore(), () => {
      if (isDown) throw new Error('down')
    })
    const setup = setUp({ ...LIMITED, store })
    const { refreshToken } = (await accountOf(setup)).session
    await settled(setup.auth)
    const refresh = () => codeOf(setup.auth.refresh({ refreshToken }, client(1)))
    isDown = true
    for (let n = 0; n < 200; n += 1) expect(await refresh()).toBe('unavailable')
    isDown = false
    expect(await refresh()).toBe('done')
  })
})

async function tokensOf({ store, clock }: Setup) {
  const user = await store.users.findByIdentifier({ kind: 'email', value: EMAIL })
  return store.oneTimeTokens.list(user?.id ?? '', 'reset_password', clock.now(), 2)
}

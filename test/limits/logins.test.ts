import type { AuthError, AuthOptions } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { WITH_USERNAMES } from '../support/onboarding.ts'
import { settled } from '../support/problems.ts'
import { NEW_PASSWORD, requestReset } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const HOME = { ip: '192.0.2.7' }
const ELSEWHERE = { ip: '198.51.100.9' }
const LIMITED = { limits: {} } satisfies Partial<AuthOptions>

type Where = { readonly ip: string }

/** How a login ends: `in`, or the code of the refusal with the seconds to wait. */
async function tryLogin(
  { auth }: Setup,
  identifier: string,
  password: string,
  client: Where,
): Promise<string> {
  try {
    await auth.login({ identifier, password }, client)
    return 'in'
  } catch (error) {
    const { code, retryAfter } = error as AuthError
    return retryAfter === null ? code : `${code} ${retryAfter}`
  }
}

const guess = (setup: Setup, client: Where = ELSEWHERE, identifier = EMAIL) =>
  tryLogin(setup, identifier, 'a wrong password', client)

async function exhaust(setup: Setup, client: Where = ELSEWHERE, identifier = EMAIL) {
  for (let count = 0; count < 5; count += 1) {
    expect(await guess(setup, client, identifier)).toBe('invalid_credentials')
  }
}

const address = (n: number): Where => ({ ip: `203.0.113.${n}` })

describe('a login that fails', () => {
  it('S026 is free five times, and then waits 1, 2, 4 seconds and so on, up to 15 minutes', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    await exhaust(setup)
    const delays = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    for (const delay of delays) {
      expect(await guess(setup)).toBe(`rate_limited ${delay}`)
      setup.clock.advance(delay - 0.5)
      expect(await guess(setup)).toBe('rate_limited 1')
      setup.clock.advance(0.5)
      expect(await guess(setup)).toBe('invalid_credentials')
    }
  })

  it('S026 is forgotten when nobody has tried for 15 minutes after the delay', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    await exhaust(setup)
    setup.clock.advance(1 + 15 * 60 + 1)
    await exhaust(setup)
  })

  it('S026 makes the right password wait as well, and then takes it', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    await exhaust(setup)
    expect(await tryLogin(setup, EMAIL, PASSWORD, ELSEWHERE)).toBe('rate_limited 1')
    setup.clock.advance(1)
    expect(await tryLogin(setup, EMAIL, PASSWORD, ELSEWHERE)).toBe('in')
    await exhaust(setup)
  })

  it('S023 S026 is treated alike where there is no account', async () => {
    const setup = setUp({ ...LIMITED, ...WITH_USERNAMES })
    await setup.auth.createUser({ email: EMAIL, username: 'ada', password: PASSWORD })
    const seen = []
    for (const identifier of [EMAIL, 'nobody@example.com', 'ada', 'nobody', '???']) {
      const client = address(seen.length)
      const outcomes = []
      for (const pause of [0, 0, 0, 0, 0, 0, 1, 0, 2, 0]) {
        setup.clock.advance(pause)
        outcomes.push(await guess(setup, client, identifier))
      }
      seen.push(outcomes)
      setup.clock.advance(2 * 3600)
    }
    for (const outcomes of seen) expect(outcomes).toEqual(seen[0])
    expect(seen[0]?.slice(4, 6)).toEqual(['invalid_credentials', 'rate_limited 1'])
  })

  it('S027 counts for one account, whether by address, in capitals, by name or by phone', async () => {
    const sms = () => {}
    const identifiers = ['email', 'username', 'phone'] as const
    const setup = setUp({ ...LIMITED, identifiers, sms })
    const user = { email: EMAIL, username: 'ada', phone: '+12025550100', password: PASSWORD }
    await setup.auth.createUser(user)
    const names = ['ada', 'ADA', '+1 202 555 0100', EMAIL, 'Ada@Example.com']
    for (const name of names) {
      expect(await guess(setup, ELSEWHERE, name)).toBe('invalid_credentials')
    }
    expect(await guess(setup, ELSEWHERE, EMAIL)).toBe('rate_limited 1')
    // As a name that belongs to nobody is answered: else the two names were known to belong to one account.
    for (const name of ['ada', '+12025550100', 'nobody']) {
      expect(await tryLogin(setup, name, PASSWORD, ELSEWHERE)).toBe('invalid_credentials')
    }
    // Nobody has looked at these: they bring the password no nearer to the hundred after which it works no more.
    expect((await userOf(setup)).failedLogins).toBe(5)
  })

  it('S027 is not forgotten because whoever guesses logs in to an account of their own', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    await setup.auth.createUser({ email: 'mallory@example.com', password: PASSWORD })
    const outcomes = []
    for (let count = 0; count < 50; count += 1) {
      outcomes.push(await guess(setup))
      expect(await tryLogin(setup, 'mallory@example.com', PASSWORD, ELSEWHERE)).toBe('in')
    }
    expect(outcomes.filter((outcome) => outcome === 'invalid_credentials')).toHaveLength(5)
  })

  it('S027 is not forgotten because a message was asked for', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    await exhaust(setup)
    await setup.auth.forgotPassword({ identifier: EMAIL }, ELSEWHERE)
    await settled(setup.auth)
    expect(await guess(setup)).toBe('rate_limited 1')
  })

  it('S028 is counted before the work: of 200 at once no more are looked at than are allowed', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    await setup.store.users.clearFailedLogins((await userOf(setup)).id)
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => guess(setup)))
    const evaluated = outcomes.filter((outcome) => outcome === 'invalid_credentials')
    expect(evaluated).toHaveLength(5)
    expect((await userOf(setup)).failedLogins).toBe(5)
    // What was refused has made nothing worse.
    setup.clock.advance(1)
    expect(await guess(setup)).toBe('invalid_credentials')
    expect(await guess(setup)).toBe('rate_limited 2')
  })

  it('S028 of 200 at once from as many addresses is looked at 20 times', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    const guesses = Array.from({ length: 200 }, (_, n) => guess(setup, address(n)))
    const outcomes = await Promise.all(guesses)
    expect(outcomes.filter((outcome) => outcome === 'invalid_credentials')).toHaveLength(20)
    expect((await userOf(setup)).failedLogins).toBe(20)
  })

  it('S026 counts against the address, whichever accounts are tried', async () => {
    const setup = setUp(LIMITED)
    const outcomes = []
    for (let count = 0; count < 40; count += 1) {
      outcomes.push(await guess(setup, ELSEWHERE, `somebody-${count}@example.com`))
    }
    expect(outcomes.filter((outcome) => outcome === 'invalid_credentials')).toHaveLength(30)
    expect(outcomes.at(-1)).toBe('rate_limited 300')
    setup.clock.advance(300)
    expect(await guess(setup)).toBe('invalid_credentials')
  })

  it('S026 does not count a login that goes through against its address', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    for (let count = 0; count < 40; count += 1) {
      expect(await tryLogin(setup, EMAIL, PASSWORD, HOME)).toBe('in')
    }
  })

  it('S031 counts for a /64 of IPv6, and for one address of IPv4 however it is written', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    const wrongFrom = (ip: string) => guess(setup, { ip })
    for (const ip of [
      '2001:db8::1',
      '2001:DB8::2',
      '2001:0db8:0:0:ffff::3',
      '2001:db8::4',
      '2001:db8::5',
    ]) {
      expect(await wrongFrom(ip)).toBe('invalid_credentials')
    }
    expect(await wrongFrom('2001:db8:0:0:1234:5678:9abc:def0')).toBe('rate_limited 1')
    expect(await wrongFrom('2001:db8:0:1::1')).toBe('invalid_credentials')
    for (const ip of ['1.2.3.4', '::ffff:1.2.3.4', '::ffff:102:304', '::FFFF:1.2.3.4', '1.2.3.4']) {
      expect(await wrongFrom(ip)).toBe('invalid_credentials')
    }
    expect(await wrongFrom('0:0:0:0:0:ffff:102:304')).toBe('rate_limited 1')
  })

  it('counts for the account alone where nobody says from where it comes', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    const { auth } = setup
    const input = { identifier: EMAIL, password: 'a wrong password' }
    for (let count = 0; count < 5; count += 1) {
      await expect(auth.login(input)).rejects.toMatchObject({ code: 'invalid_credentials' })
    }
    await expect(auth.login(input)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 1 })
  })
})

describe('S029 whoever guesses at an account locks nobody out', () => {
  it('who logs in from another address, goes on with a session, refreshes it, and resets the password', async () => {
    const setup = setUp(LIMITED)
    const { session } = await accountOf(setup)
    await exhaust(setup)
    expect(await guess(setup)).toBe('rate_limited 1')
    expect(await tryLogin(setup, EMAIL, PASSWORD, HOME)).toBe('in')
    await setup.auth.authenticate(session.accessToken)
    await setup.auth.refresh({ refreshToken: session.refreshToken }, HOME)
    const { token } = await requestReset(setup, EMAIL)
    await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD }, HOME)
    expect(await tryLogin(setup, EMAIL, NEW_PASSWORD, HOME)).toBe('in')
  })

  it('who has logged in from there before, however many others guess from elsewhere', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    expect(await tryLogin(setup, EMAIL, PASSWORD, HOME)).toBe('in')
    for (let n = 0; n < 40; n += 1) await guess(setup, address(n))
    expect(await tryLogin(setup, EMAIL, PASSWORD, ELSEWHERE)).toBe('rate_limited 1')
    expect(await tryLogin(setup, EMAIL, PASSWORD, HOME)).toBe('in')
    expect(await tryLogin(setup, EMAIL, PASSWORD, HOME)).toBe('in')
  })

  it('who has just chosen a password by a message, wherever they are', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    for (let n = 0; n < 40; n += 1) await guess(setup, address(n))
    await exhaustUntilRefused(setup, ELSEWHERE)
    const { token } = await requestReset(setup, EMAIL)
    await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD }, ELSEWHERE)
    expect(await tryLogin(setup, EMAIL, NEW_PASSWORD, ELSEWHERE)).toBe('in')
  })

  it('and does not use up the attempts of the account with what is refused', async () => {
    const setup = setUp(LIMITED)
    await accountOf(setup)
    for (let count = 0; count < 100; count += 1) await guess(setup)
    for (let n = 0; n < 15; n += 1) {
      expect(await guess(setup, address(n))).toBe('invalid_credentials')
    }
    expect((await userOf(setup)).failedLogins).toBe(20)
  })
})

async function exhaustUntilRefused(setup: Setup, client: Where): Promise<void> {
  for (let count = 0; count < 10; count += 1) await guess(setup, client)
  expect(await guess(setup, client)).toMatch(/^rate_limited/)
}

async function userOf({ store }: Setup, email = EMAIL) {
  const user = await store.users.findByIdentifier({ kind: 'email', value: email })
  if (user === null) throw new Error('there is no such user')
  return user
}

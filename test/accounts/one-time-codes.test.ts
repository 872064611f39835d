import { describe, expect, it } from 'vitest'
import { registerAgain } from '../support/later-registrations.ts'
import { loginOutcome, outcome, recordOf, register, WITH_USERNAMES } from '../support/onboarding.ts'
import { PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const MINUTE = 60

/** An account that waits for its activation, with its code and ways to try it. */
async function waiting() {
  const setup = setUp()
  const { token, code = '', codeExpiresAt } = await register(setup, EMAIL)
  return { ...setup, token, code, codeExpiresAt, wrong: another(code) }
}

/** Another code of the same length. */
function another(code: string): string {
  return code.replace(/^./, (digit) => String((Number(digit) + 1) % 10))
}

function tryCode({ auth }: Setup, code: string, identifier = EMAIL): Promise<string> {
  return outcome(auth.activate({ identifier, code }))
}

async function resend(setup: Setup) {
  await setup.auth.resendActivation({ identifier: EMAIL })
  const message = await setup.outbox.next('activate', EMAIL)
  return { ...message, token: tokenIn(message.link), code: message.code ?? '' }
}

/** How often the code may still be tried. */
async function attemptsLeft(setup: Setup): Promise<number | undefined> {
  const { id } = await recordOf(setup, EMAIL)
  const tokens = await setup.store.oneTimeTokens.list(id, 'activate', setup.clock.now(), 10)
  return tokens.find(({ slot }) => slot === '')?.attemptsLeft
}

describe('a code', () => {
  it('S019 does what its link does, once, and the link is used up with it', async () => {
    const setup = await waiting()
    expect(setup.code).toMatch(/^\d{6}$/)
    expect(await tryCode(setup, setup.code, 'ADA@example.com')).toBe('ok')
    expect(await loginOutcome(setup, EMAIL)).toBe('ok')
    expect(await tryCode(setup, setup.code)).toBe('invalid_one_time_token')
    expect(await outcome(setup.auth.activate({ token: setup.token }))).toBe(
      'invalid_one_time_token',
    )
  })

  it('S019 may be given with the username in place of the address', async () => {
    const setup = setUp(WITH_USERNAMES)
    await setup.auth.register({ email: EMAIL, username: 'lovelace', password: PASSWORD })
    const { code = '' } = await setup.outbox.next('activate', EMAIL)
    expect(await tryCode(setup, code, 'Lovelace')).toBe('ok')
  })

  it('S019 works for ten minutes and not at their end; its link goes on', async () => {
    const setup = await waiting()
    expect(setup.codeExpiresAt).toEqual(new Date(setup.clock.now().getTime() + 600_000))
    setup.clock.advance(10 * MINUTE)
    expect(await tryCode(setup, setup.code)).toBe('invalid_one_time_token')
    expect(await outcome(setup.auth.activate({ token: setup.token }))).toBe('ok')

    const other = await waiting()
    other.clock.advance(10 * MINUTE - 1)
    expect(await tryCode(other, other.code)).toBe('ok')
  })

  it('S019 S020 may be tried five times, the right one on the fifth', async () => {
    const setup = await waiting()
    for (let tries = 0; tries < 4; tries += 1) {
      expect(await tryCode(setup, setup.wrong)).toBe('invalid_one_time_token')
    }
    expect(await tryCode(setup, setup.code)).toBe('ok')
  })

  it('S019 is void after five wrong tries, and its link is not', async () => {
    const setup = await waiting()
    for (let tries = 0; tries < 5; tries += 1) await tryCode(setup, setup.wrong)
    expect(await tryCode(setup, setup.code)).toBe('invalid_one_time_token')
    expect((await recordOf(setup, EMAIL)).status).toBe('pending')
    expect(await outcome(setup.auth.activate({ token: setup.token }))).toBe('ok')
  })

  it('S020 is void once another was sent', async () => {
    const setup = await waiting()
    const again = await resend(setup)
    if (again.code !== setup.code) {
      expect(await tryCode(setup, setup.code)).toBe('invalid_one_time_token')
    }
    expect(await tryCode(setup, again.code)).toBe('ok')
  })

  it('S020 gets no new tries by being sent again', async () => {
    const setup = await waiting()
    for (let tries = 0; tries < 4; tries += 1) await tryCode(setup, setup.wrong)
    const again = await resend(setup)
    expect(again.code).toMatch(/^\d{6}$/)
    expect(await tryCode(setup, another(again.code))).toBe('invalid_one_time_token')
    expect(await tryCode(setup, again.code)).toBe('invalid_one_time_token')
    const third = await resend(setup)
    expect(await attemptsLeft(setup)).toBe(0)
    expect(await tryCode(setup, again.code)).toBe('invalid_one_time_token')
    expect(await outcome(setup.auth.activate({ token: third.token }))).toBe('ok')
  })

  it('S020 is not sent when it could not work: its message has the link alone', async () => {
    const setup = await waiting()
    for (let tries = 0; tries < 5; tries += 1) await tryCode(setup, setup.wrong)
    await setup.auth.resendActivation({ identifier: EMAIL })
    const message = await setup.outbox.next('activate', EMAIL)
    expect([message.code, message.codeExpiresAt]).toEqual([undefined, undefined])
    expect(message.text + message.html).not.toMatch(/code/i)
    expect(await outcome(setup.auth.activate({ token: tokenIn(message.link) }))).toBe('ok')
  })

  it('S020 S021 gets no new tries by another registration of the address', async () => {
    const setup = await waiting()
    for (let tries = 0; tries < 5; tries += 1) await tryCode(setup, setup.wrong)
    setup.clock.advance(1)
    expect((await registerAgain(setup, EMAIL, 'another password')).code).toBeUndefined()
    expect(await attemptsLeft(setup)).toBe(0)
    expect(await tryCode(setup, setup.code)).toBe('invalid_one_time_token')
  })

  it('S020 gets new tries with a registration after the old one has expired', async () => {
    const setup = await waiting()
    for (let tries = 0; tries < 5; tries += 1) await tryCode(setup, setup.wrong)
    setup.clock.advance(7 * 86_400 + 1)
    await setup.auth.prune()
    const fresh = await register(setup, EMAIL)
    expect(await tryCode(setup, fresh.code ?? '')).toBe('ok')
  })

  it('S028 S112 opens the account once, however many send it at the same time', async () => {
    const setup = await waiting()
    const calls = Array.from({ length: 50 }, () => tryCode(setup, setup.code))
    const outcomes = await Promise.all(calls)
    expect(outcomes.filter((result) => result === 'ok')).toHaveLength(1)
    expect(outcomes.filter((result) => result === 'invalid_one_time_token')).toHaveLength(49)
  })

  it('S028 is lost among fifty guesses at the same time: five count', async () => {
    const setup = await waiting()
    const guesses = Array.from({ length: 50 }, () => tryCode(setup, setup.wrong))
    await Promise.all([...guesses, tryCode(setup, setup.code)])
    expect((await recordOf(setup, EMAIL)).status).toBe('pending')
  })

  it('S019 belongs to one account and one purpose', async () => {
    const setup = await waiting()
    await register(setup, 'bob@example.com')
    await setup.auth.forgotPassword({ identifier: EMAIL })
    const reset = (await setup.outbox.next('reset_password', EMAIL)).code ?? ''
    expect(reset).toMatch(/^\d{8}$/)
    expect(await tryCode(setup, setup.code, 'bob@example.com')).toBe('invalid_one_time_token')
    expect(await tryCode(setup, reset)).toBe('invalid_one_time_token')
    const misused = { identifier: EMAIL, code: setup.code, newPassword: 'another password' }
    expect(await outcome(setup.auth.resetPassword(misused))).toBe('invalid_one_time_token')
    expect(await tryCode(setup, setup.code)).toBe('ok')
  })

  it('S023 is refused alike for who waits, who does not, and who does not exist', async () => {
    const setup = await waiting()
    for (const identifier of [EMAIL, 'nobody@example.com', 'no identifier', '']) {
      expect(await tryCode(setup, setup.wrong, identifier)).toBe('invalid_one_time_token')
    }
  })

  it.each([
    '',
    ' ',
    '      ',
    '12345',
    '123456789',
    '1234567890123456',
    '１２３４５６',
    '-12345',
    '1e5',
  ])('S019 is not %j, which costs no try', async (code) => {
    const setup = await waiting()
    for (const text of [code, ` ${setup.code}`, `${setup.code}\n`]) {
      expect(await tryCode(setup, text)).toBe('invalid_one_time_token')
    }
    expect(await attemptsLeft(setup)).toBe(5)
    expect(await tryCode(setup, setup.code)).toBe('ok')
  })

  it.each(['654321', '7654321', '87654321'])(
    'S019 could be %s, which costs a try',
    async (code) => {
      const setup = await waiting()
      await tryCode(setup, code === setup.code ? setup.wrong : code)
      expect(await attemptsLeft(setup)).toBe(4)
    },
  )

  it('S053 goes on under a secret that was moved to the second place', async () => {
    const old = 'another-secret-for-tests-9876543210-zyxwv'
    const before = setUp({ secrets: [old] })
    const { code = '' } = await register(before, EMAIL)
    const fresh = 'a-third-secret-for-tests-192837465-qwertz'
    const rotated = setUp({ store: before.store, secrets: [fresh, old] })
    expect(await tryCode(rotated, code)).toBe('ok')
  })
})

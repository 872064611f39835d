import { describe, expect, it } from 'vitest'
import { messagesOf, registerAgain } from '../support/later-registrations.ts'
import { change, loginOutcome, outcome, register } from '../support/onboarding.ts'
import { accountOf, PASSWORD, type Setup, serveSetup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const HOUR = 3600

/** Asks for the message again, and resolves what was sent since. */
function resend(setup: Setup, identifier = EMAIL) {
  return messagesOf(setup, () => setup.auth.resendActivation({ identifier }))
}

describe('asking for the activation message again', () => {
  it('S020 sends a new link and a new code in place of the old ones', async () => {
    const setup = setUp()
    const old = await register(setup, EMAIL)
    setup.clock.advance(HOUR)
    const [again, ...others] = await resend(setup)
    expect(others).toEqual([])
    expect(again).toMatchObject({
      kind: 'activate',
      to: EMAIL,
      code: expect.stringMatching(/^\d{6}$/),
    })
    expect(await outcome(setup.auth.activate({ token: old.token }))).toBe('invalid_one_time_token')
    expect(await outcome(setup.auth.activate({ token: tokenIn(again?.link) }))).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, PASSWORD)).toBe('ok')
  })

  it('S021 sends a choice of password when there are several registrations, and voids none', async () => {
    const setup = setUp()
    const first = await register(setup, EMAIL, 'the first password')
    setup.clock.advance(60)
    const second = await registerAgain(setup, EMAIL, 'the second password')
    const messages = await resend(setup)
    expect(messages.map(({ kind }) => kind)).toEqual(['reset_password'])
    expect(first.token).not.toBe(second.token)
    expect(await outcome(setup.auth.activate({ token: second.token }))).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, 'the second password')).toBe('ok')
  })

  it('S021 lets that choice open the account with the new password only', async () => {
    const setup = setUp()
    const { token } = await register(setup, EMAIL, 'the first password')
    setup.clock.advance(60)
    await registerAgain(setup, EMAIL, 'the second password')
    const [message] = await resend(setup)
    const newPassword = 'the chosen password'
    await setup.auth.resetPassword({ token: tokenIn(message?.link), newPassword })
    expect(await loginOutcome(setup, EMAIL, newPassword)).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, 'the first password')).not.toBe('ok')
    expect(await loginOutcome(setup, EMAIL, 'the second password')).not.toBe('ok')
    expect(await outcome(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
  })

  it('S019 sends a choice of password when the registration has expired', async () => {
    const setup = setUp()
    await register(setup, EMAIL)
    setup.clock.advance(24 * HOUR)
    const messages = await resend(setup)
    expect(messages.map(({ kind }) => kind)).toEqual(['reset_password'])
    const reset = { token: tokenIn(messages[0]?.link), newPassword: 'the chosen password' }
    expect(await outcome(setup.auth.resetPassword(reset))).toBe('ok')
    expect(await loginOutcome(setup, EMAIL, 'the chosen password')).toBe('ok')
  })

  it('S021 never sends a later registration again, though the first has expired: it may be a stranger’s', async () => {
    const setup = setUp()
    await register(setup, EMAIL, 'the password of the owner')
    setup.clock.advance(23 * HOUR)
    await registerAgain(setup, EMAIL, 'the password of a stranger')
    setup.clock.advance(2 * HOUR)
    const [message] = await resend(setup)
    expect(message?.kind).toBe('reset_password')
  })

  it('S023 S075 answers alike for everybody, and tells the owner alone that the account is open', async () => {
    const setup = setUp()
    const client = await serveSetup(setup)
    await register(setup, 'pending@example.com')
    await accountOf(setup, 'active@example.com')
    await accountOf(setup, 'disabled@example.com')
    await change(setup, 'disabled@example.com', { status: 'disabled' })
    await setup.auth.close()
    const before = setup.outbox.messages.length
    const answers = []
    for (const name of ['pending', 'active', 'disabled', 'unknown', 'no identifier']) {
      answers.push(
        await client.post('/auth/activate/resend', { identifier: `${name}@example.com` }),
      )
    }
    const [first] = answers.map(({ status, text, headers }) => ({
      status,
      text,
      headers: named(headers),
    }))
    expect(first).toMatchObject({ status: 202, text: '' })
    for (const { status, text, headers } of answers) {
      expect({ status, text, headers: named(headers) }).toEqual(first)
    }
    await setup.auth.close()
    const sent = setup.outbox.messages.slice(before)
    expect(sent.map(({ kind, to }) => [kind, to]).toSorted()).toEqual([
      ['activate', 'pending@example.com'],
      ['already_registered', 'active@example.com'],
    ])
    for (const { link, code } of sent.filter(({ kind }) => kind !== 'activate')) {
      expect([link, code]).toEqual([undefined, undefined])
    }
  })

  it('S012 S018 lets a login show a waiting registration no longer than where the address is taken', async () => {
    const loginADayLater = async (setup: Setup) => {
      await setup.auth.register({ email: EMAIL, password: 'of whoever asks' })
      setup.clock.advance(23 * HOUR)
      await resend(setup)
      setup.clock.advance(2 * HOUR)
      return loginOutcome(setup, EMAIL, 'of whoever asks')
    }
    const free = setUp()
    const taken = setUp()
    await accountOf(taken)
    expect(await loginADayLater(free)).toBe(await loginADayLater(taken))
  })

  it.each([[{}], [{ identifier: [EMAIL] }], [{ identifier: null }], [{ email: EMAIL }]])(
    'S025 refuses %j',
    async (body) => {
      const setup = setUp()
      await register(setup, EMAIL)
      const answer = await (await serveSetup(setup)).post('/auth/activate/resend', body)
      expect(answer.status).toBe(422)
      await setup.auth.close()
      expect(setup.outbox.messages).toHaveLength(1)
    },
  )
})

function named(headers: Headers): Record<string, string> {
  const { date: _date, ...others } = Object.fromEntries(headers)
  return others
}

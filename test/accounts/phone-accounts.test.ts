import { describe, expect, it } from 'vitest'
import { messagesOf } from '../support/later-registrations.ts'
import { loginOutcome, outcome } from '../support/onboarding.ts'
import {
  anotherCode,
  OTHER_PHONE,
  PHONE,
  phoneAccountOf,
  registerPhone,
  WITH_PHONES,
} from '../support/phones.ts'
import { PASSWORD, type Setup, serveSetup, setUp, tokenIn } from '../support/setup.ts'

const MINUTE = 60
const SPELLINGS = [PHONE, '+1 (202) 555-0100', '+1-202-555-0100', '+1 202.555.0100']

function recordOf({ store }: Setup, phone = PHONE) {
  return store.users.findByIdentifier({ kind: 'phone', value: phone })
}

async function activate({ auth }: Setup, code: string, identifier = PHONE) {
  return outcome(auth.activate({ identifier, code }))
}

describe('an account that is known by its phone', () => {
  it('S018 S019 is opened by the six digits of a text message, which has no link', async () => {
    const setup = setUp(WITH_PHONES)
    const { channel, to, code, link, codeExpiresAt } = await registerPhone(setup)
    expect([channel, to, link]).toEqual(['sms', PHONE, undefined])
    expect(code).toMatch(/^\d{6}$/)
    expect(codeExpiresAt).toEqual(new Date(setup.clock.now().getTime() + 300_000))
    expect(await loginOutcome(setup, PHONE)).toBe('account_not_activated')
    expect(await loginOutcome(setup, PHONE, 'a wrong password')).toBe('invalid_credentials')
    const user = await setup.auth.activate({ identifier: PHONE, code })
    expect(user).toMatchObject({ phone: PHONE, phoneVerified: true, email: null })
    expect(await loginOutcome(setup, PHONE)).toBe('ok')
    await setup.auth.close()
    const [activated] = setup.events.filter(({ type }) => type === 'user.activated')
    expect(activated).toMatchObject({ channel: 'sms', userId: user.id })
  })

  it('S013 is one account in every spelling of the number, which is kept in one', async () => {
    const setup = setUp(WITH_PHONES)
    await setup.auth.register({ phone: '+1 (202) 555-0100', password: PASSWORD })
    const { code = '' } = await setup.outbox.next('activate', PHONE)
    const { id } = await setup.auth.activate({ identifier: '+1.202.555.0100', code })
    expect(await recordOf(setup)).toMatchObject({ id, phone: PHONE })
    for (const identifier of SPELLINGS) {
      const { user } = await setup.auth.login({ identifier, password: PASSWORD })
      expect(user).toMatchObject({ id, phone: PHONE })
    }
  })

  it('S013 may be named by the national number where there is a default country', async () => {
    const setup = setUp({ ...WITH_PHONES, phones: { defaultCountry: 'US' } })
    await setup.auth.register({ phone: '(202) 555-0100', password: PASSWORD })
    const { code = '' } = await setup.outbox.next('activate', PHONE)
    expect(await activate(setup, code, '202-555-0100')).toBe('ok')
    for (const identifier of ['2025550100', '1 202 555 0100', PHONE]) {
      expect(await loginOutcome(setup, identifier)).toBe('ok')
    }
    const elsewhere = setUp({ ...WITH_PHONES, store: setup.store })
    expect(await loginOutcome(elsewhere, '2025550100')).toBe('invalid_credentials')
    expect(await loginOutcome(elsewhere, PHONE)).toBe('ok')
  })

  it('S014 is written to at its own number, however a request spells it', async () => {
    const setup = setUp(WITH_PHONES)
    await registerPhone(setup)
    for (const phone of SPELLINGS) await setup.auth.register({ phone, password: PASSWORD })
    for (const identifier of SPELLINGS) {
      await setup.auth.resendActivation({ identifier })
      await setup.auth.forgotPassword({ identifier })
    }
    for (const identifier of ['+\uff11 202 555 0100', `${PHONE}x7`, `${PHONE},${OTHER_PHONE}`]) {
      await setup.auth.forgotPassword({ identifier })
      expect(await outcome(setup.auth.register({ phone: identifier, password: PASSWORD }))).toBe(
        'invalid_input',
      )
    }
    await setup.auth.close()
    expect(new Set(setup.outbox.messages.map(({ to }) => to))).toEqual(new Set([PHONE]))
    expect(setup.outbox.messages).toHaveLength(13)
  })

  it.each([
    '2025550100',
    `${PHONE}, ${OTHER_PHONE}`,
    `${PHONE};ext=7`,
    'tel:+12025550100',
    '+1-800-FLOWERS',
    'ada@example.org',
    'ada',
    '+10005550100',
    `${PHONE}\n`,
    '',
  ])('S015 has no number like %j', async (phone) => {
    const setup = setUp(WITH_PHONES)
    const client = await serveSetup(setup)
    const answer = await client.post('/auth/register', { phone, password: PASSWORD })
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ pointer: '/phone', code: 'invalid' }])
    await setup.auth.close()
    expect(setup.outbox.messages).toEqual([])
  })

  it('S006 has no password that is its number', async () => {
    const { auth } = setUp({ ...WITH_PHONES, phones: { defaultCountry: 'US' } })
    for (const password of [PHONE, '12025550100', '(202) 555-0100']) {
      const call = auth.register({ phone: '(202) 555-0100', password })
      expect(await outcome(call)).toBe('password_blocked')
    }
  })

  it('S113 that fifty register at once, in all spellings, is one', async () => {
    const setup = setUp(WITH_PHONES)
    const calls = Array.from({ length: 50 }, (_, at) =>
      outcome(setup.auth.register({ phone: SPELLINGS[at % 4] ?? '', password: PASSWORD })),
    )
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['ok']))
    await setup.auth.close()
    expect(new Set(setup.outbox.messages.map(({ user }) => user.id)).size).toBe(1)
  })
})

describe('a code in a text message', () => {
  it('S019 works for five minutes and not at their end', async () => {
    const setup = setUp(WITH_PHONES)
    const { code } = await registerPhone(setup)
    setup.clock.advance(5 * MINUTE)
    expect(await activate(setup, code)).toBe('invalid_one_time_token')
    setup.clock.advance(-1)
    expect(await activate(setup, code)).toBe('ok')
  })

  it('S020 may be tried five times, however often it is sent; then the message has a link', async () => {
    const setup = setUp(WITH_PHONES)
    const { code } = await registerPhone(setup)
    for (let tries = 0; tries < 4; tries += 1) await activate(setup, anotherCode(code))
    const [again] = await messagesOf(setup, () =>
      setup.auth.resendActivation({ identifier: PHONE }),
    )
    expect([again?.channel, again?.kind, again?.link]).toEqual(['sms', 'activate', undefined])
    const newer = again?.code ?? ''
    expect(await activate(setup, anotherCode(newer))).toBe('invalid_one_time_token')
    expect(await activate(setup, newer)).toBe('invalid_one_time_token')
    const [last] = await messagesOf(setup, () => setup.auth.resendActivation({ identifier: PHONE }))
    expect(last?.code).toBeUndefined()
    expect(await outcome(setup.auth.activate({ token: tokenIn(last?.link) }))).toBe('ok')
  })

  it('S021 opens the account with the password of its own registration only', async () => {
    const setup = setUp(WITH_PHONES)
    const first = await registerPhone(setup, PHONE, 'the first password')
    await setup.auth.register({ phone: PHONE, password: 'the second password' })
    const second = await setup.outbox.next('activate_again', PHONE)
    expect([second.channel, second.code]).toEqual(['sms', undefined])
    const user = await setup.auth.activate({ token: tokenIn(second.link) })
    expect(user).toMatchObject({ phone: PHONE, phoneVerified: true })
    expect(await loginOutcome(setup, PHONE, 'the second password')).toBe('ok')
    expect(await loginOutcome(setup, PHONE, 'the first password')).not.toBe('ok')
    expect(await activate(setup, first.code)).toBe('invalid_one_time_token')
  })

  it('S078 S079 sets a new password, which proves the number and ends all sessions', async () => {
    const setup = setUp(WITH_PHONES)
    await setup.auth.createUser({ phone: PHONE, password: 'the first password' })
    const session = await setup.auth.login({ identifier: PHONE, password: 'the first password' })
    await setup.auth.forgotPassword({ identifier: '+1 202 555 0100' })
    const { channel, code = '', link } = await setup.outbox.next('reset_password', PHONE)
    expect([channel, link]).toEqual(['sms', undefined])
    expect(code).toMatch(/^\d{8}$/)
    expect(await recordOf(setup)).toMatchObject({ phoneVerifiedAt: null })
    await setup.auth.resetPassword({ identifier: PHONE, code, newPassword: PASSWORD })
    expect(await recordOf(setup)).toMatchObject({ phoneVerifiedAt: setup.clock.now() })
    expect(await outcome(setup.auth.authenticate(session.accessToken))).toBe('invalid_token')
    expect(await loginOutcome(setup, PHONE)).toBe('ok')
    expect((await setup.outbox.next('password_changed', PHONE)).channel).toBe('sms')
  })

  it('S021 that sets a password opens an account that waits, and its first password dies', async () => {
    const setup = setUp(WITH_PHONES)
    const { code: first } = await registerPhone(setup, PHONE, 'of a stranger who guesses')
    await setup.auth.forgotPassword({ identifier: PHONE })
    const { code = '' } = await setup.outbox.next('reset_password', PHONE)
    await setup.auth.resetPassword({ identifier: PHONE, code, newPassword: PASSWORD })
    expect(await recordOf(setup)).toMatchObject({ status: 'active', emailVerifiedAt: null })
    expect(await loginOutcome(setup, PHONE)).toBe('ok')
    expect(await loginOutcome(setup, PHONE, 'of a stranger who guesses')).not.toBe('ok')
    expect(await activate(setup, first)).toBe('invalid_one_time_token')
    await setup.auth.close()
    const activated = setup.events.filter(({ type }) => type === 'user.activated')
    expect(activated).toMatchObject([{ channel: 'sms' }])
  })

  it('S020 S012 is asked for again without a word about who has an account', async () => {
    const setup = setUp(WITH_PHONES)
    await phoneAccountOf(setup)
    await registerPhone(setup, OTHER_PHONE)
    const client = await serveSetup(setup)
    for (const identifier of [PHONE, OTHER_PHONE, '+12025550123', 'nobody', '']) {
      for (const path of ['/auth/activate/resend', '/auth/password/forgot']) {
        const { status, text } = await client.post(path, { identifier })
        expect([status, text]).toEqual([202, ''])
      }
    }
    await setup.auth.close()
    expect(
      setup.outbox.messages
        .map(({ kind, to }) => [kind, to])
        .slice(2)
        .toSorted(),
    ).toEqual(
      [
        ['already_registered', PHONE],
        ['reset_password', PHONE],
        ['activate', OTHER_PHONE],
        ['reset_password', OTHER_PHONE],
      ].toSorted(),
    )
    const asked = setup.events.filter(({ type }) => type === 'user.activation_requested')
    expect(asked).toHaveLength(1)
  })
})

import type { AuthError, AuthOptions } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { OTHER_PHONE, PHONE, registerPhone, WITH_PHONES } from '../support/phones.ts'
import { settled } from '../support/problems.ts'
import { requestReset, wrongCode } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const LIMITED = { limits: {} } satisfies Partial<AuthOptions>
const client = (n: number) => ({ ip: `203.0.113.${n}` })

async function sentBy(setup: Setup, work: () => Promise<unknown>): Promise<readonly string[]> {
  await settled(setup.auth)
  const before = setup.outbox.messages.length
  await work()
  await settled(setup.auth)
  return setup.outbox.messages.slice(before).map(({ kind }) => kind)
}

async function times(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n += 1) await work(n)
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'done',
    ({ code }: AuthError) => code,
  )

describe('S022 messages that anybody can ask for', () => {
  it('go to one address three times in 15 minutes, and the answer is the same', async () => {
    const setup = setUp(LIMITED)
    await setup.auth.createUser({ email: EMAIL, password: PASSWORD })
    const forgot = (n: number) => setup.auth.forgotPassword({ identifier: EMAIL }, client(n))
    expect(await sentBy(setup, () => times(20, forgot))).toEqual(Array(3).fill('reset_password'))
    setup.clock.advance(15 * 60)
    expect(await sentBy(setup, () => times(2, forgot))).toHaveLength(2)
  })

  it('share that number, whatever they are about', async () => {
    const setup = setUp(LIMITED)
    const { auth } = setup
    const input = { email: EMAIL, password: PASSWORD }
    const kinds = await sentBy(setup, async () => {
      await auth.register(input, client(1))
      await auth.resendActivation({ identifier: EMAIL }, client(2))
      await auth.forgotPassword({ identifier: EMAIL }, client(3))
      await auth.register(input, client(4))
      await auth.resendActivation({ identifier: EMAIL }, client(5))
    })
    expect(kinds).toHaveLength(3)
  })

  it('S029 keep nobody from a new password, whatever else a stranger has sent there', async () => {
    const setup = setUp(LIMITED)
    const { auth, clock } = setup
    const { session } = await accountOf(setup, 'mallory@example.com')
    const mallory = await auth.authenticate(session.accessToken)
    await auth.createUser({ email: EMAIL, password: PASSWORD })
    await times(4, async (hour) => {
      await times(5, async (n) => {
        await auth.resendActivation({ identifier: EMAIL }, client(n))
        await auth.register({ email: EMAIL, password: PASSWORD }, client(n))
      })
      await times(2, () =>
        auth.changeEmail(mallory, { email: EMAIL, currentPassword: PASSWORD }, client(hour)),
      )
      const forgot = () => auth.forgotPassword({ identifier: EMAIL }, client(hour))
      expect(await sentBy(setup, forgot)).toEqual(['reset_password'])
      clock.advance(15 * 60)
    })
  })

  it('leave the one before in force where they are not sent', async () => {
    const setup = setUp(LIMITED)
    await setup.auth.createUser({ email: EMAIL, password: PASSWORD })
    await times(2, () => requestReset(setup, EMAIL))
    const { token } = await requestReset(setup, EMAIL)
    await times(5, (n) => setup.auth.forgotPassword({ identifier: EMAIL }, client(n)))
    await settled(setup.auth)
    await setup.auth.resetPassword({ token, newPassword: 'another fine password' })
  })

  it('that were not sent are told to the audit log, once in 15 minutes', async () => {
    const setup = setUp(LIMITED)
    const { id } = await setup.auth.createUser({ email: EMAIL, password: PASSWORD })
    const forgot = (n: number) => setup.auth.forgotPassword({ identifier: EMAIL }, client(n))
    await times(20, forgot)
    await settled(setup.auth)
    setup.clock.advance(15 * 60)
    await times(20, forgot)
    await settled(setup.auth)
    const told = setup.events.filter(({ type }) => type === 'limit.reached')
    expect(told).toMatchObject(Array(2).fill({ rule: 'messages', per: 'destination', userId: id }))
  })

  it('are asked for 20 times in an hour from one address, also where there is no account', async () => {
    for (const identifier of [EMAIL, 'nobody@example.com']) {
      const setup = setUp(LIMITED)
      await setup.auth.createUser({ email: EMAIL, password: PASSWORD })
      const ask = () => codeOf(setup.auth.forgotPassword({ identifier }, client(1)))
      await times(20, async () => expect(await ask()).toBe('done'))
      expect(await ask()).toBe('rate_limited')
      expect(await codeOf(setup.auth.resendActivation({ identifier }, client(1)))).toBe(
        'rate_limited',
      )
      expect(await codeOf(setup.auth.forgotPassword({ identifier }, client(2)))).toBe('done')
    }
  })

  it('go to an address that is to be changed to twice, and from one account ten times', async () => {
    const setup = setUp(LIMITED)
    const { session } = await accountOf(setup)
    const principal = await setup.auth.authenticate(session.accessToken)
    const change = (n: number, email = 'victim@example.com') =>
      setup.auth.changeEmail(principal, { email, currentPassword: PASSWORD }, client(n))
    const kinds = await sentBy(setup, () => times(5, (n) => change(n)))
    expect(kinds.filter((kind) => kind === 'change_email')).toHaveLength(2)
    await times(5, (n) => change(n, `victim-${n}@example.com`))
    expect(await codeOf(change(11, 'one-more@example.com'))).toBe('rate_limited')
  })

  it('that prove the own address are refused like those to another', async () => {
    const setup = setUp({ ...LIMITED, activation: 'none' })
    await setup.auth.createUser({ email: EMAIL, password: PASSWORD })
    const { accessToken } = await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
    const principal = await setup.auth.authenticate(accessToken)
    const ask = (n: number) => setup.auth.sendEmailVerification(principal, client(n))
    expect(await sentBy(setup, () => times(10, ask))).toEqual(['change_email', 'change_email'])
    expect(await codeOf(ask(11))).toBe('rate_limited')
  })

  it('that an administrator sends are refused by name', async () => {
    const setup = setUp(LIMITED)
    const { auth } = setup
    const { id } = await auth.inviteUser('system', { email: EMAIL })
    const outcomes: string[] = []
    await times(4, async () => outcomes.push(await codeOf(auth.resendInvitation('system', id))))
    expect(outcomes).toEqual(['done', 'done', 'done', 'rate_limited'])
    await settled(auth)
    const { link } = setup.outbox.messages.at(-1) ?? {}
    await auth.acceptInvitation({ token: tokenIn(link), password: PASSWORD })
  })
})

describe('S020 S022 text messages that anybody can ask for', () => {
  it('go to one number once in a minute, three times in 15 minutes, ten times a day', async () => {
    const setup = setUp({ ...LIMITED, ...WITH_PHONES })
    const { auth, clock } = setup
    await auth.createUser({ phone: PHONE, password: PASSWORD })
    let sent = 0
    const ask = async () => {
      const kinds = await sentBy(setup, () => auth.forgotPassword({ identifier: PHONE }))
      sent += kinds.length
      return kinds.length
    }
    expect([await ask(), await ask()]).toEqual([1, 0])
    clock.advance(59)
    expect(await ask()).toBe(0)
    clock.advance(1)
    expect(await ask()).toBe(1)
    clock.advance(60)
    expect([await ask(), await ask()]).toEqual([1, 0])
    clock.advance(60)
    expect(await ask()).toBe(0)
    await times(60, async () => {
      clock.advance(5 * 60)
      await ask()
    })
    expect(sent).toBe(10)
    clock.advance(24 * 3600)
    expect(await ask()).toBe(1)
  })

  it('S029 keep nobody from a new password, whatever else a stranger has sent there', async () => {
    const setup = setUp({ ...LIMITED, ...WITH_PHONES })
    const { auth, clock } = setup
    await auth.createUser({ phone: PHONE, password: PASSWORD })
    let others = 0
    await times(24 * 60, async (minute) => {
      const resend = () => auth.resendActivation({ identifier: PHONE }, client(minute % 250))
      others += (await sentBy(setup, resend)).length
      clock.advance(59)
    })
    expect(others).toBe(5)
    const forgot = () => auth.forgotPassword({ identifier: PHONE })
    await times(5, async () => {
      expect(await sentBy(setup, forgot)).toEqual(['reset_password'])
      clock.advance(60)
      await auth.resendActivation({ identifier: PHONE }, client(1))
      clock.advance(4 * 60)
    })
    expect(await sentBy(setup, forgot)).toEqual([])
  })

  it('give no new attempts at a code', async () => {
    const setup = setUp({ ...LIMITED, ...WITH_PHONES })
    const { auth, clock, outbox } = setup
    const { code } = await registerPhone(setup)
    const guess = (wrong: string) =>
      codeOf(auth.activate({ identifier: PHONE, code: wrong }, client(1)))
    await times(4, async (n) =>
      expect(await guess(wrongCode(code, n + 1))).toBe('invalid_one_time_token'),
    )
    clock.advance(60)
    await auth.resendActivation({ identifier: PHONE })
    const { code: next = '' } = await outbox.next('activate', PHONE)
    expect(await guess(wrongCode(next))).toBe('invalid_one_time_token')
    expect(await guess(next)).toBe('invalid_one_time_token')
  })

  it('cannot be sent to many numbers by means of one account', async () => {
    const setup = setUp({ ...LIMITED, ...WITH_PHONES })
    const { auth } = setup
    await auth.createUser({ phone: PHONE, password: PASSWORD })
    const { accessToken } = await auth.login({ identifier: PHONE, password: PASSWORD })
    const principal = await auth.authenticate(accessToken)
    const numbers = Array.from({ length: 15 }, (_, n) => `${OTHER_PHONE.slice(0, -2)}${10 + n}`)
    const outcomes = []
    for (const [n, phone] of numbers.entries()) {
      const change = auth.changePhone(principal, { phone, currentPassword: PASSWORD }, client(n))
      outcomes.push(await codeOf(change))
    }
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(10)
  })
})

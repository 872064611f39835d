import { createOutbox } from '@latchkey/core/testing'
import { describe, expect, it } from 'vitest'
import {
  ADA,
  askForPhone,
  OTHER_PHONE,
  ownerOf,
  PHONE,
  principalOf,
  setUpWithPhones,
  whoLogsIn,
} from '../support/account-changes.ts'
import { hosts } from '../support/hosts.ts'
import { change, outcome, recordOf } from '../support/onboarding.ts'
import { wrongCode } from '../support/recovery.ts'
import { PASSWORD } from '../support/setup.ts'

const EVE = 'eve@example.com'

describe('another phone number', () => {
  it('takes the place of the old one when its code comes back, and not before', async () => {
    const setup = setUpWithPhones()
    const { user, principal } = await ownerOf(setup)
    const code = await askForPhone(setup, principal)
    expect(await setup.auth.loadUser(principal)).toEqual(user)
    const changed = await setup.auth.confirmPhone(principal, { code })
    expect(changed).toEqual({ ...user, phone: PHONE, phoneVerified: true })
    expect(await whoLogsIn(setup, [PHONE, '+1 415 555 2671', ADA])).toHaveLength(3)
    const next = await askForPhone(setup, principal, OTHER_PHONE)
    await setup.auth.confirmPhone(principal, { code: next })
    expect(await whoLogsIn(setup, [PHONE, OTHER_PHONE])).toEqual([OTHER_PHONE])
  })

  it('S036 is told by e-mail, without a word of either number', async () => {
    const setup = setUpWithPhones()
    const { principal } = await ownerOf(setup)
    await setup.auth.confirmPhone(principal, { code: await askForPhone(setup, principal) })
    const notice = await setup.outbox.next('phone_changed', ADA)
    expect([notice.link, notice.code]).toEqual([undefined, undefined])
    expect(notice.text).not.toContain('555')
    await setup.auth.close()
    expect(setup.sms.messages.map(({ kind }) => kind)).toEqual(['change_phone'])
  })

  it('S036 is told to the old number where there is no e-mail address', async () => {
    const setup = setUpWithPhones({ optionalIdentifiers: ['email'], activation: 'none' })
    await setup.auth.createUser({ phone: PHONE, password: PASSWORD })
    const principal = await principalOf(setup, PHONE)
    const code = await askForPhone(setup, principal, OTHER_PHONE)
    await setup.auth.confirmPhone(principal, { code })
    const notice = await setup.sms.next('phone_changed', PHONE)
    expect(JSON.stringify(notice)).not.toContain(OTHER_PHONE)
  })

  it('S082 wants the current password', async () => {
    const setup = setUpWithPhones()
    const { principal } = await ownerOf(setup)
    for (const currentPassword of [undefined, 'wrong']) {
      const call = setup.auth.changePhone(principal, { phone: PHONE, currentPassword })
      expect(await outcome(call)).toBe('wrong_password')
    }
    await setup.auth.close()
    expect(setup.sms.messages).toEqual([])
    const told = setup.events.filter(({ type }) => type === 'reauthentication.failed')
    expect(told).toEqual(told.map(() => expect.objectContaining({ purpose: 'change_phone' })))
    expect(told).toHaveLength(2)
  })

  it('S012 is asked for alike whether or not somebody has it, which shows when it is proved', async () => {
    const setup = setUpWithPhones()
    const eve = await ownerOf(setup, EVE)
    await setup.auth.confirmPhone(eve.principal, { code: await askForPhone(setup, eve.principal) })
    const { principal } = await ownerOf(setup)
    const code = await askForPhone(setup, principal)
    expect(await outcome(setup.auth.confirmPhone(principal, { code }))).toBe('phone_taken')
    expect(await recordOf(setup, EVE)).toMatchObject({ phone: PHONE })
  })

  it('S083 S078 is the one that the code was sent to, of the account that asked', async () => {
    const setup = setUpWithPhones()
    const { principal } = await ownerOf(setup)
    const eve = await ownerOf(setup, EVE)
    const first = await askForPhone(setup, principal)
    const second = await askForPhone(setup, principal, OTHER_PHONE)
    const refused = [
      setup.auth.confirmPhone(principal, { code: first }),
      setup.auth.confirmPhone(eve.principal, { code: second }),
    ]
    expect(await Promise.all(refused.map(outcome))).toEqual([
      'invalid_one_time_token',
      'invalid_one_time_token',
    ])
    expect(await setup.auth.confirmPhone(principal, { code: second })).toMatchObject({
      phone: OTHER_PHONE,
    })
  })

  it('S019 S020 works once, for five minutes and five tries', async () => {
    const setup = setUpWithPhones()
    const { principal } = await ownerOf(setup)
    const confirm = (code: string) => outcome(setup.auth.confirmPhone(principal, { code }))
    const first = await askForPhone(setup, principal)
    setup.clock.advance(5 * 60)
    expect(await confirm(first)).toBe('invalid_one_time_token')
    const second = await askForPhone(setup, principal)
    setup.clock.advance(5 * 60 - 1)
    expect(await confirm(second)).toBe('ok')
    expect(await confirm(second)).toBe('invalid_one_time_token')
    const third = await askForPhone(setup, principal, OTHER_PHONE)
    for (let step = 1; step <= 5; step += 1) await confirm(wrongCode(third, step))
    expect(await confirm(third)).toBe('invalid_one_time_token')
    // Asking again gives no new attempts, and so nothing is sent.
    await setup.auth.changePhone(principal, { phone: OTHER_PHONE, currentPassword: PASSWORD })
    await setup.auth.close()
    expect(setup.sms.messages).toHaveLength(3)
  })

  it('S080 is off once the credentials moved', async () => {
    const setup = setUpWithPhones()
    const { principal } = await ownerOf(setup)
    const code = await askForPhone(setup, principal)
    await change(setup, ADA, { credentialEpoch: 9 })
    expect(await outcome(setup.auth.confirmPhone(principal, { code }))).toBe(
      'invalid_one_time_token',
    )
  })

  it('S082 is not for who acts in the name of its owner', async () => {
    const setup = setUpWithPhones()
    const { principal } = await ownerOf(setup)
    const code = await askForPhone(setup, principal)
    const acting = { ...principal, actor: { id: principal.user.id } }
    expect(await outcome(setup.auth.confirmPhone(acting, { code }))).toBe('forbidden')
  })

  it('is refused when no such number can exist', async () => {
    const setup = setUpWithPhones()
    const { principal } = await ownerOf(setup)
    for (const phone of ['', '12', '+1 415', 'ada', `${PHONE}x`, `${PHONE},${OTHER_PHONE}`]) {
      const call = setup.auth.changePhone(principal, { phone, currentPassword: PASSWORD })
      await expect(call).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ pointer: '/phone', code: 'invalid' }],
      })
    }
  })
})

for (const name of ['memory', 'SQLite'] as const) {
  describe(`a phone number that many confirm at once, on ${name}`, () => {
    async function serve() {
      const host = hosts.find(({ store }) => store === name)
      if (host === undefined) throw new Error(`there is no host on ${name}`)
      const sms = createOutbox()
      const identifiers = ['email', 'phone'] as const
      const optionalIdentifiers = ['phone'] as const
      const setup = await host.setUp({ identifiers, optionalIdentifiers, sms: sms.send })
      return { ...setup, sms }
    }

    it('S112 S079 is confirmed once, and no more than five codes are judged', async () => {
      const setup = await serve()
      const { principal } = await ownerOf(setup)
      const code = await askForPhone(setup, principal)
      const calls = Array.from({ length: 50 }, () => setup.auth.confirmPhone(principal, { code }))
      const outcomes = await Promise.all(calls.map(outcome))
      expect(outcomes.filter((one) => one === 'ok')).toHaveLength(1)
      expect(new Set(outcomes)).toEqual(new Set(['ok', 'invalid_one_time_token']))
      await setup.auth.close()
      expect(setup.outbox.messages.filter(({ kind }) => kind === 'phone_changed')).toHaveLength(1)
    })

    it('S083 goes to one of two who prove it', async () => {
      const setup = await serve()
      const owners = [await ownerOf(setup), await ownerOf(setup, EVE)]
      const codes: string[] = []
      for (const { principal } of owners) codes.push(await askForPhone(setup, principal))
      const outcomes = await Promise.all(
        owners.map(({ principal }, at) =>
          outcome(setup.auth.confirmPhone(principal, { code: codes[at] ?? '' })),
        ),
      )
      expect(outcomes.toSorted()).toEqual(['ok', 'phone_taken'])
      const winner = owners[outcomes.indexOf('ok')]
      expect(await recordOf(setup, winner?.email ?? '')).toMatchObject({ phone: PHONE })
    })

    it('S083 is never one that the code was not sent to', async () => {
      const setup = await serve()
      const { principal } = await ownerOf(setup)
      const first = await askForPhone(setup, principal)
      const second = { phone: OTHER_PHONE, currentPassword: PASSWORD }
      const [confirmed] = await Promise.all([
        outcome(setup.auth.confirmPhone(principal, { code: first })),
        setup.auth.changePhone(principal, second),
      ])
      const { phone } = await recordOf(setup, ADA)
      expect(phone).toBe(confirmed === 'ok' ? PHONE : null)
    })
  })
}

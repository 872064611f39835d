import { describe, expect, it } from 'vitest'
import {
  ADA,
  askForEmail,
  NEW,
  ownerOf,
  principalOf,
  setUpWithPhones,
} from '../support/account-changes.ts'
import { outcome, recordOf } from '../support/onboarding.ts'
import { wrongCode } from '../support/recovery.ts'
import { PASSWORD, setUp } from '../support/setup.ts'

describe('the address that the account has', () => {
  it('is not proved again when it is proved', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    await setup.auth.close()
    const before = setup.outbox.messages.length
    await setup.auth.changeEmail(principal, { email: ADA, currentPassword: PASSWORD })
    await setup.auth.close()
    expect(setup.outbox.messages).toHaveLength(before)
  })

  it('S079 S083 puts a change off that was asked for before, and gives no new attempts at its code', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const { token, code } = await askForEmail(setup, principal)
    const guess = () => outcome(setup.auth.confirmEmail(principal, { code: wrongCode(code, 1) }))
    for (let count = 0; count < 5; count += 1) expect(await guess()).toBe('invalid_one_time_token')
    await setup.auth.changeEmail(principal, { email: ADA, currentPassword: PASSWORD })
    for (const proof of [{ token }, { code }]) {
      const call = setup.auth.confirmEmail(principal, proof)
      expect(await outcome(call)).toBe('invalid_one_time_token')
    }
    await setup.auth.changeEmail(principal, { email: NEW, currentPassword: PASSWORD })
    await setup.auth.close()
    const last = setup.outbox.messages.findLast(({ kind }) => kind === 'change_email')
    expect([last?.to, last?.code, last?.link]).toEqual([NEW, undefined, expect.any(String)])
    expect(await recordOf(setup, ADA)).toMatchObject({ id: principal.user.id })
  })

  it('can be proved where nobody has done so yet, and there is nothing to undo', async () => {
    const setup = setUp()
    const user = await setup.auth.createUser({ email: ADA, password: PASSWORD })
    expect(user.emailVerified).toBe(false)
    const principal = await principalOf(setup)
    const { token } = await askForEmail(setup, principal, ADA)
    const changed = await setup.auth.confirmEmail(principal, { token })
    expect(changed).toEqual({ ...user, emailVerified: true })
    expect(await outcome(setup.auth.confirmEmail(principal, { token }))).toBe(
      'invalid_one_time_token',
    )
    await setup.auth.close()
    expect(setup.outbox.messages.map(({ kind }) => kind)).toEqual(['change_email'])
  })

  it('can be written otherwise', async () => {
    const setup = setUp()
    const { user, principal } = await ownerOf(setup)
    const { code } = await askForEmail(setup, principal, 'Ada@example.com')
    const changed = await setup.auth.confirmEmail(principal, { code })
    expect(changed).toEqual({ ...user, email: 'Ada@example.com' })
  })
})

it('is added to an account that had none, and its telephone hears of it', async () => {
  const setup = setUpWithPhones({ optionalIdentifiers: ['email'], activation: 'none' })
  await setup.auth.createUser({ phone: '+14155552671', password: PASSWORD })
  const principal = await principalOf(setup, '+14155552671')
  const { token } = await askForEmail(setup, principal)
  await setup.sms.next('email_change_requested', '+14155552671')
  const user = await setup.auth.confirmEmail(principal, { token })
  expect(user).toMatchObject({ email: NEW, emailVerified: true, phone: '+14155552671' })
  const notice = await setup.sms.next('email_changed', '+14155552671')
  expect(notice.link).toBeUndefined()
})

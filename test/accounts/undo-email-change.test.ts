import { describe, expect, it } from 'vitest'
import {
  ADA,
  askForEmail,
  askForPhone,
  changeEmailTo,
  NEW,
  OTHER_PHONE,
  ownerOf,
  PHONE,
  principalOf,
  setUpWithPhones,
  whoLogsIn,
} from '../support/account-changes.ts'
import { change, outcome, recordOf, register } from '../support/onboarding.ts'
import { NEW_PASSWORD } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

const DAY = 24 * 60 * 60
const THIRD = 'ada@example.net'

/** A thief, who knows the password, gave the account another address. */
async function stolen(setup: Setup, email = NEW) {
  const { user, session, principal } = await ownerOf(setup)
  const { undo, notice } = await changeEmailTo(setup, principal, email)
  return { user, session, principal, undo, notice }
}

function undoOutcome({ auth }: Setup, token: string) {
  return outcome(auth.undoEmailChange({ token }))
}

describe('the undo of a changed e-mail address', () => {
  it('S083 gives the account back to the old one, without the password that the thief knows', async () => {
    const setup = setUp()
    const { user, session, undo: token } = await stolen(setup)
    await setup.auth.undoEmailChange({ token })
    await expect(setup.auth.authenticate(session.accessToken)).rejects.toThrow('invalid_token')
    expect(await whoLogsIn(setup, [ADA, NEW])).toEqual([])
    const reset = await setup.outbox.next('reset_password', ADA)
    await setup.auth.resetPassword({ token: tokenIn(reset.link), newPassword: NEW_PASSWORD })
    expect(await whoLogsIn(setup, [ADA, NEW], NEW_PASSWORD)).toEqual([ADA])
    const principal = await principalOf(setup, ADA, NEW_PASSWORD)
    expect(await setup.auth.loadUser(principal)).toEqual(user)
  })

  it('S115 S065 is told, and ends every session for a reason of its own', async () => {
    const setup = setUp()
    const { user, session, undo: token } = await stolen(setup)
    await setup.auth.undoEmailChange({ token }, { ip: '192.0.2.1' })
    await setup.auth.close()
    const told = setup.events.find(({ type }) => type === 'email.change_undone')
    expect(told).toMatchObject({ userId: user.id, client: { ip: '192.0.2.1' } })
    const found = await setup.store.sessions.find(session.sessionId)
    expect(found?.session.revokedReason).toBe('address_restored')
  })

  it('survives that the thief changes the password', async () => {
    const setup = setUp()
    const { principal, undo: token } = await stolen(setup)
    const input = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    await setup.auth.changePassword(principal, input)
    expect(await undoOutcome(setup, token)).toBe('ok')
    expect(await whoLogsIn(setup, [ADA, NEW], NEW_PASSWORD)).toEqual([])
    expect(await recordOf(setup, ADA)).toMatchObject({ passwordHash: null, credentialEpoch: 3 })
  })

  it('takes two changes in a row back to the first address, and gives the second no right', async () => {
    const setup = setUp()
    const { principal, undo: token } = await stolen(setup)
    setup.clock.advance(DAY)
    const second = await changeEmailTo(setup, await principalOf(setup, NEW), THIRD)
    expect(second.notice.link).toBeUndefined()
    expect(await undoOutcome(setup, token)).toBe('ok')
    expect(await recordOf(setup, ADA)).toMatchObject({ id: principal.user.id })
    expect(await setup.store.users.findByIdentifier({ kind: 'email', value: THIRD })).toBeNull()
  })

  it('stays with the first address when a thief goes back to it and away again', async () => {
    const setup = setUp()
    const { principal, undo: first } = await stolen(setup)
    await changeEmailTo(setup, principal, ADA)
    const again = await changeEmailTo(setup, principal, THIRD)
    // It is told once more, and both messages have the one link.
    expect(again.undo).toBe(first)
    expect(await undoOutcome(setup, first)).toBe('ok')
    expect(await undoOutcome(setup, first)).toBe('invalid_one_time_token')
    expect(await recordOf(setup, ADA)).toMatchObject({ id: principal.user.id })
  })

  it('takes the account back also from a thief who has returned the address', async () => {
    const setup = setUp()
    const { principal, session, undo: token } = await stolen(setup)
    await changeEmailTo(setup, principal, ADA)
    expect(await undoOutcome(setup, token)).toBe('ok')
    expect(await recordOf(setup, ADA)).toMatchObject({ passwordHash: null })
    await expect(setup.auth.authenticate(session.accessToken)).rejects.toThrow('invalid_token')
  })

  it('S019 works to the last second of the window, and once', async () => {
    const setup = setUp({ undoWindow: DAY })
    const { undo: token } = await stolen(setup)
    setup.clock.advance(DAY - 1)
    expect(await undoOutcome(setup, token)).toBe('ok')
    expect(await undoOutcome(setup, token)).toBe('invalid_one_time_token')
    const other = setUp({ undoWindow: DAY })
    const late = await stolen(other)
    other.clock.advance(DAY)
    expect(await undoOutcome(other, late.undo)).toBe('invalid_one_time_token')
    expect(await whoLogsIn(other, [ADA, NEW])).toEqual([NEW])
  })

  it('is the right of a proved address only', async () => {
    const setup = setUp()
    await setup.auth.createUser({ email: ADA, password: PASSWORD })
    const { undo: token, notice } = await changeEmailTo(setup, await principalOf(setup), NEW)
    expect([token, notice.link]).toEqual(['', undefined])
  })

  it('begins a new window for who changes again when the first is over', async () => {
    const setup = setUp({ undoWindow: DAY })
    await stolen(setup)
    setup.clock.advance(DAY)
    const second = await changeEmailTo(setup, await principalOf(setup, NEW), THIRD)
    expect(await undoOutcome(setup, second.undo)).toBe('ok')
    expect(await recordOf(setup, NEW)).toMatchObject({ passwordHash: null })
  })

  it('answers 409 when another account has proved the address since', async () => {
    const setup = setUp()
    const { undo: token } = await stolen(setup)
    const other = await accountOf(setup, ADA)
    expect(await undoOutcome(setup, token)).toBe('email_taken')
    expect(await recordOf(setup, ADA)).toMatchObject({ id: other.user.id })
    expect(await whoLogsIn(setup, [ADA, NEW])).toEqual([ADA, NEW])
  })

  it('S021 is not in the power of who registers the address and cannot prove it', async () => {
    const setup = setUp()
    const { principal, undo: token } = await stolen(setup)
    await register(setup, ADA, 'of the thief')
    expect(await undoOutcome(setup, token)).toBe('ok')
    expect(await recordOf(setup, ADA)).toMatchObject({ id: principal.user.id })
  })

  it('leaves a disabled account disabled, and sends nothing that would not work', async () => {
    const setup = setUp()
    const { undo: token } = await stolen(setup)
    await change(setup, NEW, { status: 'disabled' })
    expect(await undoOutcome(setup, token)).toBe('ok')
    await setup.auth.close()
    expect(await recordOf(setup, ADA)).toMatchObject({ status: 'disabled', passwordHash: null })
    expect(setup.outbox.messages.map(({ kind }) => kind)).not.toContain('reset_password')
  })

  it('S092 is void once the account is deleted', async () => {
    const setup = setUp()
    const { principal, undo: token } = await stolen(setup)
    await setup.auth.deleteAccount(principal, { currentPassword: PASSWORD })
    expect(await undoOutcome(setup, token)).toBe('invalid_one_time_token')
  })

  it('S092 saves an account that the thief let go, while there is time', async () => {
    const setup = setUp({ deletionGrace: DAY })
    const { principal, undo: token } = await stolen(setup)
    await setup.auth.deleteAccount(principal, { currentPassword: PASSWORD })
    expect(await undoOutcome(setup, token)).toBe('ok')
    expect(await recordOf(setup, ADA)).toMatchObject({ status: 'active', deleteAfter: null })
    const late = setUp({ deletionGrace: DAY })
    const lost = await stolen(late)
    await late.auth.deleteAccount(lost.principal, { currentPassword: PASSWORD })
    late.clock.advance(DAY)
    expect(await undoOutcome(late, lost.undo)).toBe('invalid_one_time_token')
  })

  it('is no change that somebody asked for before', async () => {
    const setup = setUp()
    const { principal, undo: token } = await stolen(setup)
    const asked = await askForEmail(setup, principal, THIRD)
    await setup.auth.undoEmailChange({ token })
    const call = setup.auth.confirmEmail(principal, { token: asked.token })
    expect(await outcome(call)).toBe('invalid_one_time_token')
  })

  it('takes no other token', async () => {
    const setup = setUp()
    const { principal, undo: token } = await stolen(setup)
    const asked = await askForEmail(setup, principal, THIRD)
    for (const other of [asked.token, asked.code, `${token}=`, 'A'.repeat(43), '']) {
      expect(await undoOutcome(setup, other)).toBe('invalid_one_time_token')
    }
    const call = setup.auth.confirmEmail(principal, { token })
    expect(await outcome(call)).toBe('invalid_one_time_token')
  })
})

describe('a telephone, when a changed e-mail address is undone', () => {
  it('goes with the thief if it came in the same days', async () => {
    const setup = setUpWithPhones()
    const { principal } = await ownerOf(setup)
    setup.clock.advance(60)
    const code = await askForPhone(setup, principal)
    await setup.auth.confirmPhone(principal, { code })
    const { undo: token } = await changeEmailTo(setup, principal, NEW)
    await setup.auth.undoEmailChange({ token })
    expect(await recordOf(setup, ADA)).toMatchObject({ phone: null, phoneVerifiedAt: null })
  })

  it('goes also if it came after the address', async () => {
    const setup = setUpWithPhones()
    const { principal, undo: token } = await stolen(setup)
    setup.clock.advance(60)
    const code = await askForPhone(setup, principal, OTHER_PHONE)
    await setup.auth.confirmPhone(principal, { code })
    await setup.auth.undoEmailChange({ token })
    expect(await recordOf(setup, ADA)).toMatchObject({ phone: null })
  })

  it('stays if it was there before', async () => {
    const setup = setUpWithPhones()
    const { principal } = await ownerOf(setup)
    const code = await askForPhone(setup, principal)
    await setup.auth.confirmPhone(principal, { code })
    setup.clock.advance(8 * DAY)
    const { undo: token } = await changeEmailTo(setup, await principalOf(setup), NEW)
    await setup.auth.undoEmailChange({ token })
    expect(await recordOf(setup, ADA)).toMatchObject({ phone: PHONE })
  })
})

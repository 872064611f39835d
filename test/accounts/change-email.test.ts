import { describe, expect, it } from 'vitest'
import {
  ADA,
  askForEmail,
  changeEmailTo,
  NEW,
  ownerOf,
  principalOf,
  whoLogsIn,
} from '../support/account-changes.ts'
import { change, outcome, recordOf, register } from '../support/onboarding.ts'
import { NEW_PASSWORD, requestReset, wrongCode } from '../support/recovery.ts'
import { accountOf, PASSWORD, setUp } from '../support/setup.ts'

const HOUR = 60 * 60
const EVE = 'eve@example.com'

describe('another e-mail address', () => {
  it.each(['token', 'code'] as const)(
    'S083 takes the place of the old one when its %s comes back, and not before',
    async (means) => {
      const setup = setUp()
      const { user, principal } = await ownerOf(setup)
      const proof = await askForEmail(setup, principal)
      expect(await setup.auth.loadUser(principal)).toEqual(user)
      expect(await whoLogsIn(setup, [ADA, NEW])).toEqual([ADA])
      const changed = await setup.auth.confirmEmail(principal, { [means]: proof[means] })
      expect(changed).toEqual({ ...user, email: NEW, emailVerified: true })
      expect(await setup.auth.loadUser(principal)).toEqual(changed)
      expect(await whoLogsIn(setup, [ADA, NEW])).toEqual([NEW])
    },
  )

  it('S083 S036 is told to the old one, when it is asked for and when it is there', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const { token } = await askForEmail(setup, principal)
    const warning = await setup.outbox.next('email_change_requested', ADA)
    expect([warning.link, warning.code]).toEqual([undefined, undefined])
    expect(JSON.stringify(warning)).not.toContain(NEW)
    await setup.auth.confirmEmail(principal, { token })
    const notice = await setup.outbox.next('email_changed', ADA)
    expect(notice.link).toMatch(/^https:\/\/app\.example\/undo-email-change#token=[\w-]{43}$/)
    expect(notice.code).toBeUndefined()
    expect(JSON.stringify(notice)).not.toContain(NEW)
  })

  it('keeps sessions, password and roles, and is written as its owner wrote it', async () => {
    const setup = setUp()
    const { user, principal, session } = await ownerOf(setup)
    const { token } = await askForEmail(setup, principal, 'Ada.Lovelace@example.org')
    const changed = await setup.auth.confirmEmail(principal, { token })
    expect(changed).toEqual({ ...user, email: 'Ada.Lovelace@example.org' })
    await setup.auth.authenticate(session.accessToken)
    expect(await recordOf(setup, 'ada.lovelace@example.org')).toMatchObject({ credentialEpoch: 1 })
  })

  it('S082 wants the current password, and no guess changes anything', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    await setup.auth.close()
    const before = [setup.outbox.messages.length, setup.events.length]
    for (const currentPassword of [undefined, 'wrong', `${PASSWORD} `, PASSWORD.toUpperCase()]) {
      const call = setup.auth.changeEmail(principal, { email: NEW, currentPassword })
      expect(await outcome(call)).toBe('wrong_password')
    }
    await setup.auth.close()
    expect(setup.outbox.messages).toHaveLength(before[0] ?? 0)
    const told = setup.events.slice(before[1])
    expect(told).toHaveLength(4)
    expect(told[0]).toMatchObject({
      type: 'reauthentication.failed',
      purpose: 'change_email',
      userId: principal.user.id,
      sessionId: principal.session.id,
    })
  })

  it('says of a password that is missing that it is, and of a wrong one nothing more', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    await expect(setup.auth.changeEmail(principal, { email: NEW })).rejects.toMatchObject({
      code: 'wrong_password',
      errors: [{ pointer: '/currentPassword', code: 'required' }],
    })
    const wrong = setup.auth.changeEmail(principal, { email: NEW, currentPassword: 'wrong' })
    await expect(wrong).rejects.toMatchObject({ code: 'wrong_password', errors: [] })
  })

  it('S082 S093 wants a login of the last 15 minutes from who has no password', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    await change(setup, ADA, { passwordHash: null })
    setup.clock.advance(15 * 60)
    expect(await outcome(setup.auth.changeEmail(principal, { email: NEW }))).toBe('ok')
    setup.clock.advance(1)
    const late = setup.auth.changeEmail(principal, { email: NEW, currentPassword: PASSWORD })
    expect(await outcome(late)).toBe('reauth_required')
  })

  it('S083 S012 is asked for alike whether or not somebody has it, which shows when it is proved', async () => {
    const setup = setUp()
    await accountOf(setup, EVE)
    const { principal } = await ownerOf(setup)
    const { token } = await askForEmail(setup, principal, EVE)
    expect(await outcome(setup.auth.confirmEmail(principal, { token }))).toBe('email_taken')
    expect(await recordOf(setup, ADA)).toMatchObject({ id: principal.user.id })
    // Its owner lets go of it: the proof is as good as it was.
    const eve = await principalOf(setup, EVE)
    await changeEmailTo(setup, eve, 'eve@example.org')
    expect(await setup.auth.confirmEmail(principal, { token })).toMatchObject({ email: EVE })
  })

  it("S021 S083 is nobody else's because they registered it and never proved it", async () => {
    const setup = setUp()
    const theirs = await register(setup, NEW, 'of somebody else')
    const { principal } = await ownerOf(setup)
    const { user } = await changeEmailTo(setup, principal, NEW)
    expect(user.email).toBe(NEW)
    expect(await outcome(setup.auth.activate({ token: theirs.token }))).toBe(
      'invalid_one_time_token',
    )
    expect(await whoLogsIn(setup, [NEW], 'of somebody else')).toEqual([])
    expect(await whoLogsIn(setup, [NEW])).toEqual([NEW])
    await setup.auth.close()
    const kinds = setup.outbox.messages.filter(({ to }) => to === NEW).map(({ kind }) => kind)
    expect(kinds).toEqual(['activate', 'change_email'])
  })

  it('S083 is never one that the token was not sent to', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const first = await askForEmail(setup, principal, 'attacker@example.com')
    const second = await askForEmail(setup, principal, 'victim@example.com')
    for (const proof of [{ token: first.token }, { code: first.code }]) {
      const call = setup.auth.confirmEmail(principal, proof)
      expect(await outcome(call)).toBe('invalid_one_time_token')
    }
    const { email } = await setup.auth.confirmEmail(principal, { token: second.token })
    expect(email).toBe('victim@example.com')
  })

  it('S078 is confirmed by its own account and no other', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const eve = await ownerOf(setup, EVE)
    const { token, code } = await askForEmail(setup, principal)
    for (const proof of [{ token }, { code }]) {
      const call = setup.auth.confirmEmail(eve.principal, proof)
      expect(await outcome(call)).toBe('invalid_one_time_token')
    }
    expect(await outcome(setup.auth.confirmEmail(principal, { token }))).toBe('ok')
    expect(await recordOf(setup, EVE)).toMatchObject({ id: eve.user.id })
  })

  it('S019 S020 works once, for an hour by link, for ten minutes and five tries by code', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const confirm = (proof: object) => outcome(setup.auth.confirmEmail(principal, proof))
    const first = await askForEmail(setup, principal)
    setup.clock.advance(10 * 60)
    expect(await confirm({ code: first.code })).toBe('invalid_one_time_token')
    setup.clock.advance(HOUR - 10 * 60)
    expect(await confirm({ token: first.token })).toBe('invalid_one_time_token')
    const second = await askForEmail(setup, principal)
    for (let step = 1; step <= 5; step += 1) {
      expect(await confirm({ code: wrongCode(second.code, step) })).toBe('invalid_one_time_token')
    }
    expect(await confirm({ code: second.code })).toBe('invalid_one_time_token')
    setup.clock.advance(HOUR - 1)
    expect(await confirm({ token: second.token })).toBe('ok')
    expect(await confirm({ token: second.token })).toBe('invalid_one_time_token')
  })

  it('S080 is off once the password is another', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const { token } = await askForEmail(setup, principal)
    const reset = await requestReset(setup, ADA)
    await setup.auth.resetPassword({ token: reset.token, newPassword: NEW_PASSWORD })
    const owner = await principalOf(setup, ADA, NEW_PASSWORD)
    const call = setup.auth.confirmEmail(owner, { token })
    expect(await outcome(call)).toBe('invalid_one_time_token')
  })

  it('is off once the address that it was to replace is another', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const { token } = await askForEmail(setup, principal)
    await change(setup, ADA, { email: EVE, emailAsTyped: EVE })
    const call = setup.auth.confirmEmail(principal, { token })
    expect(await outcome(call)).toBe('invalid_one_time_token')
  })

  it('S080 voids what was sent to the old one', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const { token, code } = await requestReset(setup, ADA)
    await changeEmailTo(setup, principal, NEW)
    for (const proof of [{ token }, { identifier: NEW, code }, { identifier: ADA, code }]) {
      const call = setup.auth.resetPassword({ ...proof, newPassword: NEW_PASSWORD })
      expect(await outcome(call)).toBe('invalid_one_time_token')
    }
  })

  it('S082 is not for who acts in the name of its owner', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const { token } = await askForEmail(setup, principal)
    const acting = { ...principal, actor: { id: principal.user.id } }
    expect(await outcome(setup.auth.confirmEmail(acting, { token }))).toBe('forbidden')
    expect(await recordOf(setup, ADA)).toMatchObject({ id: principal.user.id })
  })

  it('is refused when it is none, before anything is asked of the store', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    for (const email of [
      '',
      'ada',
      'a@b',
      'ada@example.org, eve@example.com',
      'ada\u0000@example.org',
    ]) {
      const call = setup.auth.changeEmail(principal, { email, currentPassword: PASSWORD })
      await expect(call).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ pointer: '/email', code: 'invalid' }],
      })
    }
  })

  it('wants a link or a code, not both', async () => {
    const setup = setUp()
    const { principal } = await ownerOf(setup)
    const { token, code } = await askForEmail(setup, principal)
    for (const proof of [{}, { token, code }]) {
      await expect(setup.auth.confirmEmail(principal, proof)).rejects.toMatchObject({
        code: 'invalid_input',
        errors: [{ pointer: '', code: 'proof_required' }],
      })
    }
    expect(await outcome(setup.auth.confirmEmail(principal, { code }))).toBe('ok')
  })
})

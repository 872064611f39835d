import { describe, expect, it } from 'vitest'
import { eventsOf, memberOf, office } from '../support/administration.ts'
import { changeUser } from '../support/changes.ts'
import { EVE, invite, tokenFor } from '../support/invitations.ts'
import { outcome, recordOf, register } from '../support/onboarding.ts'
import { PASSWORD, setUp, tokenIn } from '../support/setup.ts'

const DAY = 24 * 3600

describe('an invitation', () => {
  it('S091 makes an account without a password, and lets its owner choose one', async () => {
    const { setup, sam } = await office()
    const { auth, outbox } = setup
    const account = await auth.inviteUser(sam.principal, { email: 'Eve@Example.com' })
    expect(account).toMatchObject({
      email: 'Eve@Example.com',
      emailVerified: false,
      status: 'pending',
      hasPassword: false,
      roles: ['user'],
    })
    const message = await outbox.next('invitation', 'Eve@example.com')
    expect(message.link).toMatch(/^https:\/\/app\.example\/accept-invitation#token=/)
    expect(message.code).toBeUndefined()
    const token = tokenIn(message.link)
    const user = await auth.acceptInvitation({ token, password: PASSWORD })
    expect(user).toMatchObject({ id: account.id, emailVerified: true })
    await memberOf(setup, EVE)
  })

  it('is told of: who made it, and who accepted it', async () => {
    const { setup, sam } = await office()
    const { id } = await setup.auth.inviteUser(sam.principal, { email: EVE })
    const token = await tokenFor(setup, EVE)
    await setup.auth.acceptInvitation({ token, password: PASSWORD })
    expect(await eventsOf(setup, 'user.invited')).toMatchObject([{ userId: id, actorId: sam.id }])
    expect(await eventsOf(setup, 'user.activated')).toMatchObject([
      { userId: id, channel: 'email' },
    ])
  })

  it('S091 takes no password from an administrator, and nothing else that is not theirs to give', async () => {
    const { setup, root } = await office()
    const more = [
      'password',
      'passwordHash',
      'id',
      'status',
      'emailVerified',
      'credentialEpoch',
      'isAdmin',
    ]
    for (const name of more) {
      const input = { email: EVE, [name]: 'x' }
      expect(await outcome(setup.auth.inviteUser(root.principal, input))).toBe('invalid_input')
    }
    expect(await outcome(recordOf(setup, EVE)).catch(() => 'nobody')).toBe('nobody')
  })

  it('works once, for a week', async () => {
    const { setup } = await office()
    const { token } = await invite(setup)
    const accept = () => outcome(setup.auth.acceptInvitation({ token, password: PASSWORD }))
    setup.clock.advance(7 * DAY - 1)
    expect(await accept()).toBe('ok')
    expect(await accept()).toBe('invalid_one_time_token')
    const late = await invite(setup, { email: 'late@example.com' })
    setup.clock.advance(7 * DAY)
    const attempt = setup.auth.acceptInvitation({ token: late.token, password: PASSWORD })
    expect(await outcome(attempt)).toBe('invalid_one_time_token')
  })

  it('S112 opens the account once, of fifty who use it at once', async () => {
    const { setup } = await office()
    const { token } = await invite(setup)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        outcome(setup.auth.acceptInvitation({ token, password: `${PASSWORD} ${index}` })),
      ),
    )
    expect(answers.filter((answer) => answer === 'ok')).toHaveLength(1)
    const winner = `${PASSWORD} ${answers.indexOf('ok')}`
    await setup.auth.login({ identifier: EVE, password: winner })
  })

  it('is not used up by what is refused', async () => {
    const setup = setUp({ identifiers: ['email', 'username'] })
    const { token } = await invite(setup)
    const accept = (input: object) =>
      outcome(setup.auth.acceptInvitation({ token, password: PASSWORD, username: 'eve', ...input }))
    expect(await accept({ password: 'short' })).toBe('password_too_short')
    expect(await accept({ password: 'password123' })).toBe('password_blocked')
    expect(await accept({ password: EVE })).toBe('password_blocked')
    expect(await accept({ username: undefined })).toBe('invalid_input')
    expect(await accept({ username: 'admin' })).toBe('invalid_input')
    expect(await accept({ roles: ['admin'] })).toBe('invalid_input')
    expect(await accept({})).toBe('ok')
  })

  it('is void for every text that is none', async () => {
    const { setup } = await office()
    const { token } = await invite(setup)
    for (const text of ['', 'A'.repeat(43), `${token} `, token.slice(1), `${token}A`]) {
      const attempt = setup.auth.acceptInvitation({ token: text, password: PASSWORD })
      expect(await outcome(attempt)).toBe('invalid_one_time_token')
    }
  })

  it('S019 is no activation and no reset, and neither is it', async () => {
    const { setup } = await office()
    const { token } = await invite(setup)
    const activation = await register(setup, 'bob@example.com')
    expect(await outcome(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
    const reset = setup.auth.resetPassword({ token, newPassword: PASSWORD })
    expect(await outcome(reset)).toBe('invalid_one_time_token')
    const accept = setup.auth.acceptInvitation({ token: activation.token, password: PASSWORD })
    expect(await outcome(accept)).toBe('invalid_one_time_token')
  })

  it('is void once the account is disabled, deleted, or has another address', async () => {
    const { setup, root } = await office()
    const { auth } = setup
    const moves = [
      (id: string) => auth.deleteUser(root.principal, id),
      (id: string) => auth.updateUser(root.principal, id, { email: 'moved@example.com' }),
      (id: string) => changeUser(setup, id, () => ({ status: 'disabled' })),
    ]
    for (const [index, move] of moves.entries()) {
      const { invited, token } = await invite(setup, { email: `eve-${index}@example.com` })
      await move(invited.id)
      const accept = auth.acceptInvitation({ token, password: PASSWORD })
      expect(await outcome(accept)).toBe('invalid_one_time_token')
    }
  })
})

describe('sending an invitation again', () => {
  it('makes the one before void, and lets the account live on', async () => {
    const { setup, sam } = await office()
    const { auth, clock } = setup
    const { invited, token } = await invite(setup)
    clock.advance(6 * DAY)
    const staff = await memberOf(setup, sam.email)
    await auth.resendInvitation(staff.principal, invited.id)
    const again = await tokenFor(setup, EVE)
    expect(await outcome(auth.acceptInvitation({ token, password: PASSWORD }))).toBe(
      'invalid_one_time_token',
    )
    clock.advance(6 * DAY)
    await auth.prune()
    expect(await outcome(auth.acceptInvitation({ token: again, password: PASSWORD }))).toBe('ok')
  })

  it('invites somebody who registered and waits, and what was sent to them is void then', async () => {
    const { setup, sam } = await office()
    const { token } = await register(setup, EVE)
    const { id } = await recordOf(setup, EVE)
    await setup.auth.resendInvitation(sam.principal, id)
    const invitation = await tokenFor(setup, EVE)
    await setup.auth.acceptInvitation({ token: invitation, password: 'a password of mine' })
    expect(await outcome(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
    await setup.auth.login({ identifier: EVE, password: 'a password of mine' })
  })

  it('is refused for who has a password, is disabled, or has no address', async () => {
    const { setup, root, ada } = await office()
    const { auth } = setup
    const ask = (id: string) => outcome(auth.resendInvitation(root.principal, id))
    expect(await ask(ada.id)).toBe('wrong_status')
    await auth.disableUser(root.principal, ada.id)
    expect(await ask(ada.id)).toBe('wrong_status')
    const { invited } = await invite(setup)
    await changeUser(setup, invited.id, () => ({ email: null, emailAsTyped: null }))
    expect(await ask(invited.id)).toBe('wrong_status')
  })
})

import { describe, expect, it } from 'vitest'
import { eventsOf, memberOf, office, sentTo, userOf } from '../support/administration.ts'
import { outcome, recordOf, register } from '../support/onboarding.ts'
import { requestReset } from '../support/recovery.ts'
import { PASSWORD, tokenIn } from '../support/setup.ts'

describe('S092 disabling an account', () => {
  it('S034 S047 ends every session, and no way leads in', async () => {
    const { setup, sam, ada } = await office()
    const { auth } = setup
    const { token } = await requestReset(setup, ada.email)
    const account = await auth.disableUser(sam.principal, ada.id)
    expect(account.status).toBe('disabled')
    expect(await outcome(auth.authenticate(ada.accessToken))).toBe('invalid_token')
    expect(await outcome(auth.refresh({ refreshToken: ada.refreshToken }))).toBe('invalid_token')
    const login = auth.login({ identifier: ada.email, password: PASSWORD })
    expect(await outcome(login)).toBe('invalid_credentials')
    const reset = auth.resetPassword({ token, newPassword: 'another fine password' })
    expect(await outcome(reset)).toBe('invalid_one_time_token')
    await auth.close()
    const { session } = (await setup.store.sessions.find(ada.principal.session.id)) ?? {}
    expect(session?.revokedReason).toBe('disabled')
  })

  it('lets a login that is under way open a session that never works', async () => {
    const { setup, sam, ada } = await office()
    const { auth } = setup
    const logins = Array.from({ length: 20 }, () =>
      auth.login({ identifier: ada.email, password: PASSWORD }).catch(() => null),
    )
    await auth.disableUser(sam.principal, ada.id)
    for (const session of await Promise.all(logins)) {
      if (session === null) continue
      expect(await outcome(auth.authenticate(session.accessToken))).toBe('invalid_token')
    }
  })

  it('is not an error the second time, and is told once', async () => {
    const { setup, sam, ada } = await office()
    await setup.auth.disableUser(sam.principal, ada.id)
    await setup.auth.disableUser(sam.principal, ada.id)
    expect(await eventsOf(setup, 'user.disabled')).toMatchObject([
      { userId: ada.id, actorId: sam.id },
    ])
  })

  it('is for open accounts: what waits is deleted, or not opened', async () => {
    const { setup, sam } = await office()
    await register(setup, 'eve@example.com')
    const { id } = await recordOf(setup, 'eve@example.com')
    expect(await outcome(setup.auth.disableUser(sam.principal, id))).toBe('wrong_status')
  })

  it('may be done to oneself', async () => {
    const { setup, sam } = await office()
    await setup.auth.disableUser(sam.principal, sam.id)
    expect(await outcome(setup.auth.authenticate(sam.accessToken))).toBe('invalid_token')
  })
})

describe('enabling an account', () => {
  it('opens it with its password, and without its sessions', async () => {
    const { setup, sam, ada } = await office()
    const { auth } = setup
    await auth.disableUser(sam.principal, ada.id)
    expect((await auth.enableUser(sam.principal, ada.id)).status).toBe('active')
    expect(await outcome(auth.authenticate(ada.accessToken))).toBe('invalid_token')
    expect(await outcome(auth.refresh({ refreshToken: ada.refreshToken }))).toBe('invalid_token')
    await memberOf(setup, ada.email)
    await auth.enableUser(sam.principal, ada.id)
    expect(await eventsOf(setup, 'user.enabled')).toMatchObject([
      { userId: ada.id, actorId: sam.id },
    ])
  })

  it('approves one that waits, and tells its owner', async () => {
    const { setup, sam } = await office({ activation: 'admin' })
    const { auth } = setup
    await auth.register({ email: 'eve@example.com', password: PASSWORD })
    const { id } = await recordOf(setup, 'eve@example.com')
    const account = await auth.enableUser(sam.principal, id)
    expect(account).toMatchObject({ status: 'active', emailVerified: false, hasPassword: true })
    expect(await sentTo(setup, 'eve@example.com')).toEqual(['account_approved'])
    await memberOf(setup, 'eve@example.com')
    expect(await eventsOf(setup, 'user.activated')).toMatchObject([
      { userId: id, actorId: sam.id, channel: null },
    ])
  })

  it('S021 opens one that several registered with none of their passwords, and invites its owner', async () => {
    const { setup, sam } = await office({ activation: 'admin' })
    const { auth, outbox } = setup
    await auth.register({ email: 'eve@example.com', password: PASSWORD })
    await auth.close()
    await auth.register({ email: 'eve@example.com', password: 'a stranger was here' })
    await auth.close()
    const { id } = await recordOf(setup, 'eve@example.com')
    const account = await auth.enableUser(sam.principal, id)
    expect(account).toMatchObject({ status: 'active', hasPassword: false })
    for (const password of [PASSWORD, 'a stranger was here']) {
      const login = auth.login({ identifier: 'eve@example.com', password })
      expect(await outcome(login)).not.toBe('ok')
    }
    const { link } = await outbox.next('invitation', 'eve@example.com')
    const chosen = 'a password of mine'
    await auth.acceptInvitation({ token: tokenIn(link), password: chosen })
    await auth.login({ identifier: 'eve@example.com', password: chosen })
  })

  it('opens one that was invited, and invites again: the invitation before is void', async () => {
    const { setup, sam } = await office()
    const { auth, outbox } = setup
    const { id } = await auth.inviteUser(sam.principal, { email: 'eve@example.com' })
    const first = tokenIn((await outbox.next('invitation', 'eve@example.com')).link)
    await auth.enableUser(sam.principal, id)
    const second = tokenIn((await outbox.next('invitation', 'eve@example.com')).link)
    const accept = (token: string) => outcome(auth.acceptInvitation({ token, password: PASSWORD }))
    expect(await accept(first)).toBe('invalid_one_time_token')
    expect(await accept(second)).toBe('ok')
  })
})

describe('S092 deleting an account', () => {
  it('frees its identifiers, and who takes them inherits nothing', async () => {
    const { setup, sam, ada } = await office()
    const { auth } = setup
    const { token } = await requestReset(setup, ada.email)
    await auth.deleteUser(sam.principal, ada.id)
    await auth.createUser({ email: ada.email, password: PASSWORD })
    expect(await outcome(auth.authenticate(ada.accessToken))).toBe('invalid_token')
    expect(await outcome(auth.refresh({ refreshToken: ada.refreshToken }))).toBe('invalid_token')
    const reset = auth.resetPassword({ token, newPassword: 'another fine password' })
    expect(await outcome(reset)).toBe('invalid_one_time_token')
    expect(await eventsOf(setup, 'user.deleted')).toMatchObject([
      { userId: ada.id, actorId: sam.id, reason: 'by_administrator' },
    ])
    expect(await sentTo(setup, ada.email)).toContain('account_deleted')
  })

  it('works also where nobody has opened it yet', async () => {
    const { setup, sam } = await office()
    const { token } = await register(setup, 'eve@example.com')
    const { id } = await recordOf(setup, 'eve@example.com')
    await setup.auth.deleteUser(sam.principal, id)
    expect(await outcome(setup.auth.activate({ token }))).toBe('invalid_one_time_token')
  })

  it('S087 leaves nothing that could be changed: every function answers as for nobody', async () => {
    const { setup, root, ada } = await office()
    const { auth } = setup
    await auth.deleteUser(root.principal, ada.id)
    const before = await userOf(setup, ada.id)
    const by = root.principal
    const all = [
      () => auth.readUser(by, ada.id),
      () => auth.updateUser(by, ada.id, { email: 'ada@example.com' }),
      () => auth.setRoles(by, ada.id, { roles: ['admin'] }),
      () => auth.disableUser(by, ada.id),
      () => auth.enableUser(by, ada.id),
      () => auth.deleteUser(by, ada.id),
      () => auth.sendPasswordReset(by, ada.id),
      () => auth.resendInvitation(by, ada.id),
      () => auth.listUserSessions(by, ada.id),
      () => auth.endUserSessions(by, ada.id),
    ]
    for (const call of all) expect(await outcome(call())).toBe('not_found')
    expect(await userOf(setup, ada.id)).toEqual(before)
  })
})

describe('S091 a reset that an administrator asks for', () => {
  it('goes to the user, who keeps the present password until they use it', async () => {
    const { setup, sam, ada } = await office()
    const { auth, outbox } = setup
    await auth.sendPasswordReset(sam.principal, ada.id)
    const { link } = await outbox.next('reset_password', ada.email)
    await auth.authenticate(ada.accessToken)
    await auth.resetPassword({ token: tokenIn(link), newPassword: 'another fine password' })
    expect(await outcome(auth.authenticate(ada.accessToken))).toBe('invalid_token')
    expect(await eventsOf(setup, 'password.reset_requested')).toMatchObject([
      { userId: ada.id, actorId: sam.id },
    ])
  })

  it('is refused where the account is not open', async () => {
    const { setup, sam, ada } = await office()
    const { auth } = setup
    await auth.disableUser(sam.principal, ada.id)
    expect(await outcome(auth.sendPasswordReset(sam.principal, ada.id))).toBe('wrong_status')
    const { id } = await auth.inviteUser(sam.principal, { email: 'eve@example.com' })
    expect(await outcome(auth.sendPasswordReset(sam.principal, id))).toBe('wrong_status')
  })
})

describe('the sessions of a user', () => {
  it('are shown to administrators, who may end them all', async () => {
    const { setup, sam, ada } = await office()
    const { auth } = setup
    await auth.login({ identifier: ada.email, password: PASSWORD, device: { name: 'Telephone' } })
    const sessions = await auth.listUserSessions(sam.principal, ada.id)
    expect(sessions.map(({ deviceName, current }) => [deviceName, current]).sort()).toEqual([
      [null, false],
      ['Telephone', false],
    ])
    await auth.endUserSessions(sam.principal, ada.id)
    expect(await auth.listUserSessions(sam.principal, ada.id)).toEqual([])
    expect(await outcome(auth.authenticate(ada.accessToken))).toBe('invalid_token')
    await auth.authenticate(sam.accessToken)
    expect(await eventsOf(setup, 'user.sessions_ended')).toMatchObject([
      { userId: ada.id, actorId: sam.id },
    ])
  })

  it('say which is the one that asks', async () => {
    const { setup, sam } = await office()
    const sessions = await setup.auth.listUserSessions(sam.principal, sam.id)
    expect(sessions.map(({ current }) => current)).toEqual([true])
    expect(await setup.auth.listUserSessions('system', sam.id)).toMatchObject([{ current: false }])
  })

  it('are none while the account is disabled', async () => {
    const { setup, sam, ada } = await office()
    await setup.auth.disableUser(sam.principal, ada.id)
    expect(await setup.auth.listUserSessions(sam.principal, ada.id)).toEqual([])
  })
})

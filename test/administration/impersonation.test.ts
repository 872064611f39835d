import { describe, expect, it } from 'vitest'
import { enlist, eventsOf, memberOf, office, userOf } from '../support/administration.ts'
import { outcome } from '../support/onboarding.ts'
import { everyRoute } from '../support/route-bodies.ts'
import { PASSWORD, type Setup } from '../support/setup.ts'

const on = { impersonation: true } as const
const long = { lifetime: 3600 } as const

const OFFICE = { ip: '192.0.2.66', userAgent: 'Office/1.0' } as const

/** A manager acts in the name of Ada. */
async function acting(options = {}) {
  const scene = await office({ ...on, ...options })
  const { auth } = scene.setup
  const session = await auth.impersonate(scene.max.principal, scene.ada.id, OFFICE)
  return { ...scene, session, principal: await auth.authenticate(session.accessToken) }
}

/** Whether the tokens of a session are still good for anything. */
async function expectOver({ auth }: Setup, session: { accessToken: string; refreshToken: string }) {
  expect(await outcome(auth.authenticate(session.accessToken))).toBe('invalid_token')
  const refresh = auth.refresh({ refreshToken: session.refreshToken })
  expect(await outcome(refresh)).toBe('invalid_token')
}

describe('S034 acting in the name of a user', () => {
  it('opens a session that is theirs, and says who acts', async () => {
    const { setup, max, ada, session, principal } = await acting()
    expect(session.user.id).toBe(ada.id)
    expect(principal).toMatchObject({
      user: { id: ada.id, roles: ['user'] },
      actor: { id: max.id },
    })
    const { sub } = JSON.parse(
      Buffer.from(session.accessToken.split('.')[1] ?? '', 'base64url').toString(),
    ).act
    expect(sub).toBe(max.id)
    expect((await setup.auth.loadUser(principal)).email).toBe(ada.email)
    expect((await setup.auth.authenticate(ada.accessToken)).actor).toBeNull()
  })

  it('is seen by the user, in their sessions and in their log', async () => {
    const { setup, max, ada, session } = await acting()
    const sessions = await setup.auth.listSessions(ada.principal)
    const seen = sessions.map(({ id, impersonated }) => [id, impersonated])
    expect(seen).toHaveLength(2)
    expect(seen).toContainEqual([session.sessionId, true])
    expect(JSON.stringify(sessions)).not.toMatch(/192\.0\.2\.66|Office/)
    expect(await eventsOf(setup, 'user.impersonated')).toMatchObject([
      { userId: ada.id, actorId: max.id, sessionId: session.sessionId },
    ])
    const { events } = await setup.auth.listOwnEvents(ada.principal)
    expect(events.map(({ type }) => type)).toContain('user.impersonated')
  })

  it('can be ended by the user', async () => {
    const { setup, ada, session } = await acting()
    await setup.auth.endSession(ada.principal, session.sessionId)
    await expectOver(setup, session)
  })

  it('lasts as long as the option says, and no longer by refreshing it', async () => {
    const { setup, session } = await acting({ impersonation: { lifetime: 300 } })
    const { auth, clock } = setup
    clock.advance(299)
    const next = await auth.refresh({ refreshToken: session.refreshToken })
    expect(next.expiresIn).toBe(1)
    await auth.authenticate(next.accessToken)
    clock.advance(1)
    await expectOver(setup, next)
  })

  it('counts as no login of the user: it is as old as the login of who acts', async () => {
    const { setup, max, ada } = await office(on)
    setup.clock.advance(600)
    const { accessToken } = await setup.auth.impersonate(max.principal, ada.id)
    const { session } = await setup.auth.authenticate(accessToken)
    expect(session.authTime).toEqual(max.principal.session.authTime)
  })

  it('pushes no session of the user out, however few they may have', async () => {
    const { setup, max, ada } = await office({ ...on, sessions: { maxPerUser: 1 } })
    await setup.auth.impersonate(max.principal, ada.id)
    await setup.auth.close()
    await setup.auth.authenticate(ada.accessToken)
  })
})

describe('S090 whose name', () => {
  it('must be of somebody who stands below', async () => {
    const { setup, root, max, sam } = await office(on)
    const other = await enlist(setup, 'other', ['manager'])
    const ask = (id: string) => outcome(setup.auth.impersonate(max.principal, id))
    expect(await ask(root.id)).toBe('forbidden')
    expect(await ask(other.id)).toBe('forbidden')
    expect(await ask(max.id)).toBe('forbidden')
    expect(await ask(sam.id)).toBe('ok')
    const refused = await eventsOf(setup, 'user.change_refused')
    expect(refused.map(({ userId }) => userId)).toEqual([root.id, other.id, max.id])
  })

  it('must be of somebody who is active', async () => {
    const { setup, max, ada } = await office({ ...on, deletionGrace: 24 * 3600 })
    const { auth } = setup
    const { id } = await auth.inviteUser('system', { email: 'eve@example.com' })
    expect(await outcome(auth.impersonate(max.principal, id))).toBe('wrong_status')
    const going = await enlist(setup, 'going', ['user'])
    await auth.deleteAccount(going.principal, { currentPassword: PASSWORD })
    expect(await outcome(auth.impersonate(max.principal, going.id))).toBe('wrong_status')
    expect((await userOf(setup, going.id)).deleteAfter).not.toBeNull()
    await auth.disableUser('system', ada.id)
    expect(await outcome(auth.impersonate(max.principal, ada.id))).toBe('wrong_status')
    expect(await outcome(auth.impersonate(max.principal, 'nobody'))).toBe('not_found')
  })

  it('is nobody’s to take where the option is off', async () => {
    const { setup, root, ada } = await office()
    expect(await outcome(setup.auth.impersonate(root.principal, ada.id))).toBe('forbidden')
  })

  it('is not for the application itself, which is nobody', async () => {
    const { setup, ada } = await office(on)
    // @ts-expect-error who acts must be somebody
    await expect(setup.auth.impersonate('system', ada.id)).rejects.toThrow(TypeError)
  })
})

describe('S047 the session of who acts in the name of another ends', () => {
  it.each([
    ['is disabled', (setup: Setup, id: string) => setup.auth.disableUser('system', id)],
    ['is deleted', (setup: Setup, id: string) => setup.auth.deleteUser('system', id)],
    [
      'loses the role that allows it',
      (setup: Setup, id: string) => setup.auth.setRoles('system', id, { roles: ['staff'] }),
    ],
    [
      'changes the own password',
      async (setup: Setup) => {
        const max = await memberOf(setup, 'max@example.com')
        const change = { currentPassword: PASSWORD, newPassword: 'another fine password' }
        await setup.auth.changePassword(max.principal, change)
      },
    ],
    ['logs out', (setup: Setup, _id: string, token: string) => setup.auth.logout(token)],
    ['is logged out', (setup: Setup, id: string) => setup.auth.endUserSessions('system', id)],
  ] as const)('when whoever acts %s', async (_, move) => {
    const { setup, max, ada, session } = await acting()
    await setup.auth.authenticate(session.accessToken)
    await move(setup, max.id, max.accessToken)
    await expectOver(setup, session)
    await setup.auth.authenticate(ada.accessToken)
  })

  it('with the session in which whoever acts is logged in, and with no other of theirs', async () => {
    const idleLifetime = 1200
    const { setup, max, session } = await acting({
      sessions: { idleLifetime },
      impersonation: long,
    })
    const { auth, clock } = setup
    const elsewhere = await memberOf(setup, max.email)
    await auth.logout(elsewhere.accessToken)
    clock.advance(idleLifetime - 60)
    const next = await auth.refresh({ refreshToken: session.refreshToken })
    await auth.authenticate(next.accessToken)
    clock.advance(60)
    await expectOver(setup, next)
  })

  it('when the user rises to their rank', async () => {
    const { setup, ada, session } = await acting()
    await setup.auth.setRoles('system', ada.id, { roles: ['manager'] })
    await expectOver(setup, session)
  })

  it('when the user is disabled or changes the password', async () => {
    const { setup, ada, session } = await acting()
    const change = { currentPassword: PASSWORD, newPassword: 'another fine password' }
    await setup.auth.changePassword(ada.principal, change)
    await expectOver(setup, session)
  })
})

describe('S090 whoever acts in the name of another', () => {
  it('changes no credentials in it', async () => {
    const { setup, ada, principal } = await acting(everyRoute)
    const { auth } = setup
    const before = await userOf(setup, ada.id)
    const currentPassword = PASSWORD
    const all = [
      () =>
        auth.changePassword(principal, { currentPassword, newPassword: 'another fine password' }),
      () => auth.changeEmail(principal, { currentPassword, email: 'mine@example.com' }),
      () => auth.confirmEmail(principal, { token: 'A'.repeat(43) }),
      () => auth.sendEmailVerification(principal),
      () => auth.changePhone(principal, { currentPassword, phone: '+14155552671' }),
      () => auth.confirmPhone(principal, { code: '123456' }),
      () => auth.updateAccount(principal, { currentPassword, username: 'mine' }),
      () => auth.deleteAccount(principal, { currentPassword }),
    ]
    for (const call of all) expect(await outcome(call())).toBe('forbidden')
    expect(await userOf(setup, ada.id)).toEqual(before)
  })

  it('shuts nobody out: it ends no session but its own', async () => {
    const { setup, ada, session, principal } = await acting()
    const { auth } = setup
    const end = (id: string) => outcome(auth.endSession(principal, id))
    expect(await end(ada.principal.session.id)).toBe('forbidden')
    expect(await end('0190a5f2-0000-7000-8000-000000000000')).toBe('forbidden')
    expect(await outcome(auth.endOtherSessions(principal))).toBe('forbidden')
    await auth.authenticate(ada.accessToken)
    expect(await end(session.sessionId)).toBe('ok')
    await expectOver(setup, session)
  })

  it('administrates nothing in it, and acts in nobody else’s name', async () => {
    const { setup, root, sam, ada } = await office(on)
    const { auth } = setup
    const { accessToken } = await auth.impersonate(root.principal, sam.id)
    const principal = await auth.authenticate(accessToken)
    const all = [
      () => auth.listUsers(principal),
      () => auth.readUser(principal, ada.id),
      () => auth.updateUser(principal, ada.id, { email: 'mine@example.com' }),
      () => auth.disableUser(principal, ada.id),
      () => auth.inviteUser(principal, { email: 'eve@example.com' }),
      () => auth.impersonate(principal, ada.id),
    ]
    for (const call of all) expect(await outcome(call())).toBe('forbidden')
    // Nor does it help to leave out who acts.
    const forged = { ...principal, actor: null }
    expect(await outcome(auth.listUsers(forged))).toBe('forbidden')
  })
})

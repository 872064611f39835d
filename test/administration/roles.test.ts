import type { Auth } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { enlist, eventsOf, type Member, office, ranked, userOf } from '../support/administration.ts'
import { changeUser } from '../support/changes.ts'
import { intercept, nodeBeside } from '../support/nodes.ts'
import { outcome } from '../support/onboarding.ts'

describe('giving and taking roles', () => {
  it('S090 S047 shows at once: the token is stale, a refresh gives the new roles', async () => {
    const { setup, root, ada } = await office()
    const { auth } = setup
    const changed = await auth.setRoles(root.principal, ada.id, { roles: ['user', 'staff'] })
    expect(changed.roles).toEqual(['user', 'staff'])
    expect(await outcome(auth.authenticate(ada.accessToken))).toBe('token_stale')
    const { accessToken } = await auth.refresh({ refreshToken: ada.refreshToken })
    expect((await auth.authenticate(accessToken)).user.roles).toEqual(['user', 'staff'])
  })

  it('is told with what was added and what was removed, and by whom', async () => {
    const { setup, root, sam } = await office()
    const client = { ip: '192.0.2.7', userAgent: 'A browser' }
    await setup.auth.setRoles(root.principal, sam.id, { roles: ['user'] }, client)
    expect(await eventsOf(setup, 'user.roles_changed')).toMatchObject([
      { userId: sam.id, actorId: root.id, added: ['user'], removed: ['staff'], client },
    ])
  })

  it('changes nothing where the roles are the same, in whatever order', async () => {
    const { setup, root, ada } = await office()
    await setup.auth.setRoles(root.principal, ada.id, { roles: ['user', 'user'] })
    await setup.auth.authenticate(ada.accessToken)
    expect(await eventsOf(setup, 'user.roles_changed')).toEqual([])
  })

  it('S090 knows no roles but those that are configured', async () => {
    const { setup, root, ada } = await office()
    for (const roles of [['user', 'root'], ['Admin'], ['admin ']]) {
      const asked = setup.auth.setRoles(root.principal, ada.id, { roles })
      expect(await outcome(asked)).toBe('invalid_input')
    }
    expect((await userOf(setup, ada.id)).roles).toEqual(['user'])
  })

  it('may take them all', async () => {
    const { setup, root, ada } = await office()
    expect((await setup.auth.setRoles(root.principal, ada.id, { roles: [] })).roles).toEqual([])
  })

  it('is the same for the application itself, which has no rank', async () => {
    const { setup, ada } = await office()
    await setup.auth.setRoles('system', ada.id, { roles: ['admin'] })
    expect((await userOf(setup, ada.id)).roles).toEqual(['admin'])
    expect(await eventsOf(setup, 'user.roles_changed')).toMatchObject([{ actorId: null }])
  })
})

describe('S090 rank', () => {
  it('lets nobody give or take a role above their own', async () => {
    const { setup, max, sam, ada } = await office()
    const { auth } = setup
    const set = (id: string, roles: string[]) =>
      outcome(auth.setRoles(max.principal, id, { roles }))
    expect(await set(ada.id, ['user', 'admin'])).toBe('forbidden')
    expect(await set(max.id, ['admin'])).toBe('forbidden')
    expect(await set(sam.id, ['staff', 'manager'])).toBe('ok')
    expect(await set(max.id, ['user'])).toBe('ok')
    const refused = await eventsOf(setup, 'user.change_refused')
    expect(refused.map(({ userId, actorId, reason }) => [userId, actorId, reason])).toEqual([
      [ada.id, max.id, 'role'],
      [max.id, max.id, 'role'],
    ])
  })

  it('lets nobody change an account above their own', async () => {
    const { setup, root, max, sam } = await office()
    const { auth } = setup
    const attempts = (by: typeof sam) => [
      () => auth.updateUser(by.principal, root.id, { email: 'mine@example.com' }),
      () => auth.disableUser(by.principal, root.id),
      () => auth.enableUser(by.principal, root.id),
      () => auth.deleteUser(by.principal, root.id),
      () => auth.sendPasswordReset(by.principal, root.id),
      () => auth.resendInvitation(by.principal, root.id),
      () => auth.endUserSessions(by.principal, root.id),
    ]
    const before = await userOf(setup, root.id)
    for (const attempt of [...attempts(sam), ...attempts(max)]) {
      expect(await outcome(attempt())).toBe('forbidden')
    }
    expect(await outcome(auth.setRoles(max.principal, root.id, { roles: [] }))).toBe('forbidden')
    expect(await outcome(auth.impersonate(max.principal, root.id))).toBe('forbidden')
    expect(await userOf(setup, root.id)).toEqual(before)
    await auth.authenticate(root.accessToken)
    const refused = await eventsOf(setup, 'user.change_refused')
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['rank']))
    expect(refused.every(({ userId }) => userId === root.id)).toBe(true)
  })

  it('lets those of one rank change each other', async () => {
    const { setup, max } = await office()
    const other = await enlist(setup, 'other', ['manager'])
    const { status } = await setup.auth.disableUser(max.principal, other.id)
    expect(status).toBe('disabled')
  })

  it('S086 counts a role that is no longer configured for nothing', async () => {
    const { setup, sam, ada } = await office()
    await changeUser(setup, ada.id, () => ({ roles: ['user', 'emperor'] }))
    await changeUser(setup, sam.id, () => ({ roles: ['emperor'] }))
    const { auth } = setup
    expect(await outcome(auth.listUsers(sam.principal))).toBe('forbidden')
    expect(await outcome(auth.disableUser('system', ada.id))).toBe('ok')
  })

  it('is read from the store, not from a token that was issued before', async () => {
    const { setup, root, max, ada } = await office()
    await setup.auth.setRoles(root.principal, max.id, { roles: ['user'] })
    const asked = setup.auth.setRoles(max.principal, ada.id, { roles: ['manager'] })
    expect(await outcome(asked)).toBe('forbidden')
    expect((await userOf(setup, ada.id)).roles).toEqual(['user'])
  })

  it('holds for the record that the change replaces, however late that got its roles', async () => {
    const { setup, sam, ada } = await office()
    let raised = false
    const store = intercept(setup.store, async (verb) => {
      if (verb !== 'users.update' || raised) return
      raised = true
      await changeUser(setup, ada.id, () => ({ roles: ['admin'] }))
    })
    const beside = nodeBeside({ ...setup, store }, 0, ranked)
    expect(await outcome(beside.auth.disableUser(sam.principal, ada.id))).toBe('forbidden')
    expect(await userOf(setup, ada.id)).toMatchObject({ status: 'active', roles: ['admin'] })
  })
})

/** Somebody acts on themselves, and at that moment another does something to them. */
async function meanwhile(
  onThemselves: (auth: Auth, max: Member) => Promise<unknown>,
  toThem: (auth: Auth, root: Member, max: Member) => Promise<unknown>,
) {
  const { setup, root, max } = await office()
  let came = false
  const store = intercept(setup.store, async (verb) => {
    if (verb !== 'users.find' || came) return
    came = true
    await toThem(setup.auth, root, max)
  })
  const beside = nodeBeside({ ...setup, store }, 0, ranked)
  const answer = await outcome(onThemselves(beside.auth, max))
  expect(came).toBe(true)
  return { answer, user: await userOf(setup, max.id) }
}

describe('S090 nobody takes back what is done to them while their call is under way', () => {
  it.each([
    [
      'by giving themselves the role that was taken',
      'token_stale',
      { roles: ['user'], status: 'active' },
      (auth: Auth, { id, principal }: Member) =>
        auth.setRoles(principal, id, { roles: ['manager'] }),
      (auth: Auth, { principal }: Member, { id }: Member) =>
        auth.setRoles(principal, id, { roles: ['user'] }),
    ],
    [
      'by opening the account that was disabled',
      'invalid_token',
      { roles: ['manager'], status: 'disabled' },
      (auth: Auth, { id, principal }: Member) => auth.enableUser(principal, id),
      (auth: Auth, { principal }: Member, { id }: Member) => auth.disableUser(principal, id),
    ],
    [
      'by taking the address back that was moved',
      'invalid_token',
      { email: 'moved@example.com' },
      (auth: Auth, { id, principal, email }: Member) => auth.updateUser(principal, id, { email }),
      (auth: Auth, { principal }: Member, { id }: Member) =>
        auth.updateUser(principal, id, { email: 'moved@example.com' }),
    ],
  ] as const)('%s', async (_, expected, record, onThemselves, toThem) => {
    const { answer, user } = await meanwhile(onThemselves, toThem)
    expect(answer).toBe(expected)
    expect(user).toMatchObject(record)
  })
})

describe('S086 a permission', () => {
  it('is asked for by each function, whatever the route in front of it asked', async () => {
    const { setup, ada, sam } = await office()
    const { auth } = setup
    const by = ada.principal
    const all = [
      () => auth.listUsers(by),
      () => auth.readUser(by, sam.id),
      () => auth.inviteUser(by, { email: 'new@example.com' }),
      () => auth.resendInvitation(by, sam.id),
      () => auth.updateUser(by, sam.id, { email: 'other@example.com' }),
      () => auth.setRoles(by, sam.id, { roles: [] }),
      () => auth.disableUser(by, sam.id),
      () => auth.enableUser(by, sam.id),
      () => auth.deleteUser(by, sam.id),
      () => auth.sendPasswordReset(by, sam.id),
      () => auth.listUserSessions(by, sam.id),
      () => auth.endUserSessions(by, sam.id),
      () => auth.impersonate(by, sam.id),
    ]
    for (const call of all) expect(await outcome(call())).toBe('forbidden')
    const denied = await eventsOf(setup, 'access.denied')
    expect(denied).toHaveLength(all.length)
    expect(denied[0]).toMatchObject({ userId: ada.id, reason: 'forbidden' })
  })

  it('is of no use once the session has ended', async () => {
    const { setup, root, ada } = await office()
    await setup.auth.logout(root.accessToken)
    const asked = setup.auth.disableUser(root.principal, ada.id)
    expect(await outcome(asked)).toBe('invalid_token')
  })

  it('is not in the hands of who says so without a session', async () => {
    const { setup, root, ada } = await office()
    const forged = { ...root.principal, user: { id: root.id, roles: ['admin'] } }
    const mine = { ...forged, session: ada.principal.session }
    expect(await outcome(setup.auth.deleteUser(mine, ada.id))).toBe('invalid_token')
    // @ts-expect-error a slip that types find, and JavaScript does not
    await expect(setup.auth.listUsers('administrator')).rejects.toThrow(TypeError)
    // @ts-expect-error the same
    await expect(setup.auth.listUsers()).rejects.toThrow(TypeError)
  })
})

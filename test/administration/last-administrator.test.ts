import { describe, expect, it } from 'vitest'
import { eventsOf, userOf } from '../support/administration.ts'
import {
  type Administrator,
  administrators,
  type DepartureName,
  departures,
} from '../support/administrators.ts'
import { changeUser } from '../support/changes.ts'
import { outcome } from '../support/onboarding.ts'
import { PASSWORD, type Setup, setUp } from '../support/setup.ts'

const names = Object.keys(departures) as DepartureName[]

async function setUpWith(number: number, options = {}) {
  const setup = setUp(options)
  return { setup, admins: await administrators(setup.auth, number) }
}

function leave({ auth }: Setup, name: DepartureName, who: Administrator | undefined, by = who) {
  if (who === undefined || by === undefined) throw new Error('there is no such administrator')
  return outcome(departures[name](auth, who, by))
}

describe.each(names)('S090 an administrator who is %s', (name) => {
  it('may be anyone but the last', async () => {
    const { setup, admins } = await setUpWith(2)
    const [root, other] = admins
    expect(await leave(setup, name, other, root)).toBe('ok')
    const before = await userOf(setup, root?.id ?? '')
    expect(await leave(setup, name, root)).toBe('last_administrator')
    expect(await userOf(setup, root?.id ?? '')).toEqual({
      ...before,
      version: before.version + 2,
      updatedAt: expect.any(Date),
    })
    expect((await setup.auth.authenticate(await tokenOf(setup, root))).user.roles).toContain(
      'admin',
    )
  })

  it('does not count who is disabled, deleted, waits, or has another role', async () => {
    const { setup, admins } = await setUpWith(4)
    const [root, disabled, deleted, plain] = admins
    await setup.auth.disableUser('system', disabled?.id ?? '')
    await setup.auth.deleteUser('system', deleted?.id ?? '')
    await setup.auth.setRoles('system', plain?.id ?? '', { roles: ['staff'] })
    await setup.auth.inviteUser('system', { email: 'late@example.com', roles: ['admin'] })
    expect(await leave(setup, name, root)).toBe('last_administrator')
  })
})

async function tokenOf({ auth }: Setup, admin: Administrator | undefined): Promise<string> {
  const session = await auth.login({ identifier: admin?.email ?? '', password: PASSWORD })
  return session.accessToken
}

describe('S090 the last administrator', () => {
  it('remains for the application itself too', async () => {
    const { setup, admins } = await setUpWith(1)
    const id = admins[0]?.id ?? ''
    const { auth } = setup
    expect(await outcome(auth.setRoles('system', id, { roles: [] }))).toBe('last_administrator')
    expect(await outcome(auth.disableUser('system', id))).toBe('last_administrator')
    expect(await outcome(auth.deleteUser('system', id))).toBe('last_administrator')
  })

  it('is told of in the audit log when somebody tries', async () => {
    const { setup, admins } = await setUpWith(1)
    const id = admins[0]?.id ?? ''
    await leave(setup, 'demoted', admins[0])
    await leave(setup, 'deleted', admins[0])
    expect(await eventsOf(setup, 'user.change_refused')).toMatchObject([
      { userId: id, actorId: id, reason: 'last_administrator' },
      { userId: id, actorId: id, reason: 'last_administrator' },
    ])
  })

  it('may keep the role and get others', async () => {
    const { setup, admins } = await setUpWith(1)
    const id = admins[0]?.id ?? ''
    const { roles } = await setup.auth.setRoles('system', id, { roles: ['staff', 'admin'] })
    expect(roles).toEqual(['staff', 'admin'])
  })

  it('is not one who waits for the deletion of their account', async () => {
    const { setup, admins } = await setUpWith(2, { deletionGrace: 7 * 24 * 3600 })
    const [root, going] = admins
    expect(await leave(setup, 'deleted by themselves', going)).toBe('ok')
    expect(await leave(setup, 'demoted', root)).toBe('last_administrator')
    await tokenOf(setup, going)
    expect(await leave(setup, 'demoted', root)).toBe('ok')
  })

  it('stays one who waits for it when somebody changes their roles meanwhile', async () => {
    const { setup, admins } = await setUpWith(2, { deletionGrace: 7 * 24 * 3600 })
    const [root, going] = admins
    await leave(setup, 'deleted by themselves', going)
    await setup.auth.setRoles('system', going?.id ?? '', { roles: ['admin', 'staff'] })
    expect(await leave(setup, 'disabled', root)).toBe('last_administrator')
  })
})

describe('S103 the mark of an administrator who leaves', () => {
  it('that a crash has left makes the check stricter, never laxer', async () => {
    const { setup, admins } = await setUpWith(2)
    const [root, marked] = admins
    await changeUser(setup, marked?.id ?? '', () => ({ leavingAdmin: true }))
    expect(await leave(setup, 'demoted', root)).toBe('last_administrator')
    await setup.auth.authenticate(await tokenOf(setup, marked))
  })

  it('goes when the administrator is given the same roles again', async () => {
    const { setup, admins } = await setUpWith(2)
    const [root, marked] = admins
    await changeUser(setup, marked?.id ?? '', () => ({ leavingAdmin: true }))
    await setup.auth.setRoles('system', marked?.id ?? '', { roles: ['user', 'admin'] })
    expect(await userOf(setup, marked?.id ?? '')).toMatchObject({ leavingAdmin: false })
    expect(await leave(setup, 'demoted', root)).toBe('ok')
  })

  it('is gone after the change, whether or not that went through', async () => {
    const { setup, admins } = await setUpWith(2)
    const [root, other] = admins
    await leave(setup, 'disabled', other)
    await leave(setup, 'disabled', root)
    expect(await userOf(setup, other?.id ?? '')).toMatchObject({ leavingAdmin: false })
    expect(await userOf(setup, root?.id ?? '')).toMatchObject({ leavingAdmin: false })
    await setup.auth.enableUser('system', other?.id ?? '')
    expect(await leave(setup, 'disabled', root)).toBe('ok')
  })
})

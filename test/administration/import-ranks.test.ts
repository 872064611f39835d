import { describe, expect, it } from 'vitest'
import { enlist, eventsOf, ranked, userOf } from '../support/administration.ts'
import { PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'
import { complaintsIn, everything, importObjects, sequence } from '../support/transfer.ts'

const options = {
  ...everything,
  ...ranked,
  permissions: {
    staff: ['users:import'],
    manager: ['users:import', 'users:roles'],
  },
} as const

async function offices() {
  const setup = setUp(options)
  return {
    setup,
    root: await enlist(setup, 'root', ['admin']),
    max: await enlist(setup, 'max', ['manager']),
    sam: await enlist(setup, 'sam', ['staff']),
    ada: await enlist(setup, 'ada', ['user']),
  }
}

type By = Awaited<ReturnType<typeof offices>>['root']

/** What the report of somebody's import complains of. */
async function complaints({ auth }: Setup, by: By, rows: readonly object[], rules: object = {}) {
  const report = await auth.importUsers(by.principal, sequence(rows), rules)
  return complaintsIn(report)
}

const updating = { ifExists: 'update' } as const

describe('an import by an administrator', () => {
  it('wants the permission to import', async () => {
    const { setup, ada, max } = await offices()
    const rows = [{ email: 'new@example.com' }]
    await expect(setup.auth.importUsers(ada.principal, sequence(rows))).rejects.toMatchObject({
      code: 'forbidden',
    })
    expect(await complaints(setup, max, rows)).toEqual([])
    expect(await eventsOf(setup, 'access.denied')).toMatchObject([{ userId: ada.id }])
  })

  it('is refused once the session has ended, or the role is gone', async () => {
    const { setup, max, root } = await offices()
    await setup.auth.setRoles(root.principal, max.id, { roles: ['user'] })
    await expect(setup.auth.importUsers(max.principal, sequence([]))).rejects.toMatchObject({
      code: 'forbidden',
    })
    await setup.auth.disableUser(root.principal, max.id)
    await expect(setup.auth.importUsers(max.principal, sequence([]))).rejects.toMatchObject({
      code: 'invalid_token',
    })
  })

  it('S090 gives nobody a role above the own one', async () => {
    const { setup, max, root } = await offices()
    const rows = [
      { email: 'a@example.com', roles: ['admin'] },
      { email: 'b@example.com', roles: ['user', 'admin'] },
      { email: 'c@example.com', roles: ['manager'] },
      { email: 'd@example.com' },
    ]
    for (const dryRun of [true, false]) {
      expect(await complaints(setup, max, rows, { dryRun })).toEqual([
        '1 /roles not_allowed',
        '2 /roles not_allowed',
      ])
    }
    expect(await complaints(setup, root, rows.slice(0, 2))).toEqual([])
  })

  it('S090 gives other roles than everybody gets only with the permission for that', async () => {
    const { setup, sam, ada } = await offices()
    const rows = [
      { email: 'a@example.com', roles: ['staff'] },
      { email: 'b@example.com', roles: [] },
      { email: 'c@example.com', roles: ['user'] },
      { email: ada.email, roles: ['staff'] },
    ]
    expect(await complaints(setup, sam, rows, updating)).toEqual([
      '1 /roles not_allowed',
      '2 /roles not_allowed',
      '4 /roles not_allowed',
    ])
    expect((await userOf(setup, ada.id)).roles).toEqual(['user'])
  })

  it('S090 changes nobody above the own rank, in no way', async () => {
    const { setup, max, root } = await offices()
    const before = await userOf(setup, root.id)
    const changes = [
      { status: 'disabled' },
      { roles: ['user'] },
      { password: 'another fine password' },
      { username: 'nobody' },
      { emailVerified: true },
      { profile: { note: 'x' } },
    ]
    const rules = { ...updating, updatePasswords: true }
    for (const change of changes) {
      for (const row of [
        { email: root.email, ...change },
        { id: root.id, email: 'max2@example.com', ...change },
      ]) {
        expect(await complaints(setup, max, [row], rules)).toEqual(['1  not_allowed'])
      }
    }
    expect(await userOf(setup, root.id)).toEqual(before)
  })

  it('S090 does not take the place of somebody above who has not accepted the invitation yet', async () => {
    const { setup, max, root } = await offices()
    const invited = await setup.auth.inviteUser(root.principal, {
      email: 'next@example.com',
      roles: ['admin'],
    })
    const row = { email: 'next@example.com', password: PASSWORD }
    expect(await complaints(setup, max, [row])).toEqual(['1  not_allowed'])
    expect((await userOf(setup, invited.id)).status).toBe('pending')
    const { link } = await setup.outbox.next('invitation', 'next@example.com')
    await setup.auth.acceptInvitation({
      token: tokenIn(link),
      password: 'another fine password',
    })
    expect((await userOf(setup, invited.id)).roles).toEqual(['admin'])
  })

  it('S090 leaves at least one administrator, whoever imports', async () => {
    for (const change of [{ roles: ['user'] }, { status: 'disabled' }]) {
      const { setup, root } = await offices()
      const rows = [{ email: root.email, ...change }]
      for (const dryRun of [true, false]) {
        const report = await importObjects(setup.auth, rows, { ...updating, dryRun })
        expect(complaintsIn(report)).toEqual(['1  last_administrator'])
      }
      expect(await userOf(setup, root.id)).toMatchObject({ roles: ['admin'], status: 'active' })
      await enlist(setup, 'second', ['admin'])
      expect(await complaints(setup, root, rows, updating)).toEqual([])
    }
  })

  it('S090 leaves one of two, where a file takes both', async () => {
    const { setup, root } = await offices()
    const second = await enlist(setup, 'second', ['admin'])
    const rows = [root, second].map(({ email }) => ({ email, roles: ['user'] }))
    const report = await importObjects(setup.auth, rows, updating)
    expect(report).toMatchObject({ updated: 1, refused: 1 })
    const roles = await Promise.all(
      [root, second].map(async ({ id }) => (await userOf(setup, id)).roles),
    )
    expect(roles.flat().toSorted()).toEqual(['admin', 'user'])
  })

  it('makes tokens stale whose roles it changes', async () => {
    const { setup, ada } = await offices()
    await importObjects(setup.auth, [{ email: ada.email, roles: ['staff'] }], updating)
    await expect(setup.auth.authenticate(ada.accessToken)).rejects.toMatchObject({
      code: 'token_stale',
    })
  })

  it('is nobody’s by mistake', async () => {
    const { auth } = setUp(options)
    for (const wrong of [null, 'administrator', {}, { user: { id: 'x' } }]) {
      // @ts-expect-error: no actor
      await expect(auth.importUsers(wrong, sequence([]))).rejects.toThrow(TypeError)
    }
  })
})

import type { ShownAccount } from '../../shown.ts'
import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import {
  accountOf,
  expectAlive,
  expectAnswer,
  expectLogin,
  expectNoLogin,
  expectOver,
  loginOf,
  PASSWORD,
  recordOf,
  secretsOf,
} from './account.ts'
import type { Setup } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

/** Makes an administrator, and resolves who that is. */
async function administrator({ auth }: Setup, email: string) {
  const roles = ['user', 'admin']
  const { id } = await auth.createUser({ email, password: PASSWORD, roles })
  const session = await auth.login({ identifier: email, password: PASSWORD })
  return { id, session, principal: await auth.authenticate(session.accessToken) }
}

const emailOf = ({ email }: ShownAccount) => email

export const administration = testGroup('administration', [
  testCase('S094 lists accounts page by page, each once', async ({ setUp }) => {
    const { auth, clock } = setUp()
    const emails = Array.from({ length: 7 }, (_, index) => `number-${index}@example.com`)
    for (const email of emails) {
      await auth.createUser({ email, password: PASSWORD })
      clock.advance(1)
    }
    const first = await auth.listUsers('system', { limit: 4 })
    const second = await auth.listUsers('system', { limit: 4, cursor: first.cursor ?? '' })
    const found = [...first.users, ...second.users].map(emailOf)
    expectEqual([found, second.cursor], [emails.toReversed(), null], 'who is listed')
    const sorted = await auth.listUsers('system', { sort: 'email', search: 'NUMBER-' })
    expectEqual(sorted.users.map(emailOf), emails, 'who is listed by address')
    const wild = await auth.listUsers('system', { search: 'number_' })
    expectEqual(wild.users, [], 'who is found by a character that stands for another')
  }),

  testCase('S047 S090 changes roles at once, for tokens that are out', async (bench) => {
    const setup = bench.setUp()
    const { auth } = setup
    const { user, session } = await accountOf(setup)
    await auth.setRoles('system', user.id, { roles: ['user', 'staff'] })
    await expectAnswer(auth.authenticate(session.accessToken), 'token_stale', 'the old token')
    const { refreshToken } = session
    const { accessToken } = await auth.refresh({ refreshToken })
    const { roles } = (await auth.authenticate(accessToken)).user
    expectEqual(roles, ['user', 'staff'], 'the roles of the new token')
    const { users } = await auth.listUsers('system', { role: 'staff' })
    expectEqual(users.map(emailOf), [user.email], 'who has the new role')
  }),

  testCase('S090 keeps the last administrator', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada, mallory } = setup
    const root = await administrator(setup, ada.email)
    const other = await administrator(setup, mallory.email)
    await auth.disableUser(root.principal, other.id)
    const all = [
      () => auth.setRoles(root.principal, root.id, { roles: [] }),
      () => auth.disableUser(root.principal, root.id),
      () => auth.deleteUser('system', root.id),
    ]
    for (const call of all) await expectAnswer(call(), 'last_administrator', 'taking the last away')
    await auth.enableUser(root.principal, other.id)
    await auth.deleteUser(root.principal, root.id)
    expectEqual(await recordOf(setup, ada), null, 'the account of the first')
  }),

  testCase('S092 disables and enables an account; no session comes back', async ({ setUp }) => {
    const setup = setUp()
    const { auth } = setup
    const { user, session } = await accountOf(setup)
    await auth.disableUser('system', user.id)
    await expectOver(setup, session, 'a session of a disabled account')
    await expectNoLogin(setup, PASSWORD)
    await auth.enableUser('system', user.id)
    await expectOver(setup, session, 'a session from before')
    await expectLogin(setup, PASSWORD)
  }),

  testCase('S091 invites somebody, who chooses the password', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada } = setup
    const { id } = await auth.inviteUser('system', { email: ada.email, roles: ['staff'] })
    expectMembers(await recordOf(setup, ada), { status: 'pending', passwordHash: null })
    const { token } = await secretsOf(setup, 'invitation')
    await auth.acceptInvitation({ token, password: PASSWORD })
    const again = auth.acceptInvitation({ token, password: PASSWORD })
    await expectAnswer(again, 'invalid_one_time_token', 'the invitation, once more')
    const { accessToken } = await loginOf(setup)
    const { user } = await auth.authenticate(accessToken)
    expectEqual(user, { id, roles: ['staff'] }, 'who it is')
  }),

  testCase('S083 gives an account another address: the one before is free', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada, mallory } = setup
    const { user, session } = await accountOf(setup)
    await auth.updateUser('system', user.id, { email: mallory.email })
    await expectOver(setup, session, 'a session from before')
    const moved = await recordOf(setup, mallory)
    expectMembers(moved, { id: user.id, emailVerifiedAt: null })
    await auth.createUser({ email: ada.email, password: PASSWORD })
    const taken = auth.updateUser('system', user.id, { email: ada.email })
    await expectAnswer(taken, 'email_taken', 'an address that somebody has')
  }),

  testCase('S034 acts in the name of a user, for as long as the right lasts', async (bench) => {
    const setup = bench.setUp({ impersonation: true })
    const { auth, mallory } = setup
    const { user, principal } = await accountOf(setup)
    const root = await administrator(setup, mallory.email)
    const session = await auth.impersonate(root.principal, user.id)
    const { actor } = await auth.authenticate(session.accessToken)
    expectEqual(actor, { id: root.id }, 'who acts')
    const shown = await auth.listSessions(principal)
    expectTrue(
      shown.some(({ impersonated }) => impersonated),
      'the user sees it',
    )
    await administrator(setup, 'another@example.com')
    await auth.disableUser('system', root.id)
    await expectOver(setup, session, 'the session of who acts')
    const own = await loginOf(setup)
    await expectAlive(setup, own, 'a session of the user')
  }),

  testCase('S034 acts in the name of a user, for as long as they are logged in', async (bench) => {
    const setup = bench.setUp({ impersonation: true })
    const { auth, mallory } = setup
    const { user } = await accountOf(setup)
    const { principal, session } = await administrator(setup, mallory.email)
    const acting = await auth.impersonate(principal, user.id)
    await expectAlive(setup, acting, 'the session of who acts')
    await auth.logout(session.refreshToken)
    await expectOver(setup, acting, 'the session of who acted')
  }),
])

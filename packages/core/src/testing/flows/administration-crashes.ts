import type { ShownAccount } from '../../shown.ts'
import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import {
  answerOf,
  expectAnswer,
  expectLogin,
  expectNoLogin,
  expectOver,
  loginOf,
  newest,
  PASSWORD,
  recordOf,
  secretsOf,
  tokenIn,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import { type Setup, settle } from './set-up.ts'
import { testGroup } from './test-case.ts'

/** An administrator, who is not the only one, and their session. */
interface World {
  readonly id: string
  readonly accessToken: string
  readonly refreshToken: string
}

async function twoAdministrators(setup: Setup): Promise<World> {
  const { auth, ada, mallory } = setup
  const roles = ['user', 'admin']
  await auth.createUser({ email: mallory.email, password: PASSWORD, roles })
  const { id } = await auth.createUser({ email: ada.email, password: PASSWORD, roles })
  return { ...(await loginOf(setup)), id }
}

/** Takes Ada away; whatever fails, somebody else administrates, and Ada has all of her rights or none. */
function departure(
  flow: (setup: Setup, id: string) => Promise<unknown>,
  isAway: (setup: Setup, world: World) => Promise<void>,
): CrashCase<World> {
  return {
    prepare: twoAdministrators,
    flow: (setup, { id }) => flow(setup, id),
    async goOn(setup, world) {
      const answer = await answerOf(flow(setup, world.id))
      await settle(setup)
      await isAway(setup, world)
      const user = await setup.store.users.find(world.id)
      expectEqual(user?.leavingAdmin, false, 'the mark of who leaves')
      return answer
    },
    async intrude({ auth, store }, { id, accessToken }) {
      const user = await store.users.find(id)
      const isIn = user?.status === 'active' && user.roles.includes('admin')
      expectEqual(
        (await answerOf(auth.authenticate(accessToken))) === 'done',
        isIn,
        'who is let in',
      )
      const others = await store.users.countAdmins({ role: 'admin', except: id })
      expectTrue(others > 0, 'somebody else administrates')
    },
  }
}

const demotion = departure(
  ({ auth }, id) => auth.setRoles('system', id, { roles: ['user'] }),
  async ({ auth }, { accessToken, refreshToken }) => {
    await expectAnswer(auth.authenticate(accessToken), 'token_stale', 'the token from before')
    const renewed = await auth.refresh({ refreshToken })
    const { user } = await auth.authenticate(renewed.accessToken)
    expectEqual(user.roles, ['user'], 'the roles that are left')
  },
)

const disabling = departure(
  ({ auth }, id) => auth.disableUser('system', id),
  async (setup, world) => {
    await expectOver(setup, { ...world, ...rest }, 'the session from before')
    await expectNoLogin(setup, PASSWORD)
  },
)

const deletion = departure(
  ({ auth }, id) => auth.deleteUser('system', id),
  async (setup, world) => {
    await expectOver(setup, { ...world, ...rest }, 'the session from before')
    expectEqual(await recordOf(setup, setup.ada), null, 'who holds the address')
  },
)

/** What nobody looks at when a session is over. */
const rest = { expiresIn: 0, tokenType: 'Bearer', sessionId: '' } as const

const invite = ({ auth, ada }: Setup): Promise<ShownAccount> =>
  auth.inviteUser('system', { email: ada.email })

/** Somebody is invited: it can be done again, or the invitation can be sent again. */
const invitation: CrashCase<null> = {
  prepare: async () => null,
  flow: invite,
  async goOn(setup) {
    const answer = await answerOf(invite(setup))
    const user = await recordOf(setup, setup.ada)
    if (answer === 'email_taken') await setup.auth.resendInvitation('system', user?.id ?? '')
    const { token } = await secretsOf(setup, 'invitation')
    await setup.auth.acceptInvitation({ token, password: PASSWORD })
    await expectLogin(setup, PASSWORD)
    return answer
  },
  async intrude(setup) {
    const user = await recordOf(setup, setup.ada)
    if (user?.status !== 'active') await expectNoLogin(setup, PASSWORD)
  },
}

const acceptance: CrashCase<string> = {
  async prepare(setup) {
    await invite(setup)
    return tokenIn(await newest(setup, 'invitation'))
  },
  flow: ({ auth }, token) => auth.acceptInvitation({ token, password: PASSWORD }),
  async goOn(setup, token) {
    const answer = await answerOf(setup.auth.acceptInvitation({ token, password: PASSWORD }))
    await expectLogin(setup, PASSWORD)
    return answer
  },
  async intrude(setup, token) {
    const user = await recordOf(setup, setup.ada)
    if (user?.status !== 'active') return
    expectMembers(user, { credentialEpoch: 1 })
    expectTrue(user.emailVerifiedAt !== null, 'the address of an active account is proved')
    const again = setup.auth.acceptInvitation({ token, password: 'a stranger was here' })
    await expectAnswer(again, 'invalid_one_time_token', 'the invitation, once more')
  },
}

// Whoever deletes an account removes the tokens of each purpose.
const PURPOSES = 6

const leaves = ['users.find', 'users.update', 'users.countAdmins', 'users.update']

export const administrationCrashes = [
  testGroup('S103 S090 a store that fails while an administrator is taken away', [
    ...MOMENTS.flatMap((moment) => [
      crashTest(`by other roles, ${moment} the verb`, moment, demotion, [
        ...leaves.map((verb) => `${verb}: unavailable, then done`),
        'events.append: done, then done',
      ]),
      crashTest(`by disabling, ${moment} the verb`, moment, disabling, [
        ...leaves.map((verb) => `${verb}: unavailable, then done`),
        'sessions.revokeAll: done, then done',
        'events.append: done, then done',
      ]),
      crashTest(`by deletion, ${moment} the verb`, moment, deletion, [
        ...leaves.slice(0, 3).map((verb) => `${verb}: unavailable, then done`),
        `users.update: unavailable, then ${moment === 'before' ? 'done' : 'not_found'}`,
        'sessions.revokeAll: done, then not_found',
        ...Array.from({ length: PURPOSES }, () => 'oneTimeTokens.list: done, then not_found'),
        'events.append: done, then not_found',
      ]),
    ]),
  ]),

  testGroup('S103 a store that fails while somebody is invited', [
    ...MOMENTS.flatMap((moment) => [
      crashTest(`by an administrator, ${moment} the verb`, moment, invitation, [
        `users.insert: unavailable, then ${moment === 'before' ? 'done' : 'email_taken'}`,
        'oneTimeTokens.put: unavailable, then email_taken',
        'events.append: done, then email_taken',
      ]),
      crashTest(`and accepts it, ${moment} the verb`, moment, acceptance, [
        'oneTimeTokens.find: unavailable, then done',
        'users.find: unavailable, then done',
        'users.find: unavailable, then done',
        `users.update: unavailable, then ${moment === 'before' ? 'done' : 'invalid_one_time_token'}`,
        'oneTimeTokens.take: done, then invalid_one_time_token',
        'events.append: done, then invalid_one_time_token',
      ]),
    ]),
  ]),
]

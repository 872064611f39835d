import { DAY } from '../../time.ts'
import { expectEqual, expectMembers } from '../assertions.ts'
import {
  type Account,
  accountOf,
  answerOf,
  expectAlive,
  expectLogin,
  expectNoLogin,
  expectOver,
  INTRUDERS_PASSWORD,
  loginOf,
  newest,
  PASSWORD,
  recordOf,
  tokenIn,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import { expectRestored, moved, movedAccount, moveRequested } from './moves.ts'
import { WITH_PROFILES } from './own-account.ts'
import type { Setup } from './set-up.ts'
import { testGroup } from './test-case.ts'

const proof = { currentPassword: PASSWORD }

interface World extends Account {
  /** What comes back from a mailbox. */
  readonly token: string
}

/** The account has one of the two addresses, and nobody else has anything. */
async function intrude(setup: Setup, { user }: World): Promise<void> {
  const holders = [await recordOf(setup, setup.ada), await recordOf(setup, moved(setup))]
  const ids = holders.flatMap((holder) => (holder === null ? [] : [holder.id]))
  expectEqual(ids, [user.id], 'who has the old address or the new one')
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
}

const request: CrashCase<World> = {
  prepare: async (setup) => ({ ...(await accountOf(setup)), token: '' }),
  flow: (setup, { principal }) =>
    setup.auth.changeEmail(principal, { ...proof, email: moved(setup).email }),
  async goOn(setup, world) {
    const arrived = await newest(setup, 'change_email', moved(setup))
    const again = arrived === undefined
    const token = again ? (await moveRequested(setup, world)).token : tokenIn(arrived)
    await setup.auth.confirmEmail(world.principal, { token })
    return again ? 'asking again' : 'the message'
  },
  intrude,
}

/** Whatever failed: once the new address is there, the old one was told how to undo it. */
const confirm: CrashCase<World> = {
  async prepare(setup) {
    const account = await accountOf(setup)
    return { ...account, token: (await moveRequested(setup, account)).token }
  },
  flow: ({ auth }, { principal, token }) => auth.confirmEmail(principal, { token }),
  async goOn(setup, { principal, token, user }) {
    const told = await newest(setup, 'email_changed')
    if (told === undefined) await setup.auth.confirmEmail(principal, { token })
    const undo = tokenIn(await newest(setup, 'email_changed'))
    await loginOf(setup, PASSWORD, moved(setup))
    await setup.auth.undoEmailChange({ token: undo })
    await expectRestored(setup, user.id)
    return told === undefined ? 'the same link' : 'nothing more'
  },
  intrude,
}

const undo: CrashCase<World> = {
  async prepare(setup) {
    const account = await movedAccount(setup)
    return { ...account, token: account.undo }
  },
  flow: ({ auth }, { token }) => auth.undoEmailChange({ token }),
  async goOn(setup, { token, user }) {
    const again = await answerOf(setup.auth.undoEmailChange({ token }))
    if ((await newest(setup, 'reset_password')) === undefined) {
      await setup.auth.forgotPassword({ identifier: setup.ada.email })
      await expectRestored(setup, user.id)
      return 'asking for a new password'
    }
    await expectRestored(setup, user.id)
    return again === 'done' ? 'the same link' : 'nothing more'
  },
  intrude,
}

const addresses = testGroup('S083 S103 a store that fails while an e-mail address changes', [
  ...MOMENTS.map((moment) =>
    crashTest(`when it is asked for, ${moment} the verb`, moment, request, [
      'sessions.find: unavailable, then asking again',
      'oneTimeTokens.put: unavailable, then asking again',
      'events.append: done, then the message',
    ]),
  ),

  ...MOMENTS.map((moment) =>
    crashTest(`when it is confirmed, ${moment} the verb`, moment, confirm, [
      'users.find: unavailable, then the same link',
      'oneTimeTokens.find: unavailable, then the same link',
      'oneTimeTokens.list: unavailable, then the same link',
      'users.find: unavailable, then the same link',
      'oneTimeTokens.put: unavailable, then the same link',
      'users.find: unavailable, then the same link',
      'users.update: unavailable, then the same link',
      'oneTimeTokens.take: done, then nothing more',
      'events.append: done, then nothing more',
    ]),
  ),

  ...MOMENTS.map((moment) =>
    crashTest(`when that is undone, ${moment} the verb`, moment, undo, [
      'oneTimeTokens.find: unavailable, then the same link',
      'users.find: unavailable, then the same link',
      'users.find: unavailable, then the same link',
      'users.update: unavailable, then the same link',
      `oneTimeTokens.take: done, then ${moment === 'before' ? 'the same link' : 'nothing more'}`,
      'sessions.revokeAll: done, then nothing more',
      'events.append: done, then nothing more',
      'oneTimeTokens.put: done, then asking for a new password',
    ]),
  ),
])

const input = { ...proof, profile: { city: 'Turin' } }

/** All of it is written, or nothing. */
const update: CrashCase<Account> = {
  options: WITH_PROFILES,
  prepare: accountOf,
  flow: ({ auth, ada }, { principal }) =>
    auth.updateAccount(principal, { ...input, username: ada.username }),
  async goOn(setup, { principal }) {
    const { auth, ada } = setup
    const { username } = await auth.updateAccount(principal, { ...input, username: ada.username })
    expectEqual(username, ada.username, 'the name')
    return 'changing it again'
  },
  async intrude({ auth, ada }, { principal }) {
    const { username, profile } = await auth.loadUser(principal)
    const isDone = username === ada.username
    expectEqual(profile, isDone ? input.profile : {}, 'the profile that goes with the name')
  },
}

/** Every session is over with the account, and not before. */
function deletion(deletionGrace: number): CrashCase<Account> {
  return {
    options: { deletionGrace },
    prepare: accountOf,
    flow: ({ auth }, { principal }) => auth.deleteAccount(principal, proof),
    async goOn(setup, { principal, user }) {
      const again = await answerOf(setup.auth.deleteAccount(principal, proof))
      setup.clock.advance(deletionGrace)
      await setup.auth.prune()
      await expectNoLogin(setup, PASSWORD)
      expectMembers(await setup.store.users.find(user.id), { status: 'deleted', email: null })
      return again === 'done' ? 'deleting it again' : 'nothing more'
    },
    async intrude(setup, { session, user }) {
      const found = await setup.store.users.find(user.id)
      const isOver = found?.status === 'deleted' || found?.deleteAfter !== null
      if (isOver) await expectOver(setup, session, 'the session')
      else await expectAlive(setup, session, 'the session')
    },
  }
}

/** Its owner logs in: whatever fails, logging in again keeps it. */
const keeping: CrashCase<void> = {
  options: { deletionGrace: DAY },
  async prepare(setup) {
    const { principal } = await accountOf(setup)
    await setup.auth.deleteAccount(principal, proof)
  },
  flow: (setup) => loginOf(setup),
  async goOn(setup) {
    await expectLogin(setup, PASSWORD)
    expectMembers(await recordOf(setup, setup.ada), { deleteAfter: null, leavingAdmin: false })
    return 'logging in'
  },
  intrude: (setup) => expectNoLogin(setup, INTRUDERS_PASSWORD),
}

const account = testGroup('S103 a store that fails while somebody changes their own account', [
  ...MOMENTS.map((moment) =>
    crashTest(`name and profile, ${moment} the verb`, moment, update, [
      'users.find: unavailable, then changing it again',
      'sessions.find: unavailable, then changing it again',
      'users.find: unavailable, then changing it again',
      'users.update: unavailable, then changing it again',
      'events.append: done, then changing it again',
    ]),
  ),
])

const PURPOSES = 6

const removing = [
  'sessions.revokeAll: done, then nothing more',
  ...Array.from({ length: PURPOSES }, () => 'oneTimeTokens.list: done, then nothing more'),
  'events.append: done, then nothing more',
]

const deleting = testGroup('S092 S103 a store that fails while somebody deletes their account', [
  ...MOMENTS.flatMap((moment) => {
    const last = moment === 'before' ? 'deleting it again' : 'nothing more'
    const begin = [
      'sessions.find: unavailable, then deleting it again',
      'users.find: unavailable, then deleting it again',
      `users.update: unavailable, then ${last}`,
    ]
    return [
      crashTest(`at once, ${moment} the verb`, moment, deletion(0), [...begin, ...removing]),
      crashTest(`in a while, ${moment} the verb`, moment, deletion(DAY), [
        ...begin,
        'sessions.revokeAll: done, then nothing more',
        'events.append: done, then nothing more',
      ]),
      crashTest(`and keeps it by a login, ${moment} the verb`, moment, keeping, [
        'users.countFailedLogin: unavailable, then logging in',
        'users.clearFailedLogins: unavailable, then logging in',
        'users.find: unavailable, then logging in',
        'users.update: unavailable, then logging in',
        'sessions.insert: unavailable, then logging in',
        'sessions.evictBeyond: done, then logging in',
        'events.append: done, then logging in',
      ]),
    ]
  }),
])

export const ownAccountCrashes = [addresses, account, deleting]

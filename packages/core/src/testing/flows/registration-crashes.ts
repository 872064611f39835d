import { expectEqual } from '../assertions.ts'
import {
  answerOf,
  expectAnswer,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  NEW_PASSWORD,
  newest,
  PASSWORD,
  recordOf,
  secretsOf,
  tokenIn,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import type { Setup } from './set-up.ts'
import { testGroup } from './test-case.ts'

/** Ada registers an address that nobody has. */
const newAddress = {
  prepare: async () => {},
  flow: ({ auth, ada }: Setup) => auth.register({ email: ada.email, password: PASSWORD }),
  async intrude(setup: Setup) {
    await expectNoHalfOpenAccount(setup)
    const user = await recordOf(setup, setup.ada)
    if (user?.status !== 'active') await expectNoLogin(setup, PASSWORD)
    await expectNoLogin(setup, INTRUDERS_PASSWORD)
  },
}

const registeringAgain: CrashCase<void> = {
  ...newAddress,
  async goOn(setup) {
    const arrived = (await newest(setup, 'activate')) !== undefined
    if (!arrived) await newAddress.flow(setup)
    await activateAndLogIn(setup)
    return arrived ? 'the message' : 'registering again'
  },
}

/** Asks for the message unless it has come, and does what it says. */
const askingAgain: CrashCase<void> = {
  ...newAddress,
  async goOn(setup) {
    const { auth, ada } = setup
    if ((await recordOf(setup, ada)) === null) {
      await newAddress.flow(setup)
      await activateAndLogIn(setup)
      return 'registering again'
    }
    const arrived = (await newest(setup, 'activate')) !== undefined
    if (!arrived) await auth.resendActivation({ identifier: ada.email })
    const token = tokenIn(await newest(setup, 'reset_password'))
    if (token === '') {
      await activateAndLogIn(setup)
      return arrived ? 'the message' : 'the message again'
    }
    await auth.resetPassword({ token, newPassword: NEW_PASSWORD })
    await expectLogin(setup, NEW_PASSWORD)
    return 'choosing a password'
  },
}

const withUsername: CrashCase<void> = {
  ...newAddress,
  options: { identifiers: ['email', 'username'] },
  flow: (setup) => registerAs(setup, setup.ada.username),
  async goOn(setup) {
    if ((await newest(setup, 'activate')) === undefined) {
      const answer = await answerOf(registerAs(setup, setup.ada.username))
      if (answer === 'username_taken') await registerAs(setup, `${setup.ada.username}-again`)
      await activateAndLogIn(setup)
      return answer === 'done' ? 'registering again' : 'another username'
    }
    await activateAndLogIn(setup)
    return 'the message'
  },
}

/** Where nothing is proved. */
const openAtOnce: CrashCase<void> = {
  options: { identifiers: ['username'], activation: 'none' },
  prepare: async () => {},
  flow: ({ auth, ada }) => auth.register({ username: ada.username, password: PASSWORD }),
  async goOn({ auth, ada }) {
    const { username } = ada
    const login = () => auth.login({ identifier: username, password: PASSWORD })
    const known = (await answerOf(login())) === 'done'
    if (!known) await auth.register({ username, password: PASSWORD })
    const { user } = await login()
    expectEqual(user.username, username, 'the username of who is logged in')
    return known ? 'logging in' : 'registering again'
  },
  async intrude({ auth, ada }) {
    const login = auth.login({ identifier: ada.username, password: INTRUDERS_PASSWORD })
    await expectAnswer(login, 'invalid_credentials', "the intruder's login")
  },
}

export const registrationCrashes = [
  testGroup('S103 S112 a store that fails while somebody registers', [
    ...MOMENTS.map((moment) =>
      crashTest(`a new address (${moment}): registering again goes on`, moment, registeringAgain, [
        'oneTimeTokens.put: unavailable, then registering again',
        'users.insert: unavailable, then registering again',
        'events.append: done, then the message',
      ]),
    ),

    ...MOMENTS.map((moment) =>
      crashTest(
        `a new address (${moment}): asking for the message again goes on`,
        moment,
        askingAgain,
        [
          'oneTimeTokens.put: unavailable, then registering again',
          `users.insert: unavailable, then ${moment === 'before' ? 'registering' : 'the message'} again`,
          'events.append: done, then the message',
        ],
      ),
    ),

    ...MOMENTS.map((moment) =>
      crashTest(
        `a new address and a username (${moment}): registering again, at worst with another name`,
        moment,
        withUsername,
        [
          'oneTimeTokens.put: unavailable, then registering again',
          `users.insert: unavailable, then ${moment === 'before' ? 'registering again' : 'another username'}`,
          'events.append: done, then the message',
        ],
      ),
    ),

    ...MOMENTS.map((moment) =>
      crashTest(
        `where accounts open at once (${moment}): logging in or registering again goes on`,
        moment,
        openAtOnce,
        [
          `users.insert: unavailable, then ${moment === 'after' ? 'logging in' : 'registering again'}`,
          'events.append: done, then logging in',
        ],
      ),
    ),
  ]),
]

function registerAs({ auth, ada }: Setup, username: string): Promise<void> {
  return auth.register({ email: ada.email, username, password: PASSWORD })
}

/** Whichever registration it is that the newest message activates. */
async function activateAndLogIn(setup: Setup): Promise<void> {
  const again = await newest(setup, 'activate_again')
  const token = again === undefined ? (await secretsOf(setup, 'activate')).token : tokenIn(again)
  await setup.auth.activate({ token })
  await expectLogin(setup, PASSWORD)
}

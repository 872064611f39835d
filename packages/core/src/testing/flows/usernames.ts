import { expectEqual, expectMembers } from '../assertions.ts'
import {
  expectAnswer,
  expectLogin,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  PASSWORD,
  recordOf,
  secretsOf,
} from './account.ts'
import { type Bench, type Setup, settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

function withUsernames({ setUp }: Bench): Setup {
  return setUp({ identifiers: ['email', 'username'] })
}

/** Ada's account, under a name with a capital. */
async function named(setup: Setup): Promise<void> {
  const { auth, ada } = setup
  await auth.register({ email: ada.email, username: 'Lovelace', password: PASSWORD })
  await auth.activate({ token: (await secretsOf(setup, 'activate')).token })
}

export const usernames = testGroup('a username', [
  testCase('S013 logs in however it is written, and is shown as it was given', async (bench) => {
    const setup = withUsernames(bench)
    await named(setup)
    for (const identifier of ['lovelace', 'LOVELACE', 'Lovelace', setup.ada.email]) {
      const { user } = await setup.auth.login({ identifier, password: PASSWORD })
      expectMembers(user, { username: 'Lovelace', email: setup.ada.email }, identifier)
    }
  }),

  testCase('S016 belongs to one, however it is written', async (bench) => {
    const setup = withUsernames(bench)
    await named(setup)
    const { email } = setup.mallory
    const other = setup.auth.register({ email, username: 'LOVELACE', password: PASSWORD })
    await expectAnswer(other, 'username_taken', 'the same name with another address')
    expectEqual(await recordOf(setup, setup.mallory), null, 'the record of the refused address')
  }),

  testCase('S012 is held by a registration whose address is taken', async (bench) => {
    const setup = withUsernames(bench)
    const { auth, ada, mallory } = setup
    await named(setup)
    const { username } = mallory
    await auth.register({ email: ada.email, username, password: INTRUDERS_PASSWORD })
    const other = auth.register({ ...mallory, password: PASSWORD })
    await expectAnswer(other, 'username_taken', 'the name that is held')
    const login = auth.login({ identifier: username, password: INTRUDERS_PASSWORD })
    await expectAnswer(login, 'account_not_activated', 'the login with the name that is held')
    await expectNoLogin(setup, INTRUDERS_PASSWORD)
  }),

  testCase("S021 of the second registration takes the place of a stranger's", async (bench) => {
    const setup = withUsernames(bench)
    const { auth, ada, mallory } = setup
    const { username } = mallory
    await auth.register({ email: ada.email, username, password: INTRUDERS_PASSWORD })
    await settle(setup)
    await auth.register({ ...ada, password: PASSWORD })
    const user = await auth.activate({ token: (await secretsOf(setup, 'activate_again')).token })
    expectMembers(user, { email: ada.email, username: ada.username })
    const { user: same } = await auth.login({ identifier: ada.username, password: PASSWORD })
    expectEqual(same.id, user.id, 'who logs in by the name')
    const theirs = auth.login({ identifier: username, password: INTRUDERS_PASSWORD })
    await expectAnswer(theirs, 'invalid_credentials', "the login with the stranger's name")
    await expectLogin(setup, PASSWORD)
  }),
])

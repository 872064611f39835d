import { expectEqual, expectTrue } from '../assertions.ts'
import {
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  PASSWORD,
  recordOf,
  secretsOf,
  tokenIn,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import type { Person, Setup } from './set-up.ts'
import { type TestCase, testGroup } from './test-case.ts'

type Owner = 'active' | 'pending'

/** What somebody else registers for an address that has an owner or waits for one. */
function registeredTwice(owner: Owner, withNames: boolean): CrashCase<void> {
  const identity = (address: Person, { username }: Person) => ({
    email: address.email,
    ...(withNames && { username }),
  })
  return {
    ...(withNames && { options: { identifiers: ['email', 'username'] } }),
    async prepare(setup) {
      const { auth, ada } = setup
      await auth.register({ ...identity(ada, ada), password: PASSWORD })
      if (owner === 'pending') return
      await auth.activate({ token: (await secretsOf(setup, 'activate')).token })
    },
    flow: ({ auth, ada, mallory }) =>
      auth.register({ ...identity(ada, mallory), password: INTRUDERS_PASSWORD }),
    async goOn(setup) {
      if (owner === 'pending') await setup.auth.activate({ token: ownToken(setup) })
      await expectLogin(setup, PASSWORD)
      return 'the owner goes on'
    },
    async intrude(setup) {
      await expectNoHalfOpenAccount(setup)
      await expectNoLogin(setup, INTRUDERS_PASSWORD)
      const record = await recordOf(setup, setup.ada)
      expectEqual(record?.username, withNames ? setup.ada.username : null, "the owner's username")
    },
  }
}

/** The message that the owner's own registration brought. */
function ownToken({ outbox }: Setup): string {
  const own = outbox.messages.find(({ kind }) => kind === 'activate')
  expectTrue(own !== undefined, 'the first registration brings a message')
  return tokenIn(own)
}

function cases(owner: Owner, withNames: boolean): TestCase[] {
  const names = withNames ? 'with usernames' : 'without usernames'
  // Whether the username is free shows in the answer; all else is done behind it.
  const answers = [
    'oneTimeTokens.put: unavailable',
    'users.insert: unavailable',
    ...(withNames ? ['users.insert: unavailable', 'oneTimeTokens.put: done'] : []),
    'users.findByIdentifier: done',
    ...(owner === 'pending' ? ['users.update: done', 'oneTimeTokens.list: done'] : []),
    'oneTimeTokens.put: done',
    'events.append: done',
  ]
  const lines = answers.map((answer) => `${answer}, then the owner goes on`)
  return MOMENTS.map((moment) =>
    crashTest(`${owner}, ${names} (${moment})`, moment, registeredTwice(owner, withNames), lines),
  )
}

export const repeatedRegistrationCrashes = [
  testGroup('S021 S103 S112 a store that fails while somebody registers a taken address', [
    ...cases('active', false),
    ...cases('active', true),
    ...cases('pending', false),
    ...cases('pending', true),
  ]),
]

import { describe, expect, it } from 'vitest'
import { PASSWORD, type Setup, tokenIn } from '../support/setup.ts'
import {
  ADA,
  answerOf,
  type CrashCase,
  crashEverywhere,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  NEW_PASSWORD,
  newest,
  newestActivation,
  newestToken,
  recordOf,
} from './crash.ts'

const USERNAMES = { identifiers: ['email', 'username'] } as const

/** Ada registers an address that nobody has. */
const newAddress = {
  prepare: async () => {},
  flow: ({ auth }: Setup) => auth.register({ email: ADA, password: PASSWORD }),
  async intrude(setup: Setup) {
    await expectNoHalfOpenAccount(setup)
    const user = await recordOf(setup)
    if (user?.status !== 'active') await expectNoLogin(setup, PASSWORD)
    await expectNoLogin(setup, INTRUDERS_PASSWORD)
  },
}

async function activateAndLogIn(setup: Setup): Promise<void> {
  await setup.auth.activate({ token: tokenIn((await newestActivation(setup))?.link) })
  await expectLogin(setup, PASSWORD)
}

/** What somebody else registers for an address that has an owner or waits for one. */
function registeredTwice(owner: 'active' | 'pending', withNames = false): CrashCase<unknown> {
  const identity = (username: string) => ({ email: ADA, ...(withNames && { username }) })
  return {
    ...(withNames && { options: USERNAMES }),
    async prepare(setup) {
      await setup.auth.register({ ...identity('ada'), password: PASSWORD })
      if (owner === 'pending') return
      await setup.auth.activate({ token: await newestToken(setup, 'activate') })
    },
    flow: ({ auth }) => auth.register({ ...identity('mallory'), password: INTRUDERS_PASSWORD }),
    async goOn(setup) {
      if (owner === 'pending') {
        const own = setup.outbox.messages.find(({ kind }) => kind === 'activate')
        await setup.auth.activate({ token: tokenIn(own?.link) })
      }
      await expectLogin(setup, PASSWORD)
      return 'the owner goes on'
    },
    async intrude(setup) {
      await expectNoHalfOpenAccount(setup)
      await expectNoLogin(setup, INTRUDERS_PASSWORD)
      const record = await recordOf(setup)
      expect(record?.username).toBe(withNames ? 'ada' : null)
    },
  }
}

describe('S103 S112 a store that fails while somebody registers', () => {
  it.each(['before', 'after'] as const)(
    'a new address (%s): registering again goes on',
    async (moment) => {
      const lines = await crashEverywhere(moment, {
        ...newAddress,
        async goOn(setup) {
          const arrived = (await newest(setup, 'activate')) !== undefined
          if (!arrived) await setup.auth.register({ email: ADA, password: PASSWORD })
          await activateAndLogIn(setup)
          return arrived ? 'the message' : 'registering again'
        },
      })
      expect(lines).toEqual([
        'oneTimeTokens.put: unavailable, then registering again',
        'users.insert: unavailable, then registering again',
        'events.append: done, then the message',
      ])
    },
  )

  it.each([
    {
      moment: 'before',
      ways: [
        'oneTimeTokens.put: unavailable, then registering again',
        'users.insert: unavailable, then registering again',
        'events.append: done, then the message',
      ],
    },
    {
      moment: 'after',
      ways: [
        'oneTimeTokens.put: unavailable, then registering again',
        'users.insert: unavailable, then the message again',
        'events.append: done, then the message',
      ],
    },
  ] as const)(
    'a new address ($moment): asking for the message again goes on',
    async ({ moment, ways }) => {
      const lines = await crashEverywhere(moment, { ...newAddress, goOn: askAgain })
      expect(lines).toEqual(ways)
    },
  )

  it.each(
    (['before', 'after'] as const).flatMap((moment) =>
      (['active', 'pending'] as const).flatMap((owner) =>
        [false, true].map((withNames) => ({ moment, owner, withNames })),
      ),
    ),
  )(
    'an address that is taken: $owner, with usernames $withNames, $moment',
    async ({ moment, owner, withNames }) => {
      const lines = await crashEverywhere(moment, registeredTwice(owner, withNames))
      // Whether the username is free shows in the answer; all else is done behind it.
      const answers = [
        'oneTimeTokens.put: unavailable',
        'users.insert: unavailable',
        ...(withNames ? ['users.insert: unavailable', 'oneTimeTokens.put: done'] : []),
        'users.findByIdentifier: done',
        ...(owner === 'pending' ? ['users.find: done', 'users.update: done'] : []),
        'oneTimeTokens.put: done',
        'events.append: done',
      ]
      expect(lines).toEqual(answers.map((answer) => `${answer}, then the owner goes on`))
    },
  )

  it.each(['before', 'after'] as const)(
    'a new address and a username (%s): registering again, at worst with another name',
    async (moment) => {
      const register = ({ auth }: Setup, username: string) =>
        auth.register({ email: ADA, username, password: PASSWORD })
      const lines = await crashEverywhere(moment, {
        ...newAddress,
        options: USERNAMES,
        flow: (setup) => register(setup, 'ada'),
        async goOn(setup) {
          if ((await newest(setup, 'activate')) === undefined) {
            const answer = await answerOf(register(setup, 'ada'))
            if (answer === 'username_taken') await register(setup, 'ada2')
            await activateAndLogIn(setup)
            return answer === 'done' ? 'registering again' : 'another username'
          }
          await activateAndLogIn(setup)
          return 'the message'
        },
      })
      const first = moment === 'before' ? 'registering again' : 'another username'
      expect(lines).toEqual([
        'oneTimeTokens.put: unavailable, then registering again',
        `users.insert: unavailable, then ${first}`,
        'events.append: done, then the message',
      ])
    },
  )

  it.each(['before', 'after'] as const)(
    'where accounts open at once (%s): logging in or registering again goes on',
    async (moment) => {
      const lines = await crashEverywhere(moment, {
        options: { identifiers: ['username'], activation: 'none' },
        prepare: async () => {},
        flow: ({ auth }) => auth.register({ username: 'ada', password: PASSWORD }),
        async goOn({ auth }) {
          const login = () => auth.login({ identifier: 'ada', password: PASSWORD })
          const known = (await answerOf(login())) === 'done'
          if (!known) await auth.register({ username: 'ada', password: PASSWORD })
          await login()
          return known ? 'logging in' : 'registering again'
        },
        async intrude({ auth }) {
          const login = auth.login({ identifier: 'ada', password: INTRUDERS_PASSWORD })
          expect(await answerOf(login)).toBe('invalid_credentials')
        },
      })
      expect(lines).toEqual([
        `users.insert: unavailable, then ${moment === 'after' ? 'logging in' : 'registering again'}`,
        'events.append: done, then logging in',
      ])
    },
  )
})

/** Asks for the message unless it has come, and does what it says. */
async function askAgain(setup: Setup): Promise<string> {
  const { auth } = setup
  if ((await recordOf(setup)) === null) {
    await auth.register({ email: ADA, password: PASSWORD })
    await activateAndLogIn(setup)
    return 'registering again'
  }
  const arrived = (await newest(setup, 'activate')) !== undefined
  if (!arrived) await auth.resendActivation({ identifier: ADA })
  const token = await newestToken(setup, 'reset_password')
  if (token === '') {
    await activateAndLogIn(setup)
    return arrived ? 'the message' : 'the message again'
  }
  await auth.resetPassword({ token, newPassword: NEW_PASSWORD })
  await expectLogin(setup, NEW_PASSWORD)
  return 'choosing a password'
}

import type { ShownUser } from '../../shown.ts'
import {
  answerOf,
  expectAnswer,
  expectLogin,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  PASSWORD,
  recordOf,
  registered,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import type { Setup } from './set-up.ts'
import { testGroup } from './test-case.ts'

/** The application makes Ada's account; a stranger may have registered her address. */
function creation(waits: boolean): CrashCase<string> {
  return {
    async prepare(setup) {
      return waits ? (await registered(setup, setup.ada, INTRUDERS_PASSWORD)).token : ''
    },
    flow: create,
    async goOn(setup) {
      const answer = await answerOf(create(setup))
      await expectLogin(setup, PASSWORD)
      return answer
    },
    async intrude(setup, token) {
      const user = await recordOf(setup, setup.ada)
      if (user?.status === 'active') {
        const activation = setup.auth.activate({ token })
        await expectAnswer(activation, 'invalid_one_time_token', "the stranger's link")
      }
      await expectNoLogin(setup, INTRUDERS_PASSWORD)
    },
  }
}

function create({ auth, ada }: Setup): Promise<ShownUser> {
  return auth.createUser({ email: ada.email, password: PASSWORD })
}

export const accountCrashes = [
  testGroup('S103 a store that fails while the application makes an account', [
    ...MOMENTS.map((moment) =>
      crashTest(`of a new address, ${moment} the verb`, moment, creation(false), [
        `users.insert: unavailable, then ${moment === 'before' ? 'done' : 'email_taken'}`,
        'events.append: done, then email_taken',
      ]),
    ),

    ...MOMENTS.map((moment) =>
      crashTest(`of one that waits, ${moment} the verb`, moment, creation(true), [
        'users.insert: unavailable, then done',
        'users.findByIdentifier: unavailable, then done',
        'users.find: unavailable, then done',
        `users.update: unavailable, then ${moment === 'before' ? 'done' : 'email_taken'}`,
        'events.append: done, then email_taken',
      ]),
    ),
  ]),
]

import type { ActivateInput } from '../../flows/activate.ts'
import { expectTrue } from '../assertions.ts'
import {
  answerOf,
  expectLogin,
  expectNoHalfOpenAccount,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  NEW_PASSWORD,
  newest,
  PASSWORD,
  recordOf,
  tokenIn,
} from './account.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import { type Setup, settle } from './set-up.ts'
import { testGroup } from './test-case.ts'

type Proof = ActivateInput

async function intrude(setup: Setup): Promise<void> {
  await expectNoHalfOpenAccount(setup)
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
}

/** The proof that the newest message holds, whichever registration it activates. */
async function proofOf(setup: Setup, by: 'link' | 'code'): Promise<Proof> {
  await settle(setup)
  const message = setup.outbox.messages.findLast(({ kind }) => kind.startsWith('activate'))
  return by === 'link'
    ? { token: tokenIn(message) }
    : { identifier: setup.ada.email, code: message?.code ?? '' }
}

/** Uses the proof again, or else asks for another message, or else is in already. */
async function goOnFrom(setup: Setup, proof: Proof): Promise<string> {
  const { auth, ada } = setup
  if ((await recordOf(setup, ada))?.status === 'active') {
    await expectLogin(setup, PASSWORD)
    return 'logging in'
  }
  if ((await answerOf(auth.activate(proof))) === 'done') {
    await expectLogin(setup, PASSWORD)
    return 'the same proof'
  }
  await auth.resendActivation({ identifier: ada.email })
  const reset = tokenIn(await newest(setup, 'reset_password'))
  if (reset === '') {
    await auth.activate(await proofOf(setup, 'link'))
    await intrude(setup)
    await expectLogin(setup, PASSWORD)
    return 'another message'
  }
  await auth.resetPassword({ token: reset, newPassword: NEW_PASSWORD })
  await expectLogin(setup, NEW_PASSWORD)
  return 'choosing a password'
}

function activation(by: 'link' | 'code'): CrashCase<Proof> {
  return {
    async prepare(setup) {
      await setup.auth.register({ email: setup.ada.email, password: PASSWORD })
      return proofOf(setup, by)
    },
    flow: ({ auth }, proof) => auth.activate(proof),
    goOn: goOnFrom,
    intrude,
  }
}

/** Somebody else registered the address first, and Ada second. */
const activationOfTheSecond: CrashCase<Proof> = {
  ...activation('link'),
  async prepare(setup) {
    const { auth, ada } = setup
    await auth.register({ email: ada.email, password: INTRUDERS_PASSWORD })
    await settle(setup)
    await auth.register({ email: ada.email, password: PASSWORD })
    return proofOf(setup, 'link')
  },
}

/** The same, with usernames: Ada's waits in a record of its own. */
const activationWithUsername: CrashCase<Proof> = {
  ...activation('link'),
  options: { identifiers: ['email', 'username'] },
  async prepare(setup) {
    const { auth, ada, mallory } = setup
    const { email } = ada
    await auth.register({ email, username: mallory.username, password: INTRUDERS_PASSWORD })
    await settle(setup)
    await auth.register({ ...ada, password: PASSWORD })
    return proofOf(setup, 'link')
  },
  async intrude(setup) {
    await intrude(setup)
    const user = await recordOf(setup, setup.ada)
    const isTheirs = user?.status === 'active' && user.username === setup.mallory.username
    expectTrue(!isTheirs, "the open account must not have the stranger's username")
  },
}

const resend: CrashCase<Proof> = {
  ...activation('link'),
  flow: ({ auth, ada }) => auth.resendActivation({ identifier: ada.email }),
  async goOn(setup, before) {
    const newer = await proofOf(setup, 'link')
    if (newer.token !== before.token) return `${await goOnFrom(setup, newer)} of the new message`
    return goOnFrom(setup, before)
  },
}

const opened = ['oneTimeTokens.take: done, then logging in', 'events.append: done, then logging in']

/** What follows the finding of the proof. */
function opening(moment: 'before' | 'after'): string[] {
  return [
    'users.find: unavailable, then the same proof',
    `users.update: unavailable, then ${moment === 'before' ? 'the same proof' : 'logging in'}`,
  ]
}

const byLink = 'oneTimeTokens.find: unavailable, then the same proof'

const activating = testGroup('S103 S112 a store that fails while an account is activated', [
  ...MOMENTS.map((moment) =>
    crashTest(`by link, ${moment} the verb`, moment, activation('link'), [
      byLink,
      ...opening(moment),
      ...opened,
    ]),
  ),

  ...MOMENTS.map((moment) =>
    crashTest(`by code, ${moment} the verb`, moment, activation('code'), [
      'users.findByIdentifier: unavailable, then the same proof',
      'oneTimeTokens.tryCode: unavailable, then the same proof',
      ...opening(moment),
      ...opened,
    ]),
  ),

  ...MOMENTS.map((moment) =>
    crashTest(
      `S021 of an address that somebody else registered first (${moment})`,
      moment,
      activationOfTheSecond,
      [byLink, ...opening(moment), ...opened],
    ),
  ),

  ...MOMENTS.map((moment) =>
    crashTest(
      `S021 the same, with a username that waits (${moment})`,
      moment,
      activationWithUsername,
      [
        byLink,
        ...opening(moment),
        'users.find: unavailable, then logging in',
        'users.update: unavailable, then logging in',
        'users.find: unavailable, then logging in',
        'users.update: unavailable, then logging in',
        ...opened,
      ],
    ),
  ),
])

const asking = testGroup(
  'S103 a store that fails while the activation message is asked for again',
  [
    ...MOMENTS.map((moment) =>
      crashTest(
        moment === 'before'
          ? 'before the verb: the message before stays in force'
          : 'after the verb: asking again goes on',
        moment,
        resend,
        [
          'users.findByIdentifier: unavailable, then the same proof',
          'users.findByIdentifier: done, then the same proof',
          'users.update: done, then the same proof',
          'oneTimeTokens.list: done, then the same proof',
          `oneTimeTokens.put: done, then ${moment === 'before' ? 'the same proof' : 'another message'}`,
          'events.append: done, then the same proof of the new message',
        ],
      ),
    ),
  ],
)

export const activationCrashes = [activating, asking]

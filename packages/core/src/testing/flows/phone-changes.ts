import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import { MANY } from '../store/race.ts'
import {
  type Account,
  accountOf,
  answerOf,
  expectAlive,
  expectAnswer,
  expectNoLogin,
  INTRUDERS_PASSWORD,
  loginOf,
  newest,
  PASSWORD,
  recordOf,
} from './account.ts'
import { wrongCode } from './codes.ts'
import { type CrashCase, crashTest, MOMENTS } from './crash.ts'
import { codeTo } from './phones.ts'
import { raceTests, tally } from './race-test.ts'
import { phoneOf, type Setup } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

const WITH_PHONES = { identifiers: ['email', 'phone'], optionalIdentifiers: ['phone'] } as const

/** Asks for a number, Ada's unless it is given, and resolves the code that goes there. */
async function numberRequested(
  setup: Setup,
  { principal }: Account,
  phone = phoneOf(setup.ada),
): Promise<string> {
  await setup.auth.changePhone(principal, { phone, currentPassword: PASSWORD })
  return codeTo(setup, phone)
}

/** Whose the number is. */
async function holderOf({ store }: Setup, phone: string): Promise<string | undefined> {
  return (await store.users.findByIdentifier({ kind: 'phone', value: phone }))?.id
}

const changing = testGroup('another phone number', [
  testCase('S083 is there once its code came back, and the owner is told', async ({ setUp }) => {
    const setup = setUp(WITH_PHONES)
    const account = await accountOf(setup)
    const phone = phoneOf(setup.ada)
    const code = await numberRequested(setup, account)
    const { auth } = setup
    const { principal } = account
    const wrong = auth.confirmPhone(principal, { code: wrongCode(code, 1) })
    await expectAnswer(wrong, 'invalid_one_time_token', 'another code')
    expectEqual(await holderOf(setup, phone), undefined, 'whose the number is before')
    expectMembers(await auth.confirmPhone(principal, { code }), { phone, phoneVerified: true })
    const again = auth.confirmPhone(principal, { code })
    await expectAnswer(again, 'invalid_one_time_token', 'the code, used again')
    const login = await auth.login({ identifier: phone, password: PASSWORD })
    expectEqual(login.user.id, account.user.id, 'who logs in by the number')
    await expectAlive(setup, account.session, 'the session')
    expectEqual((await newest(setup, 'phone_changed'))?.to, setup.ada.email, 'who is told')
  }),

  testCase('S083 is not taken from who has it', async ({ setUp }) => {
    const setup = setUp(WITH_PHONES)
    const [account, theirs] = [await accountOf(setup), await accountOf(setup, setup.mallory)]
    const phone = phoneOf(setup.mallory)
    const { auth } = setup
    const first = await numberRequested(setup, theirs, phone)
    await auth.confirmPhone(theirs.principal, { code: first })
    const code = await numberRequested(setup, account, phone)
    const call = auth.confirmPhone(account.principal, { code })
    await expectAnswer(call, 'phone_taken', 'the confirmation of a number with an owner')
    expectEqual(await holderOf(setup, phone), theirs.user.id, 'whose the number is')
  }),
])

const racing = testGroup('S083 fifty confirmations of a phone number at once', [
  ...raceTests(
    'exactly one is done, and no more than five codes are judged',
    { meetAt: 'users.update', options: WITH_PHONES },
    async ({ first, atOnce, settled }) => {
      const account = await accountOf(first)
      const code = await numberRequested(first, account)
      const answers = await atOnce(({ auth }) =>
        answerOf(auth.confirmPhone(account.principal, { code })),
      )
      expectEqual(tally(answers), { done: 1, invalid_one_time_token: MANY - 1 }, 'the answers')
      await settled()
      const told = first.outbox.messages.filter(({ kind }) => kind === 'phone_changed')
      expectEqual(told.length, 1, 'how often the owner is told')
      expectEqual(await holderOf(first, phoneOf(first.ada)), account.user.id, 'whose it is')
    },
  ),

  ...raceTests(
    'while another number is asked for: what is not proved is not there',
    { meetAt: 'oneTimeTokens.put', options: WITH_PHONES },
    async ({ first, atOnce, settled }) => {
      const account = await accountOf(first)
      const { principal } = account
      const victim = phoneOf(first.mallory)
      const code = await numberRequested(first, account)
      await atOnce(({ auth }, index) =>
        answerOf(
          index % 4 < 2
            ? auth.confirmPhone(principal, { code })
            : auth.changePhone(principal, { phone: victim, currentPassword: PASSWORD }),
        ),
      )
      await settled()
      expectEqual(
        await holderOf(first, victim),
        undefined,
        'whose the number is that is not proved',
      )
      const { phone } = await first.auth.loadUser(principal)
      expectTrue([null, phoneOf(first.ada)].includes(phone), 'a number that is proved, or none')
    },
  ),
])

interface World extends Account {
  readonly code: string
}

/** The number is Ada's or nobody's. */
async function intrude(setup: Setup, { user }: World): Promise<void> {
  const holder = await holderOf(setup, phoneOf(setup.ada))
  expectTrue([undefined, user.id].includes(holder), "the number is Ada's or nobody's")
  expectEqual((await recordOf(setup, setup.ada))?.id, user.id, 'whose the e-mail address is')
  await expectNoLogin(setup, INTRUDERS_PASSWORD)
}

async function loginByNumber({ auth, ada }: Setup): Promise<void> {
  await auth.login({ identifier: phoneOf(ada), password: PASSWORD })
}

const request: CrashCase<World> = {
  options: WITH_PHONES,
  prepare: async (setup) => ({ ...(await accountOf(setup)), code: '' }),
  flow: ({ auth, ada }, { principal }) =>
    auth.changePhone(principal, { phone: phoneOf(ada), currentPassword: PASSWORD }),
  async goOn(setup, world) {
    const arrived = await codeTo(setup, phoneOf(setup.ada))
    const code = arrived === '' ? await numberRequested(setup, world) : arrived
    await setup.auth.confirmPhone(world.principal, { code })
    await loginByNumber(setup)
    return arrived === '' ? 'asking again' : 'the message'
  },
  intrude,
}

/** Whatever failed: once the number is there, the owner was told. */
const confirm: CrashCase<World> = {
  options: WITH_PHONES,
  async prepare(setup) {
    const account = await accountOf(setup)
    return { ...account, code: await numberRequested(setup, account) }
  },
  flow: ({ auth }, { principal, code }) => auth.confirmPhone(principal, { code }),
  async goOn(setup, { principal, code }) {
    const told = await newest(setup, 'phone_changed')
    if (told === undefined) await setup.auth.confirmPhone(principal, { code })
    expectEqual((await newest(setup, 'phone_changed'))?.to, setup.ada.email, 'who is told')
    await loginByNumber(setup)
    await loginOf(setup)
    return told === undefined ? 'the same code' : 'nothing more'
  },
  intrude,
}

const failing = testGroup('S083 S103 a store that fails while a phone number changes', [
  ...MOMENTS.flatMap((moment) => [
    crashTest(`when it is asked for, ${moment} the verb`, moment, request, [
      'sessions.find: unavailable, then asking again',
      'oneTimeTokens.put: unavailable, then asking again',
      'events.append: done, then the message',
    ]),
    crashTest(`when it is confirmed, ${moment} the verb`, moment, confirm, [
      'users.find: unavailable, then the same code',
      'oneTimeTokens.tryCode: unavailable, then the same code',
      'users.find: unavailable, then the same code',
      'users.update: unavailable, then the same code',
      'oneTimeTokens.take: done, then nothing more',
      'events.append: done, then nothing more',
    ]),
  ]),
])

export const phoneChanges = [changing, racing, failing]

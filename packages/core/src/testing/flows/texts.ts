import type { JsonObject } from '../../records.ts'
import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import {
  accountOf,
  expectAnswer,
  loginOf,
  NEW_PASSWORD,
  PASSWORD,
  recordOf,
  tokenIn,
} from './account.ts'
import { settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

/** One line each, which careless escaping, encoding or trimming would change. */
const LINES = [
  '𝔸𝖉𝒂’s 💡🪪',
  'de\u0301compose\u0301 and composé',
  'שלום عالم',
  'Ada’s „Ferngespräch“ – 日本語 한국어',
  `'";--/* */ ' OR '1'='1`,
  '%_[a-z]^*? $1 :name @p1 #{a} {{b}}',
  '\\ \\\\ \\n \\u0041',
  'null',
]

/** In NFC, in which passwords are compared. */
const UNICODE_PASSWORD = 'pässwörd \u{1d538}\u{1f4a1} und Geduld'

const PROFILE: JsonObject = {
  name: '𝔸𝖉𝒂 💡👩‍👩‍👧',
  'key ключ 🔑': [1, 1.5, null, true, { deep: ['de\u0301compose\u0301', '', '\'\\"'] }],
}

export const texts = testGroup('a text that somebody gives comes back as it was', [
  testCase('S113 the name of a device, and its user agent', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada, clock } = setup
    const { principal } = await accountOf(setup)
    for (const line of LINES) {
      clock.advance(1)
      const input = { identifier: ada.email, password: PASSWORD, device: { name: line } }
      await auth.login(input, { userAgent: line, ip: '2001:db8::7%eth0' })
      const [shown] = await auth.listSessions(principal)
      expectMembers(shown, { deviceName: line, userAgent: line, ip: '2001:db8::7%eth0' }, line)
    }
  }),

  testCase(
    'an address and a username, besides the forms in which they are compared',
    async ({ setUp }) => {
      const setup = setUp({ identifiers: ['email', 'username'] })
      const { auth } = setup
      const given = { email: "Ada.O'Hara+x@Bücher.Example", username: 'Ada_L-0' }
      await auth.register({ ...given, password: PASSWORD })
      await settle(setup)
      const token = tokenIn(setup.outbox.messages[0])
      expectMembers(await auth.activate({ token }), given)
      for (const identifier of ["ada.o'hara+x@xn--bcher-kva.example", 'ada_l-0', given.email]) {
        const { user } = await auth.login({ identifier, password: PASSWORD })
        expectMembers(user, given, `logged in as ${identifier}`)
      }
    },
  ),

  testCase('S004 a password, however its accents are composed', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada } = setup
    await auth.createUser({ email: ada.email, password: UNICODE_PASSWORD })
    await loginOf(setup, UNICODE_PASSWORD)
    await loginOf(setup, UNICODE_PASSWORD.normalize('NFD'))
    const cut = loginOf(setup, UNICODE_PASSWORD.slice(0, -1))
    await expectAnswer(cut, 'invalid_credentials', 'the password without its last letter')
  }),

  testCase('the profile of a user, which no flow changes', async ({ setUp }) => {
    const setup = setUp()
    const { auth, store, ada } = setup
    const { user, principal } = await accountOf(setup)
    const version = (await recordOf(setup, ada))?.version ?? 0
    const written = await store.users.update(user.id, version, { profile: PROFILE })
    expectTrue(written !== null, 'the profile is written')
    await auth.changePassword(principal, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD })
    await loginOf(setup, NEW_PASSWORD)
    expectEqual((await recordOf(setup, ada))?.profile, PROFILE, 'the profile')
  }),
])

import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import {
  accountOf,
  expectAlive,
  expectAnswer,
  expectNoLogin,
  expectOver,
  INTRUDERS_PASSWORD,
  loginOf,
  newest,
  PASSWORD,
  recordOf,
} from './account.ts'
import { settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

export const sessions = [
  testGroup('a session', [
    testCase('says who its owner is, and since when', async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada, clock } = setup
      const { user, session, principal } = await accountOf(setup)
      expectEqual(
        principal,
        {
          user: { id: user.id, roles: ['user'] },
          session: { id: session.sessionId, authTime: clock.now(), amr: ['pwd'] },
          actor: null,
        },
        'the principal',
      )
      expectEqual(await auth.loadUser(principal), user, 'the own record')
      expectEqual(user.email, ada.email, 'the address')
    }),

    testCase(
      'S023 begins for nobody who gives a wrong password, whoever they ask for',
      async ({ setUp }) => {
        const setup = setUp()
        await accountOf(setup)
        const wrong = loginOf(setup, INTRUDERS_PASSWORD)
        await expectAnswer(wrong, 'invalid_credentials', 'a wrong password')
        const unknown = loginOf(setup, PASSWORD, setup.mallory)
        await expectAnswer(unknown, 'invalid_credentials', 'an unknown address')
        expectMembers(await recordOf(setup, setup.ada), { failedLogins: 1 })
        await loginOf(setup)
        expectMembers(await recordOf(setup, setup.ada), { failedLogins: 0 }, 'after a login')
      },
    ),

    testCase('tells the owner of many failed logins before it', async ({ setUp }) => {
      const setup = setUp()
      await accountOf(setup)
      for (let count = 0; count < 5; count += 1) await expectNoLogin(setup, INTRUDERS_PASSWORD)
      await loginOf(setup)
      expectTrue((await newest(setup, 'login_after_failures')) !== undefined, 'the owner is told')
    }),

    testCase(
      'S062 has the roles of its tokens until they change, and a refresh gives the new',
      async ({ setUp }) => {
        const setup = setUp()
        const { auth, store } = setup
        const { user, session } = await accountOf(setup)
        const version = (await recordOf(setup, setup.ada))?.version ?? 0
        await store.users.update(user.id, version, { roles: ['staff'], claimsVersion: 1 })
        const { accessToken, refreshToken } = session
        await expectAnswer(auth.authenticate(accessToken), 'token_stale', 'the old access token')
        const next = await auth.refresh({ refreshToken })
        const principal = await auth.authenticate(next.accessToken)
        expectEqual(principal.user, { id: user.id, roles: ['staff'] }, 'the user of the new token')
      },
    ),

    testCase('S092 dies at once when its user is disabled', async ({ setUp }) => {
      const setup = setUp()
      const { user, session } = await accountOf(setup)
      const version = (await recordOf(setup, setup.ada))?.version ?? 0
      await setup.store.users.update(user.id, version, { status: 'disabled', credentialEpoch: 9 })
      await expectOver(setup, session, 'the session')
      await expectAnswer(loginOf(setup), 'invalid_credentials', 'the login of the disabled user')
    }),
  ]),

  testGroup('a refresh', [
    testCase(
      'S057 gives the next pair, and the same again to who repeats it within the grace',
      async ({ setUp }) => {
        const setup = setUp()
        const { auth, clock } = setup
        const { session } = await accountOf(setup)
        const { refreshToken } = session
        const next = await auth.refresh({ refreshToken })
        expectTrue(next.refreshToken !== refreshToken, 'the next refresh token is another')
        clock.advance(30)
        const repeated = await auth.refresh({ refreshToken })
        expectEqual(repeated.refreshToken, next.refreshToken, 'the token of the repeated refresh')
        for (const tokens of [session, next, repeated])
          await expectAlive(setup, tokens, 'each token')
      },
    ),

    testCase('S058 whose answer was lost is made good an hour later', async ({ setUp }) => {
      const setup = setUp()
      const { auth, clock } = setup
      const { session } = await accountOf(setup)
      const { refreshToken } = session
      const lost = await auth.refresh({ refreshToken })
      clock.advance(HOUR)
      const recovered = await auth.refresh({ refreshToken })
      expectTrue(recovered.refreshToken !== lost.refreshToken, 'the recovered token is another')
      await expectAlive(setup, recovered, 'the recovered access token')
      await auth.refresh({ refreshToken: recovered.refreshToken })
    }),

    testCase(
      'S058 with a token that somebody else has spent ends the session, and tells the owner',
      async ({ setUp }) => {
        const setup = setUp()
        const { auth, clock, store } = setup
        const { session } = await accountOf(setup)
        const next = await auth.refresh({ refreshToken: session.refreshToken })
        await auth.authenticate(next.accessToken)
        clock.advance(5 * MINUTE)
        const thief = auth.refresh({ refreshToken: session.refreshToken })
        await expectAnswer(thief, 'invalid_token', 'the spent token')
        await expectOver(setup, next, 'the session')
        const found = await store.sessions.find(session.sessionId)
        expectEqual(found?.session.revokedReason, 'refresh_reuse', 'why the session ended')
        expectTrue((await newest(setup, 'refresh_reuse')) !== undefined, 'the owner is told')
      },
    ),

    testCase('S060 puts off the idle limit, at which the session is over', async ({ setUp }) => {
      const setup = setUp({ sessions: { idleLifetime: DAY } })
      const { auth, clock } = setup
      const { session } = await accountOf(setup)
      clock.advance(DAY - 1)
      const next = await auth.refresh({ refreshToken: session.refreshToken })
      clock.advance(DAY - 1)
      const last = await auth.refresh({ refreshToken: next.refreshToken })
      clock.advance(DAY)
      await expectOver(setup, last, 'the session, idle for a day')
    }),

    testCase('S061 never puts off the absolute limit', async ({ setUp }) => {
      const limits = { idleLifetime: DAY, absoluteLifetime: 2 * DAY }
      const setup = setUp({ sessions: limits })
      const { auth, clock } = setup
      let tokens = (await accountOf(setup)).session.refreshToken
      for (const seconds of [DAY - 1, DAY / 2, DAY / 2]) {
        clock.advance(seconds)
        tokens = (await auth.refresh({ refreshToken: tokens })).refreshToken
      }
      clock.advance(1)
      const late = auth.refresh({ refreshToken: tokens })
      await expectAnswer(late, 'invalid_token', 'the refresh at the limit')
      await settle(setup)
    }),
  ]),
]

import type { Client } from '../../events.ts'
import { expectEqual } from '../assertions.ts'
import {
  accountOf,
  expectAlive,
  expectAnswer,
  expectOver,
  loginOf,
  newest,
  PASSWORD,
} from './account.ts'
import { type Setup, settle } from './set-up.ts'
import { type TestCase, testCase, testGroup } from './test-case.ts'

const HOUR = 3600
const CLIENT: Client = { ip: '192.0.2.7', userAgent: 'Browser/1.0 (Test)' }

/** Ada's account with so many sessions more, a second apart. */
async function sessionsOf(setup: Setup, more: number) {
  const account = await accountOf(setup)
  const others = []
  for (let count = 0; count < more; count += 1) {
    setup.clock.advance(1)
    others.push(await loginOf(setup))
  }
  return { ...account, others }
}

const listing = testGroup('the list of sessions', [
  testCase('S063 has the live ones of their owner, newest first', async ({ setUp }) => {
    const setup = setUp()
    const { auth, ada, clock } = setup
    const { session, principal } = await accountOf(setup)
    await accountOf(setup, setup.mallory)
    clock.advance(60)
    const input = { identifier: ada.email, password: PASSWORD, device: { name: 'Telephone' } }
    const second = await auth.login(input, CLIENT)
    const shown = await auth.listSessions(principal)
    expectEqual(
      shown.map(({ id, current, deviceName, ip, userAgent, createdAt }) => [
        ...[id, current, deviceName, ip, userAgent, createdAt],
      ]),
      [
        [
          second.sessionId,
          false,
          'Telephone',
          CLIENT.ip,
          CLIENT.userAgent,
          '2030-01-01T00:01:00.000Z',
        ],
        [session.sessionId, true, null, null, null, '2030-01-01T00:00:00.000Z'],
      ],
      'what is shown of each',
    )
  }),

  testCase('S063 has no more than the cap: one more login ends the oldest', async ({ setUp }) => {
    const setup = setUp({ sessions: { maxPerUser: 3 } })
    const { session, others } = await sessionsOf(setup, 3)
    await settle(setup)
    await expectOver(setup, session, 'the oldest session')
    for (const other of others) await expectAlive(setup, other, 'each of the three newest')
    const found = await setup.store.sessions.find(session.sessionId)
    expectEqual(found?.session.revokedReason, 'evicted', 'why the oldest ended')
  }),
])

/** Ends the first of two sessions, and looks which is over. */
function endOfOne(title: string, end: (setup: Setup, tokens: Tokens) => Promise<void>): TestCase {
  return testCase(title, async ({ setUp }) => {
    const setup = setUp()
    const { session, others } = await sessionsOf(setup, 1)
    await end(setup, session)
    await expectOver(setup, session, 'the session that ended')
    for (const other of others) await expectAlive(setup, other, 'the other session')
    await expectAnswer(end(setup, session), 'done', 'ending it twice')
    await settle(setup)
    const told = setup.events.filter(({ type }) => type === 'session.ended')
    expectEqual(told.length, 1, 'the number of ends that are told')
  })
}

interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

const ending = testGroup('the end of a session', [
  endOfOne('S065 by logout with the access token', ({ auth }, tokens) =>
    auth.logout(tokens.accessToken),
  ),
  endOfOne('S065 by logout with the refresh token', ({ auth }, tokens) =>
    auth.logout(tokens.refreshToken),
  ),
  endOfOne('S066 by revocation of the access token', ({ auth }, tokens) =>
    auth.revoke({ token: tokens.accessToken }),
  ),
  endOfOne('S066 by revocation of the refresh token', ({ auth }, tokens) =>
    auth.revoke({ token: tokens.refreshToken, token_type_hint: 'access_token' }),
  ),

  testCase('S065 by logout with an access token that has expired', async ({ setUp }) => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    setup.clock.advance(HOUR)
    await setup.auth.logout(session.accessToken)
    await expectOver(setup, session, 'the session')
  }),

  testCase('S066 by revocation says nothing of what is no token', async ({ setUp }) => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    await expectAnswer(setup.auth.revoke({ token: 'nonsense' }), 'done', 'nonsense')
    await expectAlive(setup, session, 'the session')
  }),

  testCase('S064 by its owner, from another session, and by nobody else', async ({ setUp }) => {
    const setup = setUp()
    const { auth } = setup
    const { principal, others } = await sessionsOf(setup, 1)
    const stranger = await accountOf(setup, setup.mallory)
    for (const other of others) {
      const theft = auth.endSession(stranger.principal, other.sessionId)
      await expectAnswer(theft, 'not_found', 'the end of a session of somebody else')
      await expectAlive(setup, other, 'the session')
      await auth.endSession(principal, other.sessionId)
      await expectOver(setup, other, 'the session that ended')
      const again = auth.endSession(principal, other.sessionId)
      await expectAnswer(again, 'not_found', 'ending it twice')
    }
    expectEqual((await auth.listSessions(principal)).length, 1, 'the number of sessions')
  }),

  testCase('S064 of all others leaves the one that asks, and other users', async ({ setUp }) => {
    const setup = setUp()
    const { principal, session, others } = await sessionsOf(setup, 3)
    const stranger = await accountOf(setup, setup.mallory)
    await setup.auth.endOtherSessions(principal)
    for (const other of others) await expectOver(setup, other, 'each of the others')
    await expectAlive(setup, session, 'the session that asks')
    await expectAlive(setup, stranger.session, 'the session of somebody else')
  }),

  testCase(
    'S058 is remembered for an hour and more, and then forgotten; what lives is kept',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, clock, store } = setup
      const { session, others } = await sessionsOf(setup, 1)
      await auth.logout(session.refreshToken)
      clock.advance(HOUR)
      await auth.prune()
      const isThere = async () => (await store.sessions.find(session.sessionId)) !== null
      expectEqual(await isThere(), true, 'whether it is there after an hour')
      clock.advance(HOUR)
      await auth.prune()
      expectEqual(await isThere(), false, 'whether it is there after two hours')
      for (const { refreshToken } of others) {
        await expectAnswer(auth.refresh({ refreshToken }), 'done', 'the refresh of what lives')
      }
      expectEqual(await newest(setup, 'refresh_reuse'), undefined, 'a message about reuse')
    },
  ),
])

export const sessionEnds = [listing, ending]

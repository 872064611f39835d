import type { EventRecord } from '../../records.ts'
import type { Store } from '../../store.ts'
import { expectEqual, expectMembers } from '../assertions.ts'
import { eventPages, eventsWhere } from '../queries.ts'
import { INTRUDERS_PASSWORD, loginOf, PASSWORD, registered } from './account.ts'
import { settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

const CLIENT = { ip: '192.0.2.7', userAgent: 'Browser 💡 (日本語)' }

/** All events, in pages. */
async function eventsOf(store: Store, userId: string | null): Promise<readonly EventRecord[]> {
  return (await eventPages(store, eventsWhere({ limit: 2, userId }))).flat()
}

export const auditLog = testGroup('the audit log', [
  testCase(
    'S115 holds what happened to a user, newest first, and from where',
    async ({ setUp }) => {
      const setup = setUp()
      const { auth, ada, clock, store } = setup
      const { token } = await registered(setup)
      clock.advance(1)
      const { id } = await auth.activate({ token }, CLIENT)
      clock.advance(1)
      const wrong = { identifier: ada.email, password: INTRUDERS_PASSWORD }
      await auth.login(wrong, CLIENT).catch(() => {})
      clock.advance(1)
      const { sessionId, refreshToken } = await auth.login({ ...wrong, password: PASSWORD }, CLIENT)
      clock.advance(1)
      await auth.logout(refreshToken, CLIENT)
      await settle(setup)
      const events = await eventsOf(store, id)
      expectEqual(
        events.map(({ type, outcome }) => `${type} ${outcome}`),
        [
          'session.ended success',
          'session.started success',
          'login.failed failure',
          'user.activated success',
          'user.registered success',
        ],
        'the events of the user',
      )
      expectMembers(events[0], { ...CLIENT, sessionId, data: { reason: 'logout' } })
      expectMembers(events[0], { at: clock.now(), userId: id, actorId: null })
    },
  ),

  testCase(
    'S115 holds each event that a listener heard of, once, but no refresh',
    async ({ setUp, store }) => {
      const setup = setUp()
      const { auth, events } = setup
      const { token } = await registered(setup)
      await auth.activate({ token })
      const { refreshToken } = await loginOf(setup)
      await auth.refresh({ refreshToken })
      await loginOf(setup, PASSWORD, setup.mallory).catch(() => {})
      await settle(setup)
      const heard = events.filter(({ type }) => type !== 'session.refreshed').map(({ id }) => id)
      const held = (await eventsOf(store, null)).map(({ id }) => id)
      expectEqual(held.sort(), heard.sort(), 'the ids of the events')
    },
  ),
])

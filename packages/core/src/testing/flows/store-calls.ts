import { expectEqual, expectTrue } from '../assertions.ts'
import { interceptedStore } from '../intercepted-store.ts'
import { accountOf, INTRUDERS_PASSWORD, loginOf, PASSWORD } from './account.ts'
import { type Bench, type Setup, settle } from './set-up.ts'
import { testCase, testGroup } from './test-case.ts'

/** No answer waits for these. */
const BEHIND = ['events.append', 'sessions.evictBeyond', 'oneTimeTokens.take']

/** An account, and the verbs for which a call has to wait. */
async function watched({ setUp, store }: Bench) {
  const calls: string[] = []
  const watching = interceptedStore(store, (verb, run) => {
    calls.push(verb)
    return run()
  })
  const setup: Setup = setUp({ store: watching })
  const account = await accountOf(setup)
  const callsOf = async (call: () => Promise<unknown>): Promise<string[]> => {
    await settle(setup)
    calls.length = 0
    await call().catch(() => {})
    return calls.filter((verb) => !BEHIND.includes(verb))
  }
  return { setup, callsOf, ...account }
}

export const storeCalls = testGroup('the store is asked', [
  testCase('once about an access token that was never seen', async (bench) => {
    const { setup, callsOf } = await watched(bench)
    const { accessToken, refreshToken } = await loginOf(setup)
    const first = await callsOf(() => setup.auth.authenticate(accessToken))
    expectEqual(first, ['sessions.confirm'], 'after a login')
    const next = await setup.auth.refresh({ refreshToken })
    const second = await callsOf(() => setup.auth.authenticate(next.accessToken))
    expectEqual(second, ['sessions.confirm'], 'after a refresh')
  }),

  testCase('no more than twice by a refresh', async (bench) => {
    const { setup, session, callsOf } = await watched(bench)
    const { refreshToken } = session
    const rotation = await callsOf(() => setup.auth.refresh({ refreshToken }))
    expectEqual(rotation, ['sessions.find', 'sessions.rotate'], 'a rotation')
    const replay = await callsOf(() => setup.auth.refresh({ refreshToken }))
    expectEqual(replay, ['sessions.find'], 'a repeated refresh')
  }),

  testCase('no more than three times by a login, whether or not it is let in', async (bench) => {
    const { setup, callsOf } = await watched(bench)
    const { ada, mallory } = setup
    const login = await callsOf(() => loginOf(setup))
    expectEqual(
      login,
      ['users.countFailedLogin', 'users.clearFailedLogins', 'sessions.insert'],
      'a login',
    )
    const wrong = await callsOf(() => loginOf(setup, INTRUDERS_PASSWORD, ada))
    expectTrue(wrong.length <= 3, `a wrong password: ${wrong.join(', ')}`)
    const unknown = await callsOf(() => loginOf(setup, PASSWORD, mallory))
    expectTrue(unknown.length <= 3, `an unknown address: ${unknown.join(', ')}`)
  }),
])

import { expectEqual, expectTrue } from '../assertions.ts'
import { interceptedStore } from '../intercepted-store.ts'
import { MANY } from '../store/race.ts'
import { accountOf, answerOf, expectAlive, expectOver, loginOf, registered } from './account.ts'
import { raceTests, tally } from './race-test.ts'
import { testCase, testGroup } from './test-case.ts'

const MINUTE = 60
const HOUR = 3600
const CAP = 5

const refreshing = testGroup('S059 fifty refreshes at once', [
  ...raceTests(
    'with one token get one successor, by one rotation',
    { meetAt: 'sessions.rotate' },
    async ({ first, atOnce, settled }) => {
      const { session } = await accountOf(first)
      const { refreshToken, sessionId } = session
      const answers = await atOnce(({ auth }) => auth.refresh({ refreshToken }))
      const successors = new Set(answers.map((answer) => answer.refreshToken))
      expectEqual(successors.size, 1, 'the number of successors')
      const found = await first.store.sessions.find(sessionId)
      expectEqual(found?.session.generation, 2, 'the generation of the session')
      await settled()
      const told = first.events.filter(({ type }) => type === 'session.refreshed')
      expectEqual(told.length, 1, 'how many rotations are told of')
      for (const tokens of answers) await expectAlive(first, tokens, 'each access token')
    },
  ),

  ...raceTests(
    'go on from generation to generation',
    { meetAt: 'sessions.rotate' },
    async ({ first, atOnce }) => {
      let { refreshToken } = (await accountOf(first)).session
      for (let generation = 2; generation <= 4; generation += 1) {
        first.clock.advance(10 * MINUTE)
        const answers = await atOnce(({ auth }) => auth.refresh({ refreshToken }))
        const successors = new Set(answers.map((answer) => answer.refreshToken))
        expectEqual(successors.size, 1, `the number of successors of generation ${generation}`)
        refreshToken = answers[0]?.refreshToken ?? ''
      }
      expectEqual(refreshToken.split('.')[3], '4', 'the generation of the last token')
    },
  ),

  ...raceTests(
    'recover a lost answer together',
    { meetAt: 'sessions.rotate' },
    async ({ first, atOnce, settled }) => {
      // Without an access token that is shown: nobody has seen the successor.
      const { token } = await registered(first)
      await first.auth.activate({ token })
      const { refreshToken } = await loginOf(first)
      await first.auth.refresh({ refreshToken })
      first.clock.advance(HOUR)
      const answers = await atOnce(({ auth }) => auth.refresh({ refreshToken }))
      const successors = new Set(answers.map((answer) => answer.refreshToken))
      expectEqual(successors.size, 1, 'the number of successors')
      await settled()
      const told = first.events.filter(({ type }) => type === 'session.refresh_recovered')
      expectEqual(told.length, 1, 'how many recoveries are told of')
      for (const tokens of answers) await expectAlive(first, tokens, 'each access token')
    },
  ),
])

const ending = testGroup('S065 a session that ends', [
  ...raceTests(
    'amid refreshes never comes back',
    { meetAt: 'sessions.find' },
    async ({ first, atOnce, settled }) => {
      const { session } = await accountOf(first)
      const other = await loginOf(first)
      const { refreshToken } = session
      const answers = await atOnce(async ({ auth }, index) => {
        const call = index % 4 < 2 ? auth.refresh({ refreshToken }) : auth.logout(refreshToken)
        return call.then(
          (tokens) => ({ answer: 'done', tokens: tokens ?? null, ends: index % 4 >= 2 }),
          (error) => ({ answer: String(error.code), tokens: null, ends: index % 4 >= 2 }),
        )
      })
      const logouts = answers.filter(({ ends }) => ends).map(({ answer }) => answer)
      expectEqual(tally(logouts), { done: logouts.length }, 'the logouts')
      const refreshes = answers.filter(({ ends }) => !ends)
      const known = refreshes.every(({ answer }) => ['done', 'invalid_token'].includes(answer))
      expectTrue(known, 'each refresh is done, or told that the session is over')
      const tokens = refreshes.flatMap((answer) => answer.tokens ?? [])
      for (const pair of [session, ...tokens]) await expectOver(first, pair, 'what it gave')
      await settled()
      const told = first.events.filter(({ type }) => type === 'session.ended')
      expectEqual(told.length, 1, 'how many ends are told of')
      await expectAlive(first, other, 'the other session')
    },
  ),

  testCase('between the two steps of a refresh stays at its end', async ({ setUp, store }) => {
    let interrupt = async () => {}
    const interrupted = interceptedStore(store, async (verb, run) => {
      if (verb === 'sessions.rotate') await interrupt()
      return run()
    })
    const setup = setUp({ store: interrupted })
    const { session } = await accountOf(setup)
    const { refreshToken } = session
    interrupt = () => setup.auth.logout(refreshToken)
    expectEqual(
      await answerOf(setup.auth.refresh({ refreshToken })),
      'invalid_token',
      'the refresh',
    )
    await expectOver(setup, session, 'the session')
    const found = await store.sessions.find(session.sessionId)
    expectEqual(found?.session.generation, 1, 'the generation of the session')
  }),
])

const capped = testGroup('S063 fifty logins at once', [
  ...raceTests(
    'at the cap leave as many sessions as it allows',
    { meetAt: 'sessions.insert', options: { sessions: { maxPerUser: CAP } } },
    async ({ first, atOnce, settled }) => {
      const { token } = await registered(first)
      await first.auth.activate({ token })
      for (let count = 0; count < CAP; count += 1) await loginOf(first)
      await settled()
      first.clock.advance(1)
      const opened = await atOnce((node) => loginOf(node))
      await settled()
      const answers: string[] = []
      for (const { accessToken } of opened) {
        answers.push(await answerOf(first.auth.authenticate(accessToken)))
      }
      const expected = { done: CAP, invalid_token: MANY - CAP }
      expectEqual(tally(answers), expected, 'which of the fifty sessions are alive')
      const newest = opened[answers.indexOf('done')]
      expectTrue(newest !== undefined, 'one of the fifty is alive')
      const principal = await first.auth.authenticate(newest.accessToken)
      const shown = await first.auth.listSessions(principal)
      expectEqual(shown.length, CAP, 'the number of sessions')
    },
  ),
])

export const sessionRaces = [refreshing, ending, capped]

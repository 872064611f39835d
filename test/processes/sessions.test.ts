import { expect, it } from 'vitest'
import { PASSWORD } from '../support/setup.ts'
import { accountOf, describeTwoNodes, expectOver, type Scene } from './describe-two-nodes.ts'
import { EACH, playRounds, type SidedAnswer, tally, winnerOf } from './two-nodes.ts'

const CODES = new Set(['ok', 'invalid_token'])

describeTwoNodes('sessions', (scene) => {
  it('S059 refreshing with one token gives one successor, and logs nobody out', async () => {
    await playRounds(async (round) => {
      const { race, call, query, events } = scene()
      const account = await accountOf(scene(), `refresh-${round}@example.com`)
      const { refreshToken, sessionId } = account
      const before = events.length
      const answers = await race(() => ({ verb: 'refresh', input: { refreshToken } }))
      expect(tally(answers)).toEqual({ ok: 2 * EACH })
      const successors = new Set(answers.map(({ value }) => value.refreshToken))
      expect(successors.size).toBe(1)
      const [row] = await query(
        `select generation from latchkey_sessions where id = '${sessionId}'`,
      )
      expect(row?.generation).toBe(2)
      for (const side of [0, 1] as const) {
        const { accessToken } = answers.find((answer) => answer.side === side)?.value ?? {}
        expect((await call(side === 0 ? 1 : 0, 'authenticate', { accessToken })).code).toBe('ok')
      }
      return { answers, winner: toldOnce(scene(), before, 'session.refreshed') }
    })
  })

  it('S065 a session that one process ends while the other refreshes it stays at its end', async () => {
    let refreshedCount = 0
    await playRounds(async (round) => {
      const { race, events } = scene()
      const account = await accountOf(scene(), `logout-${round}@example.com`)
      const { refreshToken } = account
      const before = events.length
      const answers = await race((index) =>
        index === EACH - 1
          ? { verb: 'logout', input: { token: refreshToken } }
          : { verb: 'refresh', input: { refreshToken } },
      )
      const logouts = answers.filter((_, index) => index % EACH === EACH - 1)
      expect(tally(logouts)).toEqual({ ok: 2 })
      const refreshes = answers.filter((answer) => !logouts.includes(answer))
      expect(new Set([...CODES, ...refreshes.map(({ code }) => code)])).toEqual(CODES)
      const refreshed = refreshes.filter(({ code }) => code === 'ok')
      refreshedCount += refreshed.length
      await expectOver(scene(), account)
      for (const { value } of distinct(refreshed)) await expectOver(scene(), value)
      return { answers, winner: toldOnce(scene(), before, 'session.ended') }
    })
    // Else no refresh was under way when the session ended.
    expect(refreshedCount).toBeGreaterThan(0)
  })

  it('S080 a password that one process changes opens nothing on the other', async () => {
    let opened = 0
    await playRounds(async (round) => {
      const { race, call } = scene()
      const account = await accountOf(scene(), `change-${round}@example.com`)
      const { accessToken, email } = account
      const newPassword = (side: number) => `another ${PASSWORD} ${side}`
      const answers = await race((index, side) =>
        index === 0
          ? {
              verb: 'changePassword',
              input: { accessToken, currentPassword: PASSWORD, newPassword: newPassword(side) },
            }
          : { verb: 'login', input: { identifier: email, password: PASSWORD } },
      )
      const changes = answers.filter((_, index) => index % EACH === 0)
      const { side, value } = winnerOf(changes)
      const logins = answers.filter((answer) => !changes.includes(answer) && answer.code === 'ok')
      opened += logins.length
      for (const login of [account, ...logins.map((answer) => answer.value)]) {
        await expectOver(scene(), login)
      }
      const login = (password: string) => call(side, 'login', { identifier: email, password })
      expect((await login(PASSWORD)).code).toBe('invalid_credentials')
      expect((await login(newPassword(side))).code).toBe('ok')
      const { accessToken: own } = value
      expect((await call(side === 0 ? 1 : 0, 'authenticate', { accessToken: own })).code).toBe('ok')
      return { answers, winner: side }
    })
    // Else no login was under way when the password changed.
    expect(opened).toBeGreaterThan(0)
  })
})

/** Which process told of it. Fails unless exactly one did. */
function toldOnce({ events }: Scene, from: number, type: string) {
  const told = events.slice(from).filter((event) => event.type === type)
  expect(told).toHaveLength(1)
  return told[0]?.side ?? 0
}

/** One answer for each pair of tokens that was given. */
function distinct(answers: readonly SidedAnswer[]): SidedAnswer[] {
  return [...new Map(answers.map((answer) => [answer.value.refreshToken, answer])).values()]
}

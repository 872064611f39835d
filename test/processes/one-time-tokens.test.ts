import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { wrongCode } from '../support/recovery.ts'
import { PASSWORD } from '../support/setup.ts'
import { accountOf, describeTwoNodes, resetOf } from './describe-two-nodes.ts'
import { EACH, playRounds, tally, winnerOf } from './two-nodes.ts'

/** ASVS 5.0, 6.6.3. */
const ATTEMPTS = 5

const passwordOf = (index: number, side: number) => `another ${PASSWORD} ${side} ${index}`

describeTwoNodes('one-time tokens', (scene) => {
  it('S112 resetting the password by one link succeeds exactly once', async () => {
    await playRounds(async (round) => {
      const { race, call } = scene()
      const { email } = await accountOf(scene(), `reset-${round}@example.com`)
      const { token } = await resetOf(scene(), email)
      const answers = await race((index, side) => ({
        verb: 'resetPassword',
        input: { token, newPassword: passwordOf(index, side) },
      }))
      expect(tally(answers)).toEqual({ ok: 1, invalid_one_time_token: 2 * EACH - 1 })
      const { side } = winnerOf(answers)
      const own = answers.filter((answer) => answer.side === side)
      const password = passwordOf(
        own.findIndex(({ code }) => code === 'ok'),
        side,
      )
      const login = await call(side === 0 ? 1 : 0, 'login', { identifier: email, password })
      expect(login.code).toBe('ok')
      return { answers, winner: side }
    })
  })

  it('S112 one token is taken exactly once', async () => {
    await playRounds(async (round) => {
      const { email } = await accountOf(scene(), `take-${round}@example.com`)
      const { token } = await resetOf(scene(), email)
      const linkHash = createHash('sha256').update(token).digest('base64url')
      const answers = await scene().race(() => ({ verb: 'take', input: { linkHash } }))
      expect(tally(answers)).toEqual({ ok: 2 * EACH })
      const [taken, ...others] = answers.filter(({ value }) => value !== null)
      expect(others).toEqual([])
      expect(taken?.value).toMatchObject({ linkHash })
      return { answers, winner: taken?.side ?? expect.unreachable('nobody has taken it') }
    })
  })

  it('S028 no code is tried more often than its attempts allow', async () => {
    await playRounds(async (round) => {
      const { userId, email } = await accountOf(scene(), `try-${round}@example.com`)
      await resetOf(scene(), email)
      const answers = await scene().race(() => ({ verb: 'tryCode', input: { userId } }))
      const tries = answers.filter(({ value }) => value !== null)
      const left = tries.map(({ value }) => value.attemptsLeft)
      expect(left.sort()).toEqual(Array.from({ length: ATTEMPTS }, (_, index) => index))
      const first = tries.find(({ value }) => value.attemptsLeft === ATTEMPTS - 1)
      return { answers, winner: first?.side ?? 0 }
    })
  })

  it('S028 S079 many guesses at a code void it, and not its link', async () => {
    const { race, call, query } = scene()
    const { userId, email } = await accountOf(scene(), 'guess@example.com')
    const { token, code } = await resetOf(scene(), email)
    const guess = (given: string) => ({
      identifier: email,
      code: given,
      newPassword: passwordOf(0, 0),
    })
    const answers = await race((index, side) => ({
      verb: 'resetPassword',
      input: guess(wrongCode(code, 1 + index + side * EACH)),
    }))
    expect(tally(answers)).toEqual({ invalid_one_time_token: 2 * EACH })
    const [row] = await query(
      `select attempts_left from latchkey_one_time_tokens where user_id = '${userId}'`,
    )
    expect(row?.attempts_left).toBe(0)
    for (const side of [0, 1] as const) {
      expect((await call(side, 'resetPassword', guess(code))).code).toBe('invalid_one_time_token')
    }
    const byLink = { token, newPassword: passwordOf(0, 0) }
    expect((await call(0, 'resetPassword', byLink)).code).toBe('ok')
  })
})

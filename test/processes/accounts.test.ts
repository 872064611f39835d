import { expect, it } from 'vitest'
import { PASSWORD, tokenIn } from '../support/setup.ts'
import { describeTwoNodes } from './describe-two-nodes.ts'
import { EACH, playRounds, tally, winnerOf } from './two-nodes.ts'

const passwordOf = (index: number, side: number) => `${PASSWORD} ${side} ${index}`

describeTwoNodes('accounts', (scene) => {
  it('S012 S113 registering one address makes one account, and is answered alike', async () => {
    await playRounds(async (round) => {
      const { race, query, outbox, events } = scene()
      const email = `register-${round}@example.com`
      const before = events.length
      const answers = await race((index, side) => ({
        verb: 'register',
        input: { email, password: passwordOf(index, side) },
      }))
      expect(tally(answers)).toEqual({ ok: 2 * EACH })
      expect(new Set(answers.map(({ value }) => value))).toEqual(new Set([undefined]))
      const users = await query(`select status from latchkey_users where email = '${email}'`)
      expect(users.map(({ status }) => status)).toEqual(['pending'])
      const first = outbox.messages.filter(({ kind, to }) => kind === 'activate' && to === email)
      expect(first).toHaveLength(1)
      const [registered, ...others] = events
        .slice(before)
        .filter(({ type }) => type === 'user.registered')
      expect(others).toEqual([])
      return { answers, winner: registered?.side ?? expect.unreachable('nobody has registered it') }
    })
  })

  it('S113 making an account of one address succeeds exactly once', async () => {
    await playRounds(async (round) => {
      const { race, query, call } = scene()
      const email = `create-${round}@example.com`
      const answers = await race((index, side) => ({
        verb: 'createUser',
        input: { email, password: passwordOf(index, side) },
      }))
      expect(tally(answers)).toEqual({ ok: 1, email_taken: 2 * EACH - 1 })
      const { side, value } = winnerOf(answers)
      const users = await query(`select id from latchkey_users where email = '${email}'`)
      expect(users.map(({ id }) => id)).toEqual([value.id])
      const index = answers.filter((answer) => answer.side === side).findIndex(isOk)
      const login = { identifier: email, password: passwordOf(index, side) }
      expect(await call(side, 'login', login)).toMatchObject({ code: 'ok' })
      return { answers, winner: side }
    })
  })

  it('S112 activating by one link succeeds exactly once', async () => {
    await playRounds(async (round) => {
      const { race, query, call, outbox } = scene()
      const email = `activate-${round}@example.com`
      await call(0, 'register', { email, password: PASSWORD })
      const token = tokenIn((await outbox.next('activate', email)).link)
      const answers = await race(() => ({ verb: 'activate', input: { token } }))
      expect(tally(answers)).toEqual({ ok: 1, invalid_one_time_token: 2 * EACH - 1 })
      const users = await query(
        `select status, credential_epoch from latchkey_users where email = '${email}'`,
      )
      expect(users.map((user) => ({ ...user }))).toEqual([
        { status: 'active', credential_epoch: 1 },
      ])
      return { answers, winner: winnerOf(answers).side }
    })
  })
})

function isOk({ code }: { readonly code: string }): boolean {
  return code === 'ok'
}

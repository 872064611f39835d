import { describe, expect, it } from 'vitest'
import { hostsInTurn } from '../support/hosts.ts'
import { expectProblem, settled } from '../support/problems.ts'
import { logsIn, NEW_PASSWORD, refusalOf, requestReset } from '../support/recovery.ts'
import { accountOf, PASSWORD, setUp, tokenIn } from '../support/setup.ts'

const newPassword = NEW_PASSWORD

for (const host of hostsInTurn) {
  describe(`served by ${host.name}`, () => {
    async function serve() {
      const setup = await host.setUp()
      const { email, session } = await accountOf(setup)
      const client = await host.serve(setup.auth)
      const reset = (body: object) => client.post(`${host.base}/password/reset`, body)
      return { setup, email, session, client, reset }
    }

    it('S077 S080 sets a new password by link, once, and opens no session', async () => {
      const { setup, email, reset } = await serve()
      const { token } = await requestReset(setup, email)
      const answer = await reset({ token, newPassword })
      expect([answer.status, answer.text]).toEqual([204, ''])
      expect(await logsIn(setup, email)).toBe(false)
      expect(await logsIn(setup, email, newPassword)).toBe(true)
      const again = await reset({ token, newPassword: 'yet another password' })
      expectProblem(again, 400, 'invalid_one_time_token')
      expect(await logsIn(setup, email, newPassword)).toBe(true)
    })

    it('S077 S080 sets a new password by code, and the link is spent with it', async () => {
      const { setup, email, reset } = await serve()
      const { token, code } = await requestReset(setup, email)
      const byCode = { identifier: email.toUpperCase(), code, newPassword }
      expect((await reset(byCode)).status).toBe(204)
      expect(await logsIn(setup, email, newPassword)).toBe(true)
      expectProblem(await reset(byCode), 400, 'invalid_one_time_token')
      expectProblem(await reset({ token, newPassword }), 400, 'invalid_one_time_token')
    })

    it('S112 lets exactly one of fifty at once through', async () => {
      const { setup, email, reset } = await serve()
      const { token } = await requestReset(setup, email)
      const passwords = Array.from({ length: 50 }, (_, at) => `the password of number ${at}`)
      const answers = await Promise.all(
        passwords.map((newPassword) => reset({ token, newPassword })),
      )
      const statuses = answers.map(({ status }) => status)
      expect(statuses.filter((status) => status === 204)).toHaveLength(1)
      expect(statuses.filter((status) => status === 400)).toHaveLength(49)
      const winner = passwords[statuses.indexOf(204)]
      expect(await logsIn(setup, email, winner)).toBe(true)
    })

    it('S078 refuses a body that names an account beside the token, or half a proof', async () => {
      const { setup, email, reset } = await serve()
      await accountOf(setup, 'bob@example.com')
      const { token, code } = await requestReset(setup, email)
      const identifier = 'bob@example.com'
      const proofs = [
        {},
        { token, identifier },
        { token, code },
        { token, identifier, code },
        { identifier },
        { code },
        { token, email: identifier },
        { token, userId: 'bob' },
      ]
      for (const proof of proofs) {
        expectProblem(await reset({ ...proof, newPassword }), 422, 'invalid_input')
      }
      expect(await logsIn(setup, identifier)).toBe(true)
      expectProblem(await reset({ identifier, code, newPassword }), 400, 'invalid_one_time_token')
      expect((await reset({ token, newPassword })).status).toBe(204)
      expect(await logsIn(setup, identifier)).toBe(true)
    })

    it('S080 ends every session at once, and tells the owner', async () => {
      const { setup, email, session, client, reset } = await serve()
      const other = await setup.auth.login({ identifier: email, password: PASSWORD })
      const { token } = await requestReset(setup, email)
      expect((await reset({ token, newPassword })).status).toBe(204)
      for (const { accessToken, refreshToken } of [session, other]) {
        expectProblem(await client.get('/protected', accessToken), 401, 'invalid_token')
        const refresh = await client.post(`${host.base}/refresh`, { refreshToken })
        expectProblem(refresh, 401, 'invalid_token')
      }
      const notice = await setup.outbox.next('password_changed', email)
      expect([notice.link, notice.code]).toEqual([undefined, undefined])
    })

    it('S019 refuses what never was a token', async () => {
      const { setup, email, reset } = await serve()
      const { token, code } = await requestReset(setup, email)
      const tokens = [
        '',
        ' ',
        '%00',
        token.slice(1),
        `${token}=`,
        ` ${token}`,
        token.toLowerCase(),
        'A'.repeat(43),
      ]
      for (const wrong of tokens) {
        expectProblem(await reset({ token: wrong, newPassword }), 400, 'invalid_one_time_token')
      }
      for (const wrong of ['', ' ', `${code} `, `${code}0`]) {
        const answer = await reset({ identifier: email, code: wrong, newPassword })
        expectProblem(answer, 400, 'invalid_one_time_token')
      }
      expect(await logsIn(setup, email)).toBe(true)
    })
  })
}

describe('a reset token', () => {
  it('S077 S082 survives a new password that is refused, by link and by code', async () => {
    const setup = setUp()
    const { email } = await accountOf(setup)
    const refused = { short: 'password_too_short', password1: 'password_blocked' }
    const { token, code } = await requestReset(setup, email)
    for (const [newPassword, refusal] of [
      ...Object.entries(refused),
      [email, 'password_blocked'],
    ]) {
      const { auth } = setup
      expect(await refusalOf(auth.resetPassword({ token, newPassword: `${newPassword}` }))).toBe(
        refusal,
      )
      const byCode = { identifier: email, code, newPassword: `${newPassword}` }
      expect(await refusalOf(auth.resetPassword(byCode))).toBe(refusal)
    }
    await setup.auth.resetPassword({ token, newPassword })
    expect(await logsIn(setup, email, newPassword)).toBe(true)
  })

  it('S077 is void once a newer one is made', async () => {
    const setup = setUp()
    const { email } = await accountOf(setup)
    const first = await requestReset(setup, email)
    const second = await requestReset(setup, email)
    const { auth } = setup
    const byCode = { identifier: email, code: first.code, newPassword }
    expect(await refusalOf(auth.resetPassword({ token: first.token, newPassword }))).toBe(
      'invalid_one_time_token',
    )
    expect(await refusalOf(auth.resetPassword(byCode))).toBe('invalid_one_time_token')
    await auth.resetPassword({ token: second.token, newPassword })
  })

  it('S077 S080 dies when the password changes', async () => {
    const setup = setUp()
    const { email, session } = await accountOf(setup)
    const { token, code } = await requestReset(setup, email)
    const principal = await setup.auth.authenticate(session.accessToken)
    await setup.auth.changePassword(principal, { currentPassword: PASSWORD, newPassword })
    const other = { newPassword: 'the password of a thief' }
    for (const proof of [{ token }, { identifier: email, code }]) {
      const refusal = await refusalOf(setup.auth.resetPassword({ ...proof, ...other }))
      expect(refusal).toBe('invalid_one_time_token')
    }
    expect(await logsIn(setup, email, newPassword)).toBe(true)
  })

  it('S077 ends after half an hour, its code after ten minutes', async () => {
    for (const [seconds, byLink, byCode] of [
      [599, null, null],
      [600, null, 'invalid_one_time_token'],
      [1799, null, 'invalid_one_time_token'],
      [1800, 'invalid_one_time_token', 'invalid_one_time_token'],
    ] as const) {
      const setup = setUp()
      const { email } = await accountOf(setup)
      const code = await requestReset(setup, email)
      setup.clock.advance(seconds)
      const { auth } = setup
      const proof = { identifier: email, code: code.code, newPassword }
      expect([seconds, await refusalOf(auth.resetPassword(proof))]).toEqual([seconds, byCode])
      setup.clock.advance(-seconds)
      const link = await requestReset(setup, email)
      setup.clock.advance(seconds)
      const { token } = link
      expect([seconds, await refusalOf(auth.resetPassword({ token, newPassword }))]).toEqual([
        seconds,
        byLink,
      ])
    }
  })

  it('S019 S045 is no activation token, and the other way round', async () => {
    const setup = setUp()
    const { auth, outbox } = setup
    const email = 'ada@example.com'
    await auth.register({ email, password: PASSWORD })
    const activation = await outbox.next('activate', email)
    const reset = await requestReset(setup, email)
    const swapped = [
      auth.activate({ token: reset.token }),
      auth.activate({ identifier: email, code: reset.code }),
      auth.resetPassword({ token: tokenIn(activation.link), newPassword }),
      auth.resetPassword({ identifier: email, code: activation.code ?? '', newPassword }),
    ]
    const refusals = await Promise.all(swapped.map(refusalOf))
    expect(refusals).toEqual(swapped.map(() => 'invalid_one_time_token'))
    expect((await auth.activate({ token: tokenIn(activation.link) })).emailVerified).toBe(true)
  })

  it('S019 is not in the store', async () => {
    const setup = setUp()
    const { email, user } = await accountOf(setup)
    const { token, code } = await requestReset(setup, email)
    const now = setup.clock.now()
    const stored = await setup.store.oneTimeTokens.list(user.id, 'reset_password', now, 9)
    expect(stored).toHaveLength(1)
    expect(JSON.stringify(stored)).not.toContain(token)
    expect(JSON.stringify(stored)).not.toContain(`"${code}"`)
    await settled(setup.auth)
  })
})

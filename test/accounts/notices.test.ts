import type { MessageKind } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { loginOutcome, outcome } from '../support/onboarding.ts'
import { accountOf, PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const NEW = 'another fine password'

async function kindsSince(setup: Setup, count: number): Promise<MessageKind[]> {
  await setup.auth.close()
  return setup.outbox.messages.slice(count).map(({ kind }) => kind)
}

async function failLogins(setup: Setup, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) await loginOutcome(setup, EMAIL, `wrong password ${at}`)
}

async function changePassword(setup: Setup): Promise<void> {
  const { accessToken } = await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
  const principal = await setup.auth.authenticate(accessToken)
  const input = { currentPassword: PASSWORD, newPassword: NEW }
  await setup.auth.changePassword(principal, input)
}

async function resetPassword(setup: Setup): Promise<void> {
  await setup.auth.forgotPassword({ identifier: EMAIL })
  const { link } = await setup.outbox.next('reset_password', EMAIL)
  await setup.auth.resetPassword({ token: tokenIn(link), newPassword: NEW })
}

async function reuseRefreshToken(setup: Setup): Promise<void> {
  const { refreshToken } = await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
  let current = refreshToken
  for (let at = 0; at < 2; at += 1) {
    current = (await setup.auth.refresh({ refreshToken: current })).refreshToken
    setup.clock.advance(60)
  }
  await setup.auth.authenticate((await setup.auth.refresh({ refreshToken: current })).accessToken)
  setup.clock.advance(60)
  expect(await outcome(setup.auth.refresh({ refreshToken }))).toBe('invalid_token')
}

const occasions: readonly { kind: MessageKind; happen(setup: Setup): Promise<void> }[] = [
  { kind: 'password_changed', happen: changePassword },
  { kind: 'password_changed', happen: resetPassword },
  { kind: 'refresh_reuse', happen: reuseRefreshToken },
  {
    kind: 'login_after_failures',
    async happen(setup) {
      await failLogins(setup, 5)
      await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
    },
  },
  {
    kind: 'already_registered',
    happen: ({ auth }) => auth.register({ email: EMAIL, password: 'of somebody else' }),
  },
]

describe('a notice', () => {
  it.each(occasions)(
    'S036 of "$kind" reaches the owner, and carries no secret',
    async ({ kind, happen }) => {
      const setup = setUp()
      await accountOf(setup)
      const before = setup.outbox.messages.length
      await happen(setup)
      await setup.auth.close()
      const notices = setup.outbox.messages.slice(before).filter((message) => message.kind === kind)
      expect(notices).toHaveLength(1)
      const [notice] = notices
      expect(notice?.to).toBe(EMAIL)
      expect([notice?.link, notice?.code]).toEqual([undefined, undefined])
      const words = JSON.stringify(notice)
      for (const secret of [
        PASSWORD,
        NEW,
        'of somebody else',
        'lk1.',
        'eyJ',
        'token=',
        '$argon2',
      ]) {
        expect(words).not.toContain(secret)
      }
    },
  )

  it('S036 is not sent for fewer failures, nor for a login that goes well', async () => {
    const setup = setUp()
    await accountOf(setup)
    const before = setup.outbox.messages.length
    await failLogins(setup, 4)
    await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
    await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
    expect(await kindsSince(setup, before)).toEqual([])
  })

  it('S036 comes once: the count begins anew with the login', async () => {
    const setup = setUp()
    await accountOf(setup)
    const before = setup.outbox.messages.length
    await failLogins(setup, 7)
    await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
    await setup.auth.login({ identifier: EMAIL, password: PASSWORD })
    expect(await kindsSince(setup, before)).toEqual(['login_after_failures'])
  })

  it('S036 is not sent when a password was not changed after all', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    const before = setup.outbox.messages.length
    const principal = await setup.auth.authenticate(session.accessToken)
    const wrong = { currentPassword: 'a wrong password', newPassword: NEW }
    expect(await outcome(setup.auth.changePassword(principal, wrong))).toBe('wrong_password')
    expect(await kindsSince(setup, before)).toEqual([])
  })

  it('S103 that cannot be sent changes nothing', async () => {
    const first = setUp()
    await accountOf(first)
    const setup = setUp({
      store: first.store,
      mailer: () => {
        throw new Error('the mailer is broken')
      },
    })
    await changePassword(setup)
    await setup.auth.close()
    expect(setup.errors).toEqual([new Error('the mailer is broken')])
    expect(await loginOutcome(setup, EMAIL, NEW)).toBe('ok')
  })
})

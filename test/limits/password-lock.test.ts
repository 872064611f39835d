import type { AuthError } from '@latchkey/core'
import { describe, expect, it } from 'vitest'
import { settled } from '../support/problems.ts'
import { NEW_PASSWORD, requestReset } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp } from '../support/setup.ts'
import { importObjects } from '../support/transfer.ts'

const EMAIL = 'ada@example.com'

async function answerOf({ auth }: Setup, password: string, identifier = EMAIL): Promise<string> {
  return auth.login({ identifier, password }).then(
    () => 'in',
    ({ code }: AuthError) => code,
  )
}

async function fail(setup: Setup, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    expect(await answerOf(setup, 'a wrong password')).toBe('invalid_credentials')
  }
}

const noticesIn = ({ outbox }: Setup) =>
  outbox.messages.filter(({ kind }) => kind === 'password_locked').map(({ to }) => to)

describe('a password that was wrong 100 times in a row', () => {
  it('S026 works no more, and is answered like any that is wrong', async () => {
    const setup = setUp()
    await accountOf(setup)
    await fail(setup, 99)
    expect(await answerOf(setup, PASSWORD)).toBe('in')
    await fail(setup, 100)
    expect(await answerOf(setup, PASSWORD)).toBe('invalid_credentials')
    setup.clock.advance(30 * 24 * 3600)
    expect(await answerOf(setup, PASSWORD)).toBe('invalid_credentials')
  })

  it('S026 S036 has its owner told, once, and the audit log too', async () => {
    const setup = setUp()
    const { user } = await accountOf(setup)
    await fail(setup, 99)
    await settled(setup.auth)
    expect(noticesIn(setup)).toEqual([])
    await fail(setup, 10)
    await settled(setup.auth)
    expect(noticesIn(setup)).toEqual([EMAIL])
    const locked = setup.events.filter(({ type }) => type === 'password.locked')
    expect(locked.map(({ userId }) => userId)).toEqual([user.id])
    const reasons = setup.events.flatMap((event) =>
      event.type === 'login.failed' ? [event.reason] : [],
    )
    expect(reasons.slice(98, 102)).toEqual([
      'wrong_password',
      'wrong_password',
      'password_locked',
      'password_locked',
    ])
  })

  it('S028 is looked at 100 times, however many try at once', async () => {
    const passwords = { dangerouslyWeakCost: { memory: 8, passes: 1 }, maxQueue: 1000 }
    const setup = setUp({ passwords })
    await accountOf(setup)
    await Promise.all(Array.from({ length: 150 }, () => answerOf(setup, 'a wrong password')))
    await settled(setup.auth)
    const reasons = setup.events.flatMap((event) =>
      event.type === 'login.failed' ? [event.reason] : [],
    )
    expect(reasons.filter((reason) => reason === 'wrong_password')).toHaveLength(100)
    expect(reasons.filter((reason) => reason === 'password_locked')).toHaveLength(50)
    expect(noticesIn(setup)).toEqual([EMAIL])
  })

  it('S029 leaves sessions alone', async () => {
    const setup = setUp()
    const { session } = await accountOf(setup)
    await fail(setup, 101)
    const principal = await setup.auth.authenticate(session.accessToken)
    await setup.auth.refresh({ refreshToken: session.refreshToken })
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
    await setup.auth.changePassword(principal, change)
    expect(await answerOf(setup, NEW_PASSWORD)).toBe('in')
  })

  it('S026 is followed by another one, which a reset sets and which works at once', async () => {
    const setup = setUp()
    await accountOf(setup)
    await fail(setup, 120)
    const { token } = await requestReset(setup, EMAIL)
    await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
    expect(await answerOf(setup, NEW_PASSWORD)).toBe('in')
  })

  it('S026 works again when an administrator enables the account, or imports another one', async () => {
    const setup = setUp({ identifiers: ['username'] })
    const { auth } = setup
    const { id } = await auth.createUser({ username: 'ada', password: PASSWORD })
    const lock = async () => {
      for (let n = 0; n < 101; n += 1) await answerOf(setup, 'a wrong password', 'ada')
      expect(await answerOf(setup, PASSWORD, 'ada')).toBe('invalid_credentials')
    }
    await lock()
    expect((await auth.readUser('system', id)).failedLogins).toBeGreaterThan(100)
    expect((await auth.enableUser('system', id)).failedLogins).toBe(0)
    expect(await answerOf(setup, PASSWORD, 'ada')).toBe('in')
    await lock()
    const rows = [{ id, username: 'ada', password: NEW_PASSWORD }]
    const rules = { ifExists: 'update', updatePasswords: true } as const
    const report = await importObjects(auth, rows, rules)
    expect(report).toMatchObject({ updated: 1, refused: 0 })
    await settled(auth)
    expect(await answerOf(setup, NEW_PASSWORD, 'ada')).toBe('in')
  })

  it('S026 is no news to who guessed at an account that waits, and its activation begins anew', async () => {
    const setup = setUp()
    const { auth, outbox } = setup
    await auth.register({ email: EMAIL, password: PASSWORD })
    expect(await answerOf(setup, PASSWORD)).toBe('account_not_activated')
    await fail(setup, 100)
    expect(await answerOf(setup, PASSWORD)).toBe('invalid_credentials')
    const { code = '' } = await outbox.next('activate', EMAIL)
    await auth.activate({ identifier: EMAIL, code })
    expect(await answerOf(setup, PASSWORD)).toBe('in')
    await settled(auth)
    expect(noticesIn(setup)).toEqual([])
  })
})

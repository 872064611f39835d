import { describe, expect, it } from 'vitest'
import { registerAgain } from '../support/later-registrations.ts'
import { loginOutcome, outcome, recordOf, WITH_USERNAMES } from '../support/onboarding.ts'
import { requestReset } from '../support/recovery.ts'
import { PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

const EMAIL = 'ada@example.com'
const CHOSEN = 'the chosen password'
const DAY = 86_400

/** An address that waits, registered with a username once, or once more by somebody else. */
async function waiting(registrations: 1 | 2): Promise<Setup> {
  const setup = setUp(WITH_USERNAMES)
  await setup.auth.register({ email: EMAIL, username: 'Lovelace', password: PASSWORD })
  await setup.outbox.next('activate', EMAIL)
  setup.clock.advance(60)
  if (registrations === 2) await registerAgain(setup, EMAIL, 'the second password', 'countess')
  return setup
}

describe('a reset of an account that waits for its activation', () => {
  it('S016 S021 keeps the username of the only registration', async () => {
    const setup = await waiting(1)
    const { token } = await requestReset(setup, EMAIL)
    await setup.auth.resetPassword({ token, newPassword: CHOSEN })
    const { user } = await setup.auth.login({ identifier: 'lovelace', password: CHOSEN })
    expect(user).toMatchObject({ email: EMAIL, username: 'Lovelace', emailVerified: true })
  })

  it('S016 S021 keeps none where there are several: nobody can tell whose choice it was', async () => {
    const setup = await waiting(2)
    const { token } = await requestReset(setup, EMAIL)
    await setup.auth.resetPassword({ token, newPassword: CHOSEN })
    expect(await recordOf(setup, EMAIL)).toMatchObject({ username: null, usernameAsTyped: null })
    const { user } = await setup.auth.login({ identifier: EMAIL, password: CHOSEN })
    expect(user).toMatchObject({ email: EMAIL, username: null, emailVerified: true })
    for (const name of ['lovelace', 'countess']) {
      expect(await loginOutcome(setup, name, CHOSEN)).toBe('invalid_credentials')
    }
  })

  it('S016 frees the name that the account went without', async () => {
    const setup = await waiting(2)
    const { token } = await requestReset(setup, EMAIL)
    await setup.auth.resetPassword({ token, newPassword: CHOSEN })
    const other = { email: 'bob@example.com', username: 'lovelace', password: PASSWORD }
    expect(await outcome(setup.auth.register(other))).toBe('ok')
  })

  it('S016 leaves the name of an active account alone, however often it was registered', async () => {
    const setup = await waiting(1)
    const { id } = await recordOf(setup, EMAIL)
    await setup.auth.resendActivation({ identifier: EMAIL })
    const { link } = await setup.outbox.next('activate', EMAIL)
    await setup.auth.activate({ token: tokenIn(link) })
    for (const username of ['countess', 'stranger']) {
      await setup.auth.register({ email: EMAIL, username, password: 'of a stranger' })
      await setup.outbox.next('already_registered', EMAIL)
    }
    const { token } = await requestReset(setup, EMAIL)
    await setup.auth.resetPassword({ token, newPassword: CHOSEN })
    expect((await setup.store.users.find(id))?.usernameAsTyped).toBe('Lovelace')
  })
})

describe('an account that is about to be forgotten', () => {
  const links: readonly {
    name: string
    ask(setup: Setup): Promise<unknown>
    kind: 'activate_again' | 'reset_password'
  }[] = [
    {
      name: 'registered again',
      ask: ({ auth }) => auth.register({ email: EMAIL, password: PASSWORD }),
      kind: 'activate_again',
    },
    {
      name: 'asked to be activated',
      ask: ({ auth }) => auth.resendActivation({ identifier: EMAIL }),
      kind: 'reset_password',
    },
    {
      name: 'asked for another password',
      ask: ({ auth }) => auth.forgotPassword({ identifier: EMAIL }),
      kind: 'reset_password',
    },
  ]

  /** The account, a minute before its end. */
  async function old(): Promise<Setup> {
    const setup = setUp()
    await setup.auth.register({ email: EMAIL, password: PASSWORD })
    setup.clock.advance(7 * DAY - 60)
    return setup
  }

  it('S019 is forgotten when nobody does anything', async () => {
    const setup = await old()
    setup.clock.advance(120)
    await setup.auth.prune()
    expect(await setup.store.users.findByIdentifier({ kind: 'email', value: EMAIL })).toBeNull()
  })

  it.each(links)('S019 lives on when it is $name, to the last second of the link', async (link) => {
    const setup = await old()
    await link.ask(setup)
    const message = await setup.outbox.next(link.kind, EMAIL)
    setup.clock.advance(120)
    await setup.auth.prune()
    setup.clock.advance(
      ((message.expiresAt?.getTime() ?? 0) - setup.clock.now().getTime()) / 1000 - 1,
    )
    await setup.auth.prune()
    const token = tokenIn(message.link)
    const use =
      link.kind === 'activate_again'
        ? setup.auth.activate({ token })
        : setup.auth.resetPassword({ token, newPassword: CHOSEN })
    expect(await outcome(use)).toBe('ok')
    expect((await recordOf(setup, EMAIL)).status).toBe('active')
  })

  it.each(links)('S019 lives no longer for it than a new one: $name', async (link) => {
    const setup = await old()
    await link.ask(setup)
    await setup.auth.close()
    setup.clock.advance(7 * DAY)
    await setup.auth.prune()
    expect((await recordOf(setup, EMAIL)).status).toBe('pending')
    setup.clock.advance(1)
    await setup.auth.prune()
    expect(await setup.store.users.findByIdentifier({ kind: 'email', value: EMAIL })).toBeNull()
  })
})

import type { AuthOptions, Message } from '@latchkey/core'
import { createOutbox } from '@latchkey/core/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { NEW_PASSWORD } from '../support/recovery.ts'
import { accountOf, PASSWORD, type Setup, setUp, tokenIn } from '../support/setup.ts'

const ADA = 'ada@example.com'

/** A listener that fails: at once, or later. */
const failures = [
  {
    name: 'throws',
    fail: (): void => {
      throw new Error('the listener failed')
    },
  },
  { name: 'rejects', fail: (): Promise<void> => Promise.reject(new Error('the listener failed')) },
]

/** Each flow, with what comes before it, the messages that it sends and the events that it tells. */
interface Flow {
  readonly name: string
  readonly messages: number
  readonly events: number
  run(setup: Setup): Promise<() => Promise<unknown>>
}

const register = ({ auth }: Setup) => auth.register({ email: ADA, password: PASSWORD })

/** Ada, let in, and what she does next. */
function account(act: (setup: Setup, ada: Ada) => Promise<unknown>): Flow['run'] {
  return async (setup) => {
    const { session } = await accountOf(setup)
    const principal = await setup.auth.authenticate(session.accessToken)
    return () => act(setup, { ...session, principal })
  }
}

type Ada = Awaited<ReturnType<typeof accountOf>>['session'] & {
  readonly principal: Awaited<ReturnType<Setup['auth']['authenticate']>>
}

const flows: readonly Flow[] = [
  { name: 'register', messages: 1, events: 1, run: async (setup) => () => register(setup) },
  {
    name: 'register an address that waits for its activation',
    messages: 1,
    events: 1,
    async run(setup) {
      await register(setup)
      return () => register(setup)
    },
  },
  {
    name: 'register an address that has an owner',
    messages: 1,
    events: 1,
    run: account((setup) => register(setup)),
  },
  {
    name: 'activate',
    messages: 0,
    events: 1,
    async run(setup) {
      await register(setup)
      const token = await newestToken(setup)
      return () => setup.auth.activate({ token })
    },
  },
  {
    name: 'resendActivation',
    messages: 1,
    events: 1,
    async run(setup) {
      await register(setup)
      return () => setup.auth.resendActivation({ identifier: ADA })
    },
  },
  {
    name: 'resendActivation to an account that is open',
    messages: 1,
    events: 0,
    run: account(({ auth }) => auth.resendActivation({ identifier: ADA })),
  },
  {
    name: 'login',
    messages: 0,
    events: 1,
    run: account(({ auth }) => auth.login({ identifier: ADA, password: PASSWORD })),
  },
  {
    name: 'login after many failures',
    messages: 1,
    events: 1,
    async run(setup) {
      const { store, auth } = setup
      await accountOf(setup)
      for (let n = 0; n < 5; n += 1) {
        await store.users.countFailedLogin({ kind: 'email', value: ADA })
      }
      return () => auth.login({ identifier: ADA, password: PASSWORD })
    },
  },
  {
    name: 'refresh',
    messages: 0,
    events: 1,
    run: account(({ auth }, { refreshToken }) => auth.refresh({ refreshToken })),
  },
  {
    name: 'logout',
    messages: 0,
    events: 1,
    run: account(({ auth }, { accessToken }) => auth.logout(accessToken)),
  },
  {
    name: 'revoke',
    messages: 0,
    events: 1,
    run: account(({ auth }, { refreshToken }) => auth.revoke({ token: refreshToken })),
  },
  {
    name: 'changePassword',
    messages: 1,
    events: 2,
    run: account(({ auth }, { principal }) =>
      auth.changePassword(principal, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }),
    ),
  },
  {
    name: 'forgotPassword',
    messages: 1,
    events: 1,
    run: account(({ auth }) => auth.forgotPassword({ identifier: ADA })),
  },
  {
    name: 'resetPassword',
    messages: 1,
    events: 1,
    async run(setup) {
      await accountOf(setup)
      await setup.auth.forgotPassword({ identifier: ADA })
      const token = await newestToken(setup)
      return () => setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
    },
  },
  {
    name: 'updateAccount',
    messages: 1,
    events: 1,
    run: account(({ auth }, { principal }) =>
      auth.updateAccount(principal, { username: 'ada', currentPassword: PASSWORD }),
    ),
  },
  {
    name: 'changeEmail',
    messages: 2,
    events: 1,
    run: account(({ auth }, { principal }) =>
      auth.changeEmail(principal, { email: 'new@example.com', currentPassword: PASSWORD }),
    ),
  },
  {
    name: 'confirmEmail',
    messages: 1,
    events: 1,
    async run(setup) {
      const { session } = await accountOf(setup)
      const principal = await setup.auth.authenticate(session.accessToken)
      const change = { email: 'new@example.com', currentPassword: PASSWORD }
      await setup.auth.changeEmail(principal, change)
      await setup.auth.close()
      const link = setup.outbox.messages.find(({ kind }) => kind === 'change_email')?.link
      return () => setup.auth.confirmEmail(principal, { token: tokenIn(link) })
    },
  },
  {
    name: 'deleteAccount',
    messages: 1,
    events: 1,
    run: account(({ auth }, { principal }) =>
      auth.deleteAccount(principal, { currentPassword: PASSWORD }),
    ),
  },
  {
    name: 'inviteUser',
    messages: 1,
    events: 2,
    run:
      async ({ auth }) =>
      () =>
        auth.inviteUser('system', { email: ADA }),
  },
  {
    name: 'endSession',
    messages: 0,
    events: 1,
    run: account(({ auth }, { principal, sessionId }) => auth.endSession(principal, sessionId)),
  },
  {
    name: 'endOtherSessions',
    messages: 0,
    events: 1,
    run: account(({ auth }, { principal }) => auth.endOtherSessions(principal)),
  },
]

/** The token of the newest message, once nothing is left to do. */
async function newestToken({ auth, outbox }: Setup): Promise<string> {
  await auth.close()
  return tokenIn(outbox.messages.at(-1)?.link)
}

const withOptionalUsernames = {
  identifiers: ['email', 'username'],
  optionalIdentifiers: ['username'],
} satisfies Partial<AuthOptions>

/** Runs the flow with these options, and resolves what it reported. */
async function errorsOf(
  flow: Flow,
  options: Partial<AuthOptions>,
  outbox = createOutbox(),
  listen = (_setup: Setup): unknown => null,
): Promise<readonly unknown[]> {
  const setup = setUp({ ...withOptionalUsernames, mailer: outbox.send, ...options })
  listen(setup)
  const act = await flow.run({ ...setup, outbox })
  await setup.auth.close()
  setup.errors.length = 0
  await act()
  await setup.auth.close()
  return setup.errors
}

const failure = expect.objectContaining({ message: 'the listener failed' })

describe.each(failures)('S103 a listener that $name', ({ fail }) => {
  it.each(flows)('$name: a mailer is reported, not felt', async (flow) => {
    const outbox = createOutbox()
    // The message is out before the mailer fails, so that the test can read it.
    const mailer = (message: Message) => {
      outbox.send(message)
      return fail()
    }
    const errors = await errorsOf(flow, { mailer }, outbox)
    expect(errors).toEqual(Array.from({ length: flow.messages }, () => failure))
  })

  it.each(flows)('$name: a listener to events is reported, not felt', async (flow) => {
    const listen = ({ auth }: Setup) => auth.on('*', fail)
    const errors = await errorsOf(flow, {}, createOutbox(), listen)
    expect(errors).toEqual(Array.from({ length: flow.events }, () => failure))
  })

  it('a listener to errors is not felt', async () => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listen)
    onTestFinished(() => void process.off('unhandledRejection', listen))
    const setup = setUp({ onError: fail })
    setup.auth.on('*', fail)
    await accountOf(setup)
    await setup.auth.close()
    // Hashing takes a turn of the event loop, at whose end Node tells of what nobody handled.
    await setup.auth.login({ identifier: ADA, password: PASSWORD })
    expect(unhandled).toEqual([])
  })
})

import { type Auth, AuthError, createAuth } from '@latchkey/core'
import { weakPasswords } from '@latchkey/core/testing'
import { sqlStore } from '@latchkey/sql-store'
import type { Answer, Call, Order, Report, Verb } from './protocol.ts'

// A node on the database whose URL is given. The test speaks to it over the channel between the two processes.
const [, , url = ''] = process.argv

const tell = (report: Report) => void process.send?.(report)

const store = sqlStore({ url })
const auth = createAuth({
  secret: 'a-secret-for-tests-0123456789-abcdefghijk',
  store,
  origin: 'https://app.example',
  passwords: { ...weakPasswords, maxQueue: 200 },
  limits: { dangerouslyOff: true },
  // A race opens more than a user may have by default, and would end the session that another call stands on.
  sessions: { maxPerUser: 1000 },
  maintenance: false,
  mailer: (message) => tell({ type: 'message', message }),
  onError: (error, what) => tell({ type: 'failure', failure: `${what}: ${causeOf(error)}` }),
})
auth.on('*', (event) => tell({ type: 'event', event }))

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? causeOf(error.cause) : error
}

type Input = Call['input']
type Member<Flow extends keyof Auth> = Auth[Flow] extends (input: infer In) => unknown ? In : never

/** The flows check their inputs themselves. */
const as = <Flow extends keyof Auth>(input: Input) => input as unknown as Member<Flow>

const verbs: Record<Verb, (input: Input) => Promise<unknown>> = {
  register: (input) => auth.register(as<'register'>(input)),
  createUser: (input) => auth.createUser(as<'createUser'>(input)),
  activate: (input) => auth.activate(input),
  login: (input) => auth.login(as<'login'>(input)),
  authenticate: ({ accessToken = '' }) => auth.authenticate(accessToken),
  refresh: ({ refreshToken = '' }) => auth.refresh({ refreshToken }),
  logout: ({ token = '' }) => auth.logout(token),
  async changePassword({ accessToken = '', currentPassword = '', newPassword = '' }) {
    const principal = await auth.authenticate(accessToken)
    return auth.changePassword(principal, { currentPassword, newPassword })
  },
  forgotPassword: (input) => auth.forgotPassword(as<'forgotPassword'>(input)),
  resetPassword: (input) => auth.resetPassword(as<'resetPassword'>(input)),
  take: ({ linkHash = '' }) => store.oneTimeTokens.take(linkHash, 'reset_password', new Date()),
  tryCode: ({ userId = '' }) => store.oneTimeTokens.tryCode(userId, 'reset_password', new Date()),
}

const now = () => performance.timeOrigin + performance.now()

async function answer({ verb, input }: Call): Promise<Answer> {
  const began = now()
  try {
    const value = await verbs[verb](input)
    return { code: 'ok', value, began, ended: now() }
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    return { code: error.code, value: null, began, ended: now() }
  }
}

let calls: readonly Call[] = []

process.on('message', async (order: Order) => {
  if (order.type === 'prepare') {
    calls = order.calls
    tell({ type: 'ready' })
    return
  }
  // Timers are too rough: the other may have done it all within a few milliseconds.
  while (now() < order.at);
  const answers = await Promise.all(calls.map(answer))
  // Waits for what no answer waits for. The node works on.
  await auth.close()
  tell({ type: 'answers', answers })
})
// The database would keep it alive.
process.on('disconnect', () => process.exit())

// Else those that have to wait for a connection to open would start when the first are done.
await Promise.all(Array.from({ length: 10 }, () => store.ready()))
tell({ type: 'ready' })

import { EVE, invite } from '../../support/invitations.ts'
import { register } from '../../support/onboarding.ts'
import { accountOf, PASSWORD, type Setup, tokenIn } from '../../support/setup.ts'

/** A request that goes through when nothing fails. */
export interface FlowRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: object
  readonly bearer?: string
}

/** A flow of the HTTP surface. */
export interface HttpFlow {
  readonly name: string
  /** What it is answered when nothing fails. */
  readonly status: number
  /** Whether it makes or compares a hash. */
  readonly hashes?: true
  /** Whether it sends a message. */
  readonly sends?: true
  /** All that happened before. */
  prepare(setup: Setup): Promise<FlowRequest>
}

export const ADA = 'ada@example.com'
export const NEW_PASSWORD = 'another fine password'
const NEW_EMAIL = 'ada@example.org'

function post(path: string, body: object = {}, bearer?: string): FlowRequest {
  return { method: 'POST', path: `/auth${path}`, body, ...(bearer !== undefined && { bearer }) }
}

/** The access token of an administrator, and the id of Ada, who is none. */
async function office(setup: Setup) {
  const { user } = await accountOf(setup)
  const email = 'root@example.com'
  await setup.auth.createUser({ email, password: PASSWORD, roles: ['admin'] })
  const { accessToken } = await setup.auth.login({ identifier: email, password: PASSWORD })
  return { bearer: accessToken, ada: user.id }
}

async function ownSession(setup: Setup) {
  const { session } = await accountOf(setup)
  return session
}

/** From the opening of an account to its end, and what administrators do with it. */
export const httpFlows: readonly HttpFlow[] = [
  {
    name: 'registering',
    status: 202,
    hashes: true,
    sends: true,
    prepare: async () => post('/register', { email: ADA, password: PASSWORD }),
  },
  {
    name: 'registering an address that is taken',
    status: 202,
    hashes: true,
    sends: true,
    async prepare(setup) {
      await accountOf(setup)
      return post('/register', { email: ADA, password: NEW_PASSWORD })
    },
  },
  {
    name: 'activating',
    status: 200,
    async prepare(setup) {
      const { token } = await register(setup, ADA)
      return post('/activate', { token })
    },
  },
  {
    name: 'asking for the activation again',
    status: 202,
    sends: true,
    async prepare(setup) {
      await register(setup, ADA)
      return post('/activate/resend', { identifier: ADA })
    },
  },
  {
    name: 'logging in',
    status: 200,
    hashes: true,
    async prepare(setup) {
      await accountOf(setup)
      return post('/login', { identifier: ADA, password: PASSWORD })
    },
  },
  {
    name: 'refreshing',
    status: 200,
    async prepare(setup) {
      const { refreshToken } = await ownSession(setup)
      return post('/refresh', { refreshToken })
    },
  },
  {
    name: 'logging out',
    status: 204,
    async prepare(setup) {
      const { refreshToken } = await ownSession(setup)
      return post('/logout', { refreshToken })
    },
  },
  {
    name: 'using a protected route',
    status: 200,
    async prepare(setup) {
      const { accessToken } = await ownSession(setup)
      return { method: 'GET', path: '/protected', bearer: accessToken }
    },
  },
  {
    name: 'changing the password',
    status: 200,
    hashes: true,
    sends: true,
    async prepare(setup) {
      const { accessToken } = await ownSession(setup)
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }
      return post('/password/change', body, accessToken)
    },
  },
  {
    name: 'forgetting the password',
    status: 202,
    sends: true,
    async prepare(setup) {
      await accountOf(setup)
      return post('/password/forgot', { identifier: ADA })
    },
  },
  {
    name: 'resetting the password',
    status: 204,
    hashes: true,
    sends: true,
    async prepare(setup) {
      await accountOf(setup)
      await setup.auth.forgotPassword({ identifier: ADA })
      const { link } = await setup.outbox.next('reset_password', ADA)
      return post('/password/reset', { token: tokenIn(link), newPassword: NEW_PASSWORD })
    },
  },
  {
    name: 'asking for another address',
    status: 202,
    hashes: true,
    sends: true,
    async prepare(setup) {
      const { accessToken } = await ownSession(setup)
      return post('/email/change', { email: NEW_EMAIL, currentPassword: PASSWORD }, accessToken)
    },
  },
  {
    name: 'confirming another address',
    status: 200,
    sends: true,
    async prepare(setup) {
      const { accessToken } = await ownSession(setup)
      const principal = await setup.auth.authenticate(accessToken)
      const change = { email: NEW_EMAIL, currentPassword: PASSWORD }
      await setup.auth.changeEmail(principal, change)
      const { link } = await setup.outbox.next('change_email', NEW_EMAIL)
      return post('/email/confirm', { token: tokenIn(link) }, accessToken)
    },
  },
  {
    name: 'deleting the own account',
    status: 200,
    hashes: true,
    sends: true,
    async prepare(setup) {
      const { accessToken: bearer } = await ownSession(setup)
      return { method: 'DELETE', path: '/auth/me', body: { currentPassword: PASSWORD }, bearer }
    },
  },
  {
    name: 'inviting somebody',
    status: 201,
    sends: true,
    async prepare(setup) {
      const { bearer } = await office(setup)
      return post('/users', { email: EVE }, bearer)
    },
  },
  {
    name: 'accepting an invitation',
    status: 200,
    hashes: true,
    async prepare(setup) {
      const { token } = await invite(setup)
      return post('/invitation/accept', { token, password: PASSWORD })
    },
  },
  {
    name: 'disabling an account',
    status: 200,
    async prepare(setup) {
      const { ada, bearer } = await office(setup)
      return post(`/users/${ada}/disable`, {}, bearer)
    },
  },
  {
    name: 'listing accounts',
    status: 200,
    async prepare(setup) {
      const { bearer } = await office(setup)
      return { method: 'GET', path: '/auth/users', bearer }
    },
  },
]

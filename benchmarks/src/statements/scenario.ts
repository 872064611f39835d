import assert from 'node:assert/strict'
import type { Principal, Store } from '@latchkey/core'
import { buildRuntime } from '../../../packages/core/src/config.ts'
import type { Context } from '../../../packages/core/src/context.ts'
import { eventLog } from '../../../packages/core/src/event-log.ts'
import { activate } from '../../../packages/core/src/flows/activate.ts'
import { authenticate } from '../../../packages/core/src/flows/authenticate.ts'
import { changePassword } from '../../../packages/core/src/flows/change-password.ts'
import { forgotPassword } from '../../../packages/core/src/flows/forgot-password.ts'
import { login } from '../../../packages/core/src/flows/login.ts'
import { logout } from '../../../packages/core/src/flows/logout.ts'
import { refresh } from '../../../packages/core/src/flows/refresh.ts'
import { register } from '../../../packages/core/src/flows/register.ts'
import { resetPassword } from '../../../packages/core/src/flows/reset-password.ts'
import type { MessageDraft } from '../../../packages/core/src/messages.ts'
import type { IssuedSession } from '../../../packages/core/src/sessions.ts'
import { benchOptions, PASSWORD } from '../accounts.ts'

const EMAIL = 'ada@example.com'
const client = { ip: '192.0.2.10', userAgent: 'benchmark' }

/** A context in which the work that no answer waits for waits to be told. */
export interface HeldContext {
  readonly ctx: Context
  readonly sent: MessageDraft[]
  /** Does the work. */
  release(): Promise<void>
}

export function heldContext(store: Store): HeldContext {
  const { ctx } = buildRuntime(benchOptions({ store }))
  const held: (() => Promise<unknown>)[] = []
  const sent: MessageDraft[] = []
  const later: Context['later'] = (_, work) => {
    held.push(work)
  }
  return {
    ctx: {
      ...ctx,
      later,
      emit: eventLog({ ...ctx, later }, () => {}),
      send: (draft) => {
        sent.push(draft)
      },
    },
    sent,
    async release() {
      for (let work = held.shift(); work !== undefined; work = held.shift()) await work()
    },
  }
}

/** The life of an account, flow by flow. Each must be run in turn. */
export function scenario({
  ctx,
  sent,
}: HeldContext): Readonly<Record<string, () => Promise<void>>> {
  let session: IssuedSession | null = null
  let principal: Principal | null = null
  const current = () => {
    assert(session)
    return session
  }
  const enter = async () => {
    const { session: opened } = await login(ctx, { identifier: EMAIL, password: PASSWORD }, client)
    session = opened
  }
  // What memory tells costs nothing.
  const see = async () => {
    principal = await authenticate(ctx, current().accessToken, 'strict')
  }
  return {
    register: () => register(ctx, { email: EMAIL, password: PASSWORD }, client),
    async activate() {
      await activate(ctx, { token: tokenOf(sent, 'activate') }, client)
    },
    login: enter,
    'authenticate, first sight of a token': see,
    'authenticate, strictly, a token again': see,
    async refresh() {
      session = await refresh(ctx, { refreshToken: current().refreshToken }, client)
    },
    async 'change password'() {
      assert(principal)
      const passwords = { currentPassword: PASSWORD, newPassword: `${PASSWORD} 2` }
      session = await changePassword(ctx, principal, passwords, client)
    },
    logout: () => logout(ctx, current().refreshToken, client),
    'forgot password': () => forgotPassword(ctx, { identifier: EMAIL }, client),
    async 'reset password'() {
      const token = tokenOf(sent, 'reset_password')
      await resetPassword(ctx, { token, newPassword: PASSWORD }, client)
    },
  }
}

function tokenOf(sent: readonly MessageDraft[], kind: MessageDraft['kind']): string {
  const draft = sent.findLast((message) => message.kind === kind)
  assert(draft && 'token' in draft)
  return draft.token
}

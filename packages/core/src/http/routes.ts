import * as z from 'zod'
import { AuthError } from '../errors.ts'
import { activate, activateInput } from '../flows/activate.ts'
import { changePassword, changePasswordInput } from '../flows/change-password.ts'
import { endOtherSessions } from '../flows/end-other-sessions.ts'
import { endSession } from '../flows/end-session.ts'
import { forgotPassword, forgotPasswordInput } from '../flows/forgot-password.ts'
import { listSessions } from '../flows/list-sessions.ts'
import { loadUser } from '../flows/load-user.ts'
import { login, loginInput } from '../flows/login.ts'
import { logout } from '../flows/logout.ts'
import { refresh, refreshInput } from '../flows/refresh.ts'
import { register, registerInput } from '../flows/register.ts'
import { resendActivation, resendActivationInput } from '../flows/resend-activation.ts'
import { resetPassword, resetPasswordInput } from '../flows/reset-password.ts'
import { revoke, revokeInput } from '../flows/revoke.ts'
import type { IssuedSession } from '../sessions.ts'
import { shownSession, shownTokens, shownUser } from '../shown.ts'
import { MINUTE } from '../time.ts'
import { isEmpty, readJson, readJsonOrForm } from './body.ts'
import { basicOf, bearerOf } from './credential.ts'
import { empty, json } from './reply.ts'
import type { PlainRequest, Reply } from './request.ts'
import { open, own, ownWith, type Route } from './route.ts'

const logoutInput = z.strictObject({ refreshToken: z.string().max(4096) })

/** ASVS 5.0, 7.5.2: ending all other sessions needs a login at most this old. */
const RECENT = { maxAge: 15 * MINUTE }

/** The HTTP surface, all of it. */
export const routes: readonly Route[] = [
  open('POST', '/register', registerInput, async (ctx, input, { client }) => {
    await register(ctx, input, client)
    return empty(202)
  }),
  open('POST', '/activate', activateInput, async (ctx, input, { client }) =>
    json(200, { user: shownUser(await activate(ctx, input, client)) }),
  ),
  open('POST', '/activate/resend', resendActivationInput, async (ctx, input) => {
    await resendActivation(ctx, input)
    return empty(202)
  }),
  open(
    'POST',
    '/login',
    loginInput,
    async (ctx, input, { client }) => started((await login(ctx, input, client)).session),
    basicOrBody,
  ),
  open(
    'POST',
    '/refresh',
    refreshInput,
    async (ctx, input, { client }) => json(200, shownTokens(await refresh(ctx, input, client))),
    bearerOrBody,
  ),
  open(
    'POST',
    '/logout',
    logoutInput,
    async (ctx, input, { client }) => {
      await logout(ctx, input.refreshToken, client)
      return empty(204)
    },
    bearerOrBody,
  ),
  open(
    'POST',
    '/revoke',
    revokeInput,
    async (ctx, input, { client }) => {
      await revoke(ctx, input, client)
      return json(200, {})
    },
    readJsonOrForm,
  ),
  ownWith('POST', '/password/change', changePasswordInput, async (ctx, principal, input, call) =>
    started(await changePassword(ctx, principal, input, call.client)),
  ),
  open('POST', '/password/forgot', forgotPasswordInput, async (ctx, input, { client }) => {
    await forgotPassword(ctx, input, client)
    return empty(202)
  }),
  open('POST', '/password/reset', resetPasswordInput, async (ctx, input, { client }) => {
    await resetPassword(ctx, input, client)
    return empty(204)
  }),
  own('GET', '/me', {}, async (ctx, principal) =>
    json(200, shownUser(await loadUser(ctx, principal))),
  ),
  own('GET', '/sessions', {}, async (ctx, principal) => {
    const sessions = await listSessions(ctx, principal)
    return json(200, {
      sessions: sessions.map((session) => shownSession(session, principal.session.id)),
    })
  }),
  own('DELETE', '/sessions', RECENT, async (ctx, principal, { client }) => {
    await endOtherSessions(ctx, principal, client)
    return empty(204)
  }),
  own('DELETE', '/sessions/:id', {}, async (ctx, principal, { client, id }) => {
    await endSession(ctx, principal, id, client)
    return empty(204)
  }),
]

function started(issued: IssuedSession): Reply {
  return json(200, { user: shownUser(issued.user), ...shownTokens(issued) })
}

/** Name and password in the header or in the body, not in both (S050). */
async function basicOrBody(request: PlainRequest): Promise<object> {
  const basic = basicOf(request)
  if (basic === null) return readJson(request)
  if (!(await isEmpty(request))) throw new AuthError('invalid_request')
  return basic
}

/** A token in the header or in the body, not in both (S050). */
async function bearerOrBody(request: PlainRequest): Promise<object> {
  const token = bearerOf(request)
  const body = request.body === null ? {} : await readJson(request)
  if (token !== null && 'refreshToken' in body) throw new AuthError('invalid_request')
  if (token === null && Object.keys(body).length === 0) throw new AuthError('unauthenticated')
  return token === null ? body : { ...body, refreshToken: token }
}

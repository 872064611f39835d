import * as z from 'zod'
import { endOtherSessions } from '../flows/end-other-sessions.ts'
import { endSession } from '../flows/end-session.ts'
import { listSessions } from '../flows/list-sessions.ts'
import { login, loginInput } from '../flows/login.ts'
import { logout } from '../flows/logout.ts'
import { refresh, refreshInput } from '../flows/refresh.ts'
import { revoke, revokeInput } from '../flows/revoke.ts'
import { once } from '../once.ts'
import { RECENT_LOGIN } from '../reauthentication.ts'
import { shownSession } from '../shown.ts'
import { emptySchema, nothing, ok, sessionSchema } from './answer.ts'
import { basicOrBody, bearerOrBody, type Door, jsonOrForm } from './door.ts'
import { open, own, type Route } from './route.ts'
import { sessionGoesOn, sessionStarts } from './session-answer.ts'

const logoutInput = once(() => z.strictObject({ refreshToken: z.string().max(4096) }))

const sessionsSchema = once(() => z.object({ sessions: z.array(sessionSchema()) }))

/** Sessions, from the login to the logout. */
export const sessionRoutes: readonly Route[] = [
  open({
    method: 'POST',
    path: '/login',
    operation: 'login',
    summary: 'Log in, by a body or by HTTP Basic',
    input: loginInput,
    door: basicOrBody,
    answers: sessionStarts('The new session.'),
    refusals: ['invalid_credentials', 'account_not_activated', 'overloaded'],
    handle: async (ctx, input, { client }) => (await login(ctx, input, client)).session,
  }),
  open({
    method: 'POST',
    path: '/refresh',
    operation: 'refresh',
    summary: 'Get the next pair of tokens, by a body or with the refresh token as bearer',
    input: refreshInput,
    door: bearerOrBody('refreshToken'),
    answers: sessionGoesOn('The next tokens of the session.'),
    handle: (ctx, input, { client }) => refresh(ctx, input, client),
  }),
  open({
    method: 'POST',
    path: '/logout',
    operation: 'logout',
    summary: 'End the session of an access or refresh token',
    input: logoutInput,
    door: bearerOrBody('accessToken', 'refreshToken'),
    answers: nothing(204, 'The session has ended, now or before.'),
    handle: (ctx, input, { client }) => logout(ctx, input.refreshToken, client),
  }),
  revokeRoute('Revoke a token, and with it its session (RFC 7009)', jsonOrForm),
  own({
    method: 'GET',
    path: '/sessions',
    operation: 'listSessions',
    summary: 'List the own sessions, newest first',
    consistency: 'feed',
    answers: ok(sessionsSchema, 'The live sessions.'),
    async handle(ctx, principal) {
      const sessions = await listSessions(ctx, principal)
      return { sessions: sessions.map((one) => shownSession(one, principal.session.id)) }
    },
  }),
  own({
    method: 'DELETE',
    path: '/sessions',
    operation: 'endOtherSessions',
    summary: 'End all own sessions but this one',
    maxAge: RECENT_LOGIN,
    answers: nothing(204, 'The others have ended.'),
    refusals: ['forbidden'],
    handle: (ctx, principal, { client }) => endOtherSessions(ctx, principal, client),
  }),
  own({
    method: 'DELETE',
    path: '/sessions/:id',
    operation: 'endSession',
    summary: 'End one of the own sessions',
    answers: nothing(204, 'The session has ended.'),
    refusals: ['not_found', 'forbidden'],
    handle: (ctx, principal, { client, id }) => endSession(ctx, principal, id, client),
  }),
]

/** Takes a token of either kind. Not every mount reads a form. */
export function revokeRoute(summary: string, door: Door): Route {
  return open({
    method: 'POST',
    path: '/revoke',
    operation: 'revoke',
    summary,
    input: revokeInput,
    door,
    answers: ok(emptySchema, 'The token is not valid, now or ever.'),
    async handle(ctx, input, { client }) {
      await revoke(ctx, input, client)
      return {}
    },
  })
}

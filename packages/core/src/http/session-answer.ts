import * as z from 'zod'
import type { Context } from '../context.ts'
import { once } from '../once.ts'
import type { IssuedSession } from '../sessions.ts'
import { type ShownCookieSession, shownCookieSession, shownTokens, shownUser } from '../shown.ts'
import { csrfTokenFor } from '../tokens/csrf-token.ts'
import type { Transport } from '../transport.ts'
import { type Answer, startedSchema, tokensSchema, userSchema } from './answer.ts'
import { json } from './reply.ts'
import type { Reply } from './request.ts'
import { sessionCookies } from './session-cookies.ts'

const csrfToken = () => z.string().meta({ description: 'For the header `x-csrf-token`.' })

/** What a client gets when a session goes on whose tokens are in cookies. */
export const cookieSessionSchema = once(
  () =>
    z.object({
      expiresIn: tokensSchema().shape.expiresIn,
      sessionId: z.guid(),
      csrfToken: csrfToken(),
    }) satisfies z.ZodType<ShownCookieSession>,
)

/** A session that has begun in cookies, and whose it is. */
export const cookieStartSchema = once(() =>
  z.object({ user: userSchema(), ...cookieSessionSchema().shape }),
)

/** The CSRF token of a session. */
export const csrfSchema = once(() => z.object({ csrfToken: csrfToken() }))

/** 200, with a session that begins. Its tokens travel as the mount says. */
export function sessionStarts(description: string): Answer<IssuedSession> {
  const schemas = { bearer: startedSchema, header: startedSchema, cookie: cookieStartSchema }
  const reply = (issued: IssuedSession, ctx: Context, transport: Transport) =>
    replyWith(issued, ctx, transport, { user: shownUser(ctx, issued.user) })
  return { status: 200, description, schema: null, session: { schemas, reply } }
}

/** 200, with the next tokens of a session. */
export function sessionGoesOn(description: string): Answer<IssuedSession> {
  const schemas = { bearer: tokensSchema, header: tokensSchema, cookie: cookieSessionSchema }
  const reply = (issued: IssuedSession, ctx: Context, transport: Transport) =>
    replyWith(issued, ctx, transport, {})
  return { status: 200, description, schema: null, session: { schemas, reply } }
}

function replyWith(issued: IssuedSession, ctx: Context, transport: Transport, more: object): Reply {
  if (transport !== 'cookie') return json(200, { ...more, ...shownTokens(issued) })
  const token = csrfTokenFor(ctx, issued.session.id)
  const body = { ...more, ...shownCookieSession(issued, token) }
  return { ...json(200, body), setCookies: sessionCookies(ctx, issued, token) }
}

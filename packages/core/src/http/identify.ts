import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import { authenticate, type Consistency } from '../flows/authenticate.ts'
import { renew } from '../flows/refresh.ts'
import { type Principal, principalOf } from '../principal.ts'
import { csrfTokenFor } from '../tokens/csrf-token.ts'
import type { Transport } from '../transport.ts'
import { bearerOf } from './credential.ts'
import { checkCsrfToken, checkOrigin, isUnsafe } from './csrf.ts'
import type { RequestHead } from './request.ts'
import { cookiesOf, type SessionCookies, sessionCookies } from './session-cookies.ts'
import { renewByCookie } from './session-renewal.ts'
import { withHeaderAsBearer } from './token-headers.ts'

/** Who makes a request, and the cookies with which its answer has to go out. */
export interface Identity {
  readonly principal: Principal
  readonly setCookies: readonly string[]
}

/** How tokens travel, and how fresh the word on them has to be. */
export interface Means {
  readonly transport: Transport
  readonly consistency: Consistency
}

/** Says who makes a request by what it carries in one of the ways of the transport; `null` where it carries nothing. */
export function identify(
  ctx: Context,
  request: RequestHead,
  { transport, consistency }: Means,
): Promise<Identity | null> {
  return ways[transport](ctx, request, consistency)
}

type Way = (
  ctx: Context,
  request: RequestHead,
  consistency: Consistency,
) => Promise<Identity | null>

const ways: Readonly<Record<Transport, Way>> = {
  bearer: byBearer,
  header: async (ctx, request, consistency) =>
    byBearer(ctx, withHeaderAsBearer(ctx.settings, request, ['accessToken']), consistency),
  async cookie(ctx, request, consistency) {
    const cookies = cookiesOf(ctx.settings, request)
    const isEmpty = cookies.accessToken === null && cookies.refreshToken === null
    return isEmpty
      ? byBearer(ctx, request, consistency)
      : byCookies(ctx, request, { ...cookies, consistency })
  },
}

async function byBearer(
  ctx: Context,
  request: Pick<RequestHead, 'header'>,
  consistency: Consistency,
): Promise<Identity | null> {
  const token = bearerOf(request)
  if (token === null) return null
  return { principal: await authenticate(ctx, token, consistency), setCookies: [] }
}

/** An access token that is over is renewed on the way, whatever the method; the answer has the next cookies. */
async function byCookies(
  ctx: Context,
  request: RequestHead,
  { accessToken, refreshToken, consistency }: SessionCookies & Pick<Means, 'consistency'>,
): Promise<Identity> {
  if (request.header('authorization') !== null) throw new AuthError('invalid_request')
  if (isUnsafe(request)) checkOrigin(ctx.settings, request)
  try {
    return {
      principal: await byAccessToken(ctx, request, accessToken, consistency),
      setCookies: [],
    }
  } catch (error) {
    if (!isOver(error) || refreshToken === null) throw error
    const issued = await renewByCookie(ctx, request, refreshToken, renew)
    const csrfToken = csrfTokenFor(ctx, issued.session.id)
    return {
      principal: principalOf(issued.session, issued.user),
      setCookies: sessionCookies(ctx, issued, csrfToken),
    }
  }
}

async function byAccessToken(
  ctx: Context,
  request: RequestHead,
  accessToken: string | null,
  consistency: Consistency,
): Promise<Principal> {
  if (accessToken === null) throw new AuthError('invalid_token')
  const principal = await authenticate(ctx, accessToken, consistency)
  if (isUnsafe(request)) checkCsrfToken(ctx, request, principal.session.id)
  return principal
}

/** Whether the refusal is one that the next access token may put right. */
export function isOver(error: unknown): boolean {
  return error instanceof AuthError && ['invalid_token', 'token_stale'].includes(error.code)
}

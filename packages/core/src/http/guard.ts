import * as z from 'zod'
import type { Context } from '../context.ts'
import { AuthError, ConfigurationError } from '../errors.ts'
import { toConfigurationError } from '../input.ts'
import { once } from '../once.ts'
import { type Principal, traceOf } from '../principal.ts'
import { adminPermissions, isAllowed, knownPermissions } from '../roles.ts'
import type { Seconds } from '../time.ts'
import type { Transport } from '../transport.ts'
import { clientOf } from './client.ts'
import { isUnsafe } from './csrf.ts'
import { type Identity, identify, isOver } from './identify.ts'
import type { RequestHead } from './request.ts'
import { cookiesOf } from './session-cookies.ts'

/** What a route asks of whoever calls it. */
export interface Requirement {
  /** One of the user's roles must be this one; else 403 `forbidden`. */
  readonly role?: string | undefined
  /** One of the user's roles must allow this (see the option `permissions`); else 403 `forbidden`. */
  readonly permission?: string | undefined
  /**
   * Lets a request without a credential pass. One that is not valid is refused all the same, but for cookies: a browser
   * goes on sending those of a session that is over. Not with `role`, `permission` or `maxAge`.
   */
  readonly optional?: boolean | undefined
  /** The login must be at most this many seconds old; else 403 `reauth_required`. */
  readonly maxAge?: Seconds | undefined
  /**
   * `strict` asks the store for every request. `feed` answers from memory: what another node revoked may be let in for
   * about a second more, for 5 at most. @default 'feed'
   */
  readonly consistency?: 'feed' | 'strict' | undefined
  /** How the token travels: see the option `transport` of `createAuth`. @default that option */
  readonly transport?: Transport | undefined
}

const requirementSchema = once(() =>
  z
    .strictObject(
      {
        role: z
          .string('must be the name of a role')
          .min(1, 'must be the name of a role')
          .optional(),
        permission: z
          .string('must be the name of a permission')
          .min(1, 'must be the name of a permission')
          .optional(),
        optional: z.boolean('must be true or false').optional(),
        maxAge: z.number('must be a number of seconds').positive('must be more than 0').optional(),
        consistency: z.enum(['feed', 'strict'], 'must be "feed" or "strict"').optional(),
        transport: z
          .enum(['bearer', 'header', 'cookie'], 'must be "bearer", "header" or "cookie"')
          .optional(),
      },
      'must be an object such as { role: "admin" }',
    )
    .refine(
      ({ optional, role, permission, maxAge }) =>
        !optional || (role ?? permission ?? maxAge) === undefined,
      {
        path: ['optional'],
        error: 'lets strangers in: leave it out, or leave out "role", "permission" and "maxAge"',
      },
    ),
)

/** Checks a requirement when the route is made: a guard that was misspelled would let everybody in. */
export function readRequirement(
  { settings }: Pick<Context, 'settings'>,
  where: string,
  requirement: Requirement,
): Requirement {
  const parsed = requirementSchema().safeParse(requirement)
  if (!parsed.success) throw toConfigurationError(where, parsed.error)
  const { role, permission } = parsed.data
  if (role !== undefined && !settings.roles.includes(role)) {
    const remedy = `is "${role}", which is not in the option "roles" of createAuth: add it there`
    throw new ConfigurationError(where, 'role', remedy)
  }
  if (permission !== undefined && !knownPermissions(settings).has(permission)) {
    const remedy = `is "${permission}", which no role allows: add it to the option "permissions" of createAuth`
    throw new ConfigurationError(where, 'permission', remedy)
  }
  return parsed.data
}

/** Who makes a request, which cookies its answer brings either way, and why it is refused for all that, if it is. */
export interface Entry {
  /** `null` for an anonymous request where that is allowed. */
  readonly principal: Principal | null
  readonly setCookies: readonly string[]
  readonly refusal: AuthError | null
}

const anonymous: Entry = { principal: null, setCookies: [], refusal: null }

/** Finds out whether to let the request in. Throws where nobody knows who makes it, unless that is allowed. */
export async function admit(
  ctx: Context,
  request: RequestHead,
  requirement: Requirement,
): Promise<Entry> {
  const identity = await identityOf(ctx, request, requirement)
  if (identity === null) {
    if (requirement.optional === true) return anonymous
    throw new AuthError('unauthenticated')
  }
  const { principal } = identity
  const reason = refuse(ctx, principal, requirement)
  if (reason === null) return { ...identity, refusal: null }
  ctx.emit({ type: 'access.denied', reason, ...traceOf(principal, clientOf(ctx, request)) })
  return { ...identity, refusal: new AuthError(reason) }
}

/**
 * Who may come in as far as this node remembers, without a promise; `null` where {@link admit} has more to find out.
 * Nearly all requests have a token that was seen before: this is the path that must cost next to nothing.
 */
export function recognize(
  ctx: Context,
  request: RequestHead,
  requirement: Requirement,
): Principal | null {
  if (requirement.consistency === 'strict') return null
  const token = plainToken[transportOf(ctx, requirement)](ctx, request)
  const principal = token === null ? null : ctx.memory.recall(token)
  if (principal === null || refuse(ctx, principal, requirement) !== null) return null
  return principal
}

const BEARER = 'Bearer '

/**
 * The token of a request that has just one credential, in the place and the form that nearly all have; `null` for any
 * other. What is remembered has the right form, and nothing beside it.
 */
const plainToken: Readonly<
  Record<Transport, (ctx: Context, request: RequestHead) => string | null>
> = {
  bearer: (_ctx, request) => bearerToken(request.header('authorization')),
  header({ settings }, request) {
    const header = request.header('authorization')
    const token = request.header(settings.transport.headers.accessToken)
    if (header !== null && token !== null) return null
    return token ?? bearerToken(header)
  },
  cookie({ settings }, request) {
    const header = request.header('authorization')
    const { accessToken, refreshToken } = cookiesOf(settings, request)
    if (accessToken === null && refreshToken === null) return bearerToken(header)
    return header !== null || isUnsafe(request) ? null : accessToken
  },
}

function bearerToken(header: string | null): string | null {
  return header?.startsWith(BEARER) === true ? header.slice(BEARER.length) : null
}

function transportOf({ settings }: Context, { transport }: Requirement): Transport {
  return transport ?? settings.transport.byDefault
}

async function identityOf(
  ctx: Context,
  request: RequestHead,
  requirement: Requirement,
): Promise<Identity | null> {
  const { optional, consistency = 'feed' } = requirement
  const transport = transportOf(ctx, requirement)
  try {
    return await identify(ctx, request, { transport, consistency })
  } catch (error) {
    // Nobody can tell a browser to forget cookies that another tab may have replaced meanwhile.
    const isLeftOver = transport === 'cookie' && request.header('authorization') === null
    if (optional === true && isLeftOver && isOver(error)) return null
    throw error
  }
}

function refuse(
  ctx: Context,
  { user, session, actor }: Principal,
  { role, permission, maxAge }: Requirement,
): 'forbidden' | 'reauth_required' | null {
  if (role !== undefined && !user.roles.includes(role)) return 'forbidden'
  if (permission !== undefined && !isAllowed(ctx.settings, user.roles, permission)) {
    return 'forbidden'
  }
  // Whoever acts in somebody's name does not administrate in it.
  if (actor !== null && permission !== undefined && Object.hasOwn(adminPermissions, permission)) {
    return 'forbidden'
  }
  if (maxAge === undefined) return null
  const age = (ctx.now().getTime() - session.authTime.getTime()) / 1000
  return age > maxAge ? 'reauth_required' : null
}

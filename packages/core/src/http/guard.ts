import * as z from 'zod'
import type { Context } from '../context.ts'
import { AuthError, ConfigurationError } from '../errors.ts'
import { authenticate } from '../flows/authenticate.ts'
import { toConfigurationError } from '../input.ts'
import { once } from '../once.ts'
import { type Principal, traceOf } from '../principal.ts'
import { adminPermissions, isAllowed, knownPermissions } from '../roles.ts'
import type { Seconds } from '../time.ts'
import { clientOf } from './client.ts'
import { bearerOf } from './credential.ts'
import type { PlainRequest } from './request.ts'

/** What a route asks of whoever calls it. */
export interface Requirement {
  /** One of the user's roles must be this one; else 403 `forbidden`. */
  readonly role?: string | undefined
  /** One of the user's roles must allow this (see the option `permissions`); else 403 `forbidden`. */
  readonly permission?: string | undefined
  /** Lets a request without a credential pass. One that is not valid is refused all the same. Not with `role`, `permission` or `maxAge`. */
  readonly optional?: boolean | undefined
  /** The login must be at most this many seconds old; else 403 `reauth_required`. */
  readonly maxAge?: Seconds | undefined
  /**
   * `strict` asks the store for every request. `feed`, the default, allows for an answer from memory that is at most
   * 5 s old; this version asks the store in both cases.
   */
  readonly consistency?: 'feed' | 'strict' | undefined
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

/** Lets the request in or throws; `null` for an anonymous request where that is allowed. */
export async function admit(
  ctx: Context,
  request: PlainRequest,
  requirement: Requirement,
): Promise<Principal | null> {
  const token = bearerOf(request)
  if (token === null) {
    if (requirement.optional === true) return null
    throw new AuthError('unauthenticated')
  }
  const principal = await authenticate(ctx, token)
  const refusal = refuse(ctx, principal, requirement)
  if (refusal === null) return principal
  ctx.emit({ type: 'access.denied', reason: refusal, ...traceOf(principal, clientOf(request)) })
  throw new AuthError(refusal)
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
  const age = (ctx.now().getTime() - session.authTime.getTime()) / 1000
  return maxAge !== undefined && age > maxAge ? 'reauth_required' : null
}

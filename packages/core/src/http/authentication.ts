import type { Principal } from '../principal.ts'
import type { JsonObject } from '../records.ts'
import type { ShownUser } from '../shown.ts'

/** Who makes a request that `requireAuth` let in. */
export interface Authentication<Profile = JsonObject> extends Principal {
  /** The user's own record, from the store. Rejects with `AuthError` `invalid_token` when the user is gone. */
  loadUser(): Promise<ShownUser<Profile>>
}

/** What knows the users of a request: an `Auth`, whatever its profiles are. */
export interface UserSource {
  loadUser(principal: Principal): Promise<ShownUser<object>>
}

/** The type of the profiles of an `Auth`. */
export type ProfileOf<Users extends UserSource> = Awaited<ReturnType<Users['loadUser']>>['profile']

/** What a request is known by. */
interface Known {
  readonly method?: string | undefined
  readonly url?: string | undefined
  [admitted]?: Admitted
}

/** Whom a guard let in; the whole authentication once somebody asked for it. */
interface Admitted {
  readonly users: UserSource
  readonly principal: Principal | null
  authentication: Authentication<object> | null
}

// On the request itself: an entry in a WeakMap for each request costs more than everything else that a guard does.
const admitted = Symbol('latchkey: whom a guard let in')

/** Keeps whom a guard let in, for as long as the request lives; `null` for somebody anonymous. */
export function admitRequest(request: Known, users: UserSource, principal: Principal | null): void {
  request[admitted] = { users, principal, authentication: null }
}

/**
 * Whom a guard let in. Throws an error that says which guard is missing, or lets strangers in.
 * `authOf<typeof auth>(request)` knows the type of the profile.
 */
export function authOf<Users extends UserSource = Anybody>(
  request: Known,
): Authentication<ProfileOf<Users>> {
  const authentication = optionalAuthOf<Users>(request)
  if (authentication !== null) return authentication
  const route = `${request.method} ${request.url?.split('?', 1)[0]}`
  throw new Error(
    request[admitted] !== undefined
      ? `authOf: ${route} lets strangers in: use optionalAuthOf, or leave out "optional" of its requireAuth`
      : `authOf: ${route} has no guard: put requireAuth(auth) before this handler (on Fetch: fetchGuard(auth), with this very request)`,
  )
}

/**
 * Whom a guard let in; `null` for an anonymous request, and for one that no guard has seen: so that a logger or an error
 * handler, which sees all routes, can ask.
 */
export function optionalAuthOf<Users extends UserSource = Anybody>(
  request: Known,
): Authentication<ProfileOf<Users>> | null {
  const known = request[admitted]
  if (known === undefined || known.principal === null) return null
  known.authentication ??= authenticationOf(known.users, known.principal)
  // The caller says which `Auth` let the request in: nothing about a request can tell.
  return known.authentication as Authentication<ProfileOf<Users>>
}

function authenticationOf(users: UserSource, principal: Principal): Authentication<object> {
  return { ...principal, loadUser: () => users.loadUser(principal) }
}

/** Where nothing is said of the profiles. */
export interface Anybody {
  loadUser(principal: Principal): Promise<ShownUser>
}

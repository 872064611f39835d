import type { Principal } from '../principal.ts'
import type { ShownUser } from '../shown.ts'

/** Who makes a request that `requireAuth` let in. */
export interface Authentication extends Principal {
  /** The user's own record, from the store. Rejects with `AuthError` `invalid_token` when the user is gone. */
  loadUser(): Promise<ShownUser>
}

interface UserSource {
  loadUser(principal: Principal): Promise<ShownUser>
}

/** What a request is known by. */
interface Known {
  readonly method?: string | undefined
  readonly url?: string | undefined
}

const admitted = new WeakMap<Known, Authentication | null>()

/** Keeps whom a guard let in, for as long as the request lives; `null` for somebody anonymous. */
export function admitRequest(request: Known, users: UserSource, principal: Principal | null): void {
  admitted.set(
    request,
    principal === null ? null : { ...principal, loadUser: () => users.loadUser(principal) },
  )
}

/** Whom a guard let in. Throws an error that says which guard is missing, or lets strangers in. */
export function authOf(request: Known): Authentication {
  const authentication = admitted.get(request)
  if (authentication) return authentication
  const route = `${request.method} ${request.url?.split('?', 1)[0]}`
  throw new Error(
    authentication === null
      ? `authOf: ${route} lets strangers in: use optionalAuthOf, or leave out "optional" of its requireAuth`
      : `authOf: ${route} has no guard: put requireAuth(auth) before this handler (on Fetch: fetchGuard(auth), with this very request)`,
  )
}

/**
 * Whom a guard let in; `null` for an anonymous request, and for one that no guard has seen: so that a logger or an error
 * handler, which sees all routes, can ask.
 */
export function optionalAuthOf(request: Known): Authentication | null {
  return admitted.get(request) ?? null
}

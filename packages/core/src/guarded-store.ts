import { AuthError } from './errors.ts'
import type { Store } from './store.ts'
import { takenField } from './unique-violation.ts'

/**
 * The store, with every failure told as `unavailable`: whatever a driver throws, its words never reach a client, and
 * every flow fails closed (S103).
 */
export function guardStore(store: Store): Store {
  const top = guardGroup(store)
  return {
    users: guardGroup(store.users),
    sessions: guardGroup(store.sessions),
    oneTimeTokens: guardGroup(store.oneTimeTokens),
    events: guardGroup(store.events),
    revokedSince: (cursor) => top.revokedSince(cursor),
    prune: (limits) => top.prune(limits),
    ready: () => top.ready(),
    close: () => top.close(),
  }
}

type Verb = (...input: unknown[]) => Promise<unknown>

function guardGroup<Group extends object>(group: Group): Group {
  const guarded = new Map<PropertyKey, Verb>()
  return new Proxy(group, {
    get(target, name) {
      const known = guarded.get(name)
      if (known !== undefined) return known
      const verb: unknown = Reflect.get(target, name)
      if (typeof verb !== 'function') return verb
      const guard = guardVerb((...input) => Reflect.apply(verb, target, input))
      guarded.set(name, guard)
      return guard
    },
  })
}

function guardVerb(verb: Verb): Verb {
  return async (...input) => {
    try {
      return await verb(...input)
    } catch (cause) {
      if (takenField(cause) !== null) throw cause
      throw new AuthError('unavailable', { retryAfter: 1, cause })
    }
  }
}

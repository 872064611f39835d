import type { Store } from '../store.ts'

/** Stands between a caller and a verb. Is told the verb, such as `users.insert`, and how to run it. */
export type Interceptor = (verb: string, run: () => Promise<unknown>) => Promise<unknown>

/** The store, with each verb but `close` run by the interceptor. */
export function interceptedStore(store: Store, intercept: Interceptor): Store {
  const group = <Group extends object>(prefix: string, target: Group): Group =>
    new Proxy(target, {
      get(_, key) {
        const member: unknown = Reflect.get(target, key)
        if (typeof member !== 'function') return member
        return async (...input: unknown[]) =>
          intercept(`${prefix}${String(key)}`, async () => Reflect.apply(member, target, input))
      },
    })
  const top = group('', store)
  return {
    users: group('users.', store.users),
    sessions: group('sessions.', store.sessions),
    oneTimeTokens: group('oneTimeTokens.', store.oneTimeTokens),
    events: group('events.', store.events),
    revokedSince: (cursor) => top.revokedSince(cursor),
    prune: (limits) => top.prune(limits),
    ready: () => top.ready(),
    close: () => store.close(),
  }
}

import type { AuthOptions, Store } from '@latchkey/core'
import { type Setup, setUp } from './setup.ts'

/** Another node on the store and the clock of the first, by whose clock it runs so many seconds ahead. */
export function nodeBeside(first: Setup, ahead = 0, options: Partial<AuthOptions> = {}): Setup {
  const now = () => new Date(first.clock.now().getTime() + ahead * 1000)
  return { ...setUp({ store: first.store, now, ...options }), clock: first.clock }
}

type Verb = (...input: unknown[]) => Promise<unknown>

/** The store, with something that is done before each call. It is told the verb, such as `sessions.rotate`. */
export function intercept(store: Store, before: (verb: string) => unknown): Store {
  const group = <Group extends object>(name: string, target: Group): Group =>
    new Proxy(target, {
      get(_target, key) {
        const verb: unknown = Reflect.get(target, key)
        if (typeof verb !== 'function') return verb
        const call: Verb = async (...input) => {
          await before(`${name}.${String(key)}`)
          return Reflect.apply(verb, target, input)
        }
        return call
      },
    })
  return {
    ...store,
    users: group('users', store.users),
    sessions: group('sessions', store.sessions),
    oneTimeTokens: group('oneTimeTokens', store.oneTimeTokens),
    events: group('events', store.events),
  }
}

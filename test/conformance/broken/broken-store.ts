import { setImmediate } from 'node:timers/promises'
import type { EventStore, OneTimeTokenStore, SessionStore, Store, UserStore } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'

/** A store that breaks one sentence of the contract. */
export interface BrokenStore {
  /** What is wrong with it. */
  readonly fault: string
  /** The guarantee that it breaks: the title of a case that must fail. */
  readonly guarantee: string
  readonly make: () => Store
}

/** The verbs that do something else than they should. */
export interface Faults extends Partial<Pick<Store, 'revokedSince' | 'prune' | 'ready' | 'close'>> {
  readonly users?: Partial<UserStore>
  readonly sessions?: Partial<SessionStore>
  readonly oneTimeTokens?: Partial<OneTimeTokenStore>
  readonly events?: Partial<EventStore>
}

/** The memory store with a fault. */
export function broken(
  fault: string,
  guarantee: string,
  faults: (sound: Store) => Faults,
): BrokenStore {
  const make = () => {
    const sound = memoryStore()
    return alter(sound, faults(sound))
  }
  return { fault, guarantee, make }
}

function alter(store: Store, { users, sessions, oneTimeTokens, events, ...top }: Faults) {
  return {
    ...store,
    ...top,
    users: alterGroup(store.users, users),
    sessions: alterGroup(store.sessions, sessions),
    oneTimeTokens: alterGroup(store.oneTimeTokens, oneTimeTokens),
    events: alterGroup(store.events, events),
  } satisfies Store
}

function alterGroup<Group extends object>(group: Group, faults: Partial<Group> = {}): Group {
  return new Proxy(group, {
    get(target, name) {
      const verb: unknown = Reflect.get(name in faults ? faults : target, name)
      return typeof verb === 'function' ? verb.bind(name in faults ? faults : target) : verb
    },
  })
}

/** What a round trip between a read and a write gives to others: time to do the same. */
export async function tick(): Promise<void> {
  await setImmediate()
}

import type { PruneLimits, Store } from '@latchkey/core'

/** Whether the verb that fails did nothing, or did all it should and only its answer was lost. */
export type FailureMoment = 'before' | 'after'

/** A store that can be told to fail. */
export interface FailingStore {
  readonly store: Store
  /** The `n`-th verb from now on throws, whatever verb it is. The others work. */
  failAt(n: number, moment: FailureMoment): void
  /** From now on every verb works. Resolves the name of the verb that threw, `null` when none did. */
  heal(): string | null
}

/** What the store throws. Nothing of it may reach a client. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure'
}

interface Plan {
  left: number
  readonly moment: FailureMoment
  failed: string | null
}

type Verb = (...input: unknown[]) => Promise<unknown>

export function failingStore(store: Store): FailingStore {
  let plan: Plan | null = null

  async function run(name: string, verb: () => Promise<unknown>): Promise<unknown> {
    const current = plan
    const fails = current !== null && --current.left === 0
    if (!fails) return verb()
    current.failed = name
    // Also when the verb refuses: its refusal is lost with its answer.
    if (current.moment === 'after') await verb().catch(() => null)
    throw new StoreFailure(`${name} failed`)
  }

  function group<Group extends object>(prefix: string, target: Group): Group {
    return new Proxy(target, {
      get(_, key) {
        const member: unknown = Reflect.get(target, key)
        if (typeof member !== 'function') return member
        const verb: Verb = (...input) => Reflect.apply(member, target, input)
        const counted: Verb = (...input) =>
          run(`${prefix}${String(key)}`, async () => verb(...input))
        return counted
      },
    })
  }

  return {
    store: {
      ...group('', {
        revokedSince: (cursor: string | null) => store.revokedSince(cursor),
        prune: (limits: PruneLimits) => store.prune(limits),
        ready: () => store.ready(),
      }),
      close: () => store.close(),
      users: group('users.', store.users),
      sessions: group('sessions.', store.sessions),
      oneTimeTokens: group('oneTimeTokens.', store.oneTimeTokens),
      events: group('events.', store.events),
    },
    failAt(n, moment) {
      plan = { left: n, moment, failed: null }
    },
    heal() {
      const failed = plan?.failed ?? null
      plan = null
      return failed
    },
  }
}

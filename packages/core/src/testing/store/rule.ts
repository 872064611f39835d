import type { Store } from '../../store.ts'

/** A sentence of the storage contract, and how to see that a store keeps it. */
export interface Rule {
  readonly title: string
  /** Gets an empty store, which is closed for it; rejects when the store does not keep the rule. */
  readonly check: (store: Store) => Promise<void>
}

/** Rules about one thing. */
export interface Section {
  readonly title: string
  readonly rules: readonly Rule[]
}

export function rule(title: string, check: Rule['check']): Rule {
  return { title, check }
}

export function section(title: string, rules: readonly Rule[]): Section {
  return { title, rules }
}

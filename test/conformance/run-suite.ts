import type { Store } from '@latchkey/core'
import { testStore } from '@latchkey/core/testing'

/** A case of the conformance suite. */
export interface Case {
  /** What a reporter shows: group and case. */
  readonly title: string
  readonly run: () => Promise<void>
}

/** Why a case failed. */
export interface Failure {
  readonly title: string
  readonly reason: unknown
}

export type MakeStore = () => Store | Promise<Store>

/** `testStore` or `testFlows`. */
export type Suite = typeof testStore

/** The cases of the suite, collected by the smallest test runner that there can be. */
export function casesOf(makeStore: MakeStore, suite: Suite = testStore): readonly Case[] {
  const cases: Case[] = []
  const groups: string[] = []
  suite('a store', makeStore, {
    describe(name, body) {
      groups.push(name)
      body()
      groups.pop()
    },
    it: (name, run) => cases.push({ title: [...groups.slice(1), name].join(' > '), run }),
  })
  return cases
}

/** Runs the cases one after the other, all or those of these titles, and resolves those that failed. */
export async function failuresOf(
  makeStore: MakeStore,
  titles: readonly string[] | null = null,
): Promise<readonly Failure[]> {
  const failures: Failure[] = []
  for (const { title, run } of casesOf(makeStore)) {
    if (titles !== null && !titles.includes(title)) continue
    const reason = await guarded(run)
    if (reason !== null) failures.push({ title, reason })
  }
  return failures
}

/** A broken store may never answer. */
const PATIENCE_MS = 3000

/** Why it failed; `null` when it passed. */
function guarded(run: () => Promise<void>): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const timer = setTimeout(() => resolve(new Error('It does not end')), PATIENCE_MS)
  run().then(
    () => resolve(null),
    (error: unknown) => resolve(error ?? new Error('It rejected with nothing')),
  )
  return promise.finally(() => clearTimeout(timer))
}

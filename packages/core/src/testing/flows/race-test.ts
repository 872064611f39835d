import type { AuthOptions } from '../../options.ts'
import type { Store } from '../../store.ts'
import { interceptedStore } from '../intercepted-store.ts'
import { fifty, MANY, race } from '../store/race.ts'
import { nodeBeside, type Setup, settle } from './set-up.ts'
import { type TestCase, testCase } from './test-case.ts'

/** Nodes on one store, with one clock, one outbox and one log of events. */
export interface Nodes {
  readonly first: Setup
  /** Fifty calls, begun at once, in turn on each node. Resolves what each resolved. */
  atOnce<T>(call: (node: Setup, index: number) => Promise<T>): Promise<T[]>
  /** Waits for everything that no answer waits for, on every node. */
  settled(): Promise<void>
}

/** How a race is run. */
interface Course {
  /** The verb before which the calls wait for one another: hashing takes each its own time. */
  readonly meetAt: string
  readonly options?: Partial<AuthOptions>
}

/** A race on one node, and the same on two. */
export function raceTests(
  title: string,
  { meetAt, options = {} }: Course,
  run: (nodes: Nodes) => Promise<void>,
): TestCase[] {
  return ([1, 2] as const).map((count) =>
    testCase(`${title}, on ${count === 1 ? 'one node' : 'two nodes'}`, async (bench) => {
      const { store, begin, leave } = meeting(bench.store, meetAt)
      const first = bench.setUp({ ...options, store })
      const nodes = count === 1 ? [first] : [first, nodeBeside(bench, first, options)]
      const contenders = fifty((index) => nodes[index % count] ?? first)
      await run({
        first,
        atOnce(call) {
          begin()
          return race(bench.store, contenders, (node, index) => call(node, index).finally(leave))
        },
        settled: () => settle(...nodes),
      })
    }),
  )
}

interface Meeting {
  readonly store: Store
  /** From now on calls are held back. */
  begin(): void
  /** One less is to come. */
  leave(): void
}

/** Holds the calls of a verb back until each of fifty has come to it, or has ended without. */
function meeting(store: Store, meetAt: string): Meeting {
  let missing = 0
  let gate = Promise.withResolvers<void>()
  const arrive = () => {
    missing -= 1
    if (missing <= 0) gate.resolve()
  }
  return {
    store: interceptedStore(store, async (verb, run) => {
      if (verb === meetAt && missing > 0) {
        arrive()
        await gate.promise
      }
      return run()
    }),
    begin() {
      missing = MANY
      gate = Promise.withResolvers()
    },
    leave: arrive,
  }
}

/** How often each answer came. */
export function tally(answers: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const answer of answers) counts[answer] = (counts[answer] ?? 0) + 1
  return counts
}

import { AuthError } from '../../errors.ts'
import type { AuthOptions } from '../../options.ts'
import { expectEqual, explained } from '../assertions.ts'
import { type FailureMoment, failingStore, StoreFailure } from '../failing-store.ts'
import { type Bench, type Setup, settle } from './set-up.ts'
import { type TestCase, testCase } from './test-case.ts'

/** A flow, and what must be true after the store failed in the midst of it. */
export interface CrashCase<World> {
  readonly options?: Partial<AuthOptions>
  /** All that happened before. */
  prepare(setup: Setup): Promise<World>
  flow(setup: Setup, world: World): Promise<unknown>
  /** Takes the user to where the flow leads, on a store that works again. Resolves the name of the way. */
  goOn(setup: Setup, world: World): Promise<string>
  /** Tries what nobody may gain by it, before and after the user went on. */
  intrude(setup: Setup, world: World): Promise<void>
}

export const MOMENTS = ['before', 'after'] as const

const MAX_CALLS = 40

/**
 * Runs the flow again and again, for a new user each time, with another call of the store failing, until none is left
 * to fail. Expects one line for each: what failed, what the flow answered, how the user went on.
 */
export function crashTest<World>(
  title: string,
  moment: FailureMoment,
  crashCase: CrashCase<World>,
  expected: readonly string[],
): TestCase {
  return testCase(title, async (bench) => {
    const lines: string[] = []
    let line = await crashAt(bench, 1, moment, crashCase)
    while (line !== null && lines.length < MAX_CALLS) {
      lines.push(line)
      line = await crashAt(bench, lines.length + 1, moment, crashCase)
    }
    expectEqual(inOrder(lines), inOrder(expected), 'each call that failed, and how it went on')
  })
}

/**
 * First what the flow waits for, in its order. Behind the answer the pace of the store decides which call comes first,
 * and in how many batches the audit log is written.
 */
function inOrder(lines: readonly string[]): string[] {
  const isBehind = (line: string) => line.includes(': done')
  const isWrittenAgain = (line: string, index: number) =>
    line.startsWith('events.append:') && lines.indexOf(line) < index
  return [
    ...lines.filter((line) => !isBehind(line)),
    ...lines.filter((line, index) => isBehind(line) && !isWrittenAgain(line, index)).sort(),
  ]
}

async function crashAt<World>(
  { store, setUp }: Bench,
  n: number,
  moment: FailureMoment,
  { options, prepare, flow, goOn, intrude }: CrashCase<World>,
): Promise<string | null> {
  const failing = failingStore(store)
  const setup = setUp({ ...options, store: failing.store })
  const world = await prepare(setup)
  await settle(setup)
  failing.failAt(n, moment)
  const answer = await flow(setup, world).then(() => 'done', tell)
  await settle(setup)
  const failed = failing.heal()
  if (failed === null) {
    expectEqual([answer, setup.errors], ['done', []], 'the flow on a store that works')
    return null
  }
  try {
    await intrude(setup, world)
    const way = await goOn(setup, world)
    await intrude(setup, world)
    return `${failed}: ${answer === 'done' ? toldOf(setup) : answer}, then ${way}`
  } catch (error) {
    throw explained(error, `when call ${n}, ${failed}, failed ${moment} its work`)
  }
}

/** `unavailable` with the failure as its cause; anything else is shown as it is. */
function tell(error: unknown): string {
  if (!(error instanceof AuthError)) return `threw ${String(error)}`
  return error.cause instanceof StoreFailure || error.code !== 'unavailable'
    ? error.code
    : 'unavailable, without a cause'
}

/** A failure behind the answer is reported. */
function toldOf({ errors }: Setup): string {
  const told = errors.some(
    (error) => error instanceof AuthError && error.cause instanceof StoreFailure,
  )
  return told ? 'done' : 'done, and nobody is told'
}

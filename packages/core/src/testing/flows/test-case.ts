import type { Bench } from './set-up.ts'

/** A sentence about the flows, and how to see that it is true on a store. */
export interface TestCase {
  readonly title: string
  readonly run: (bench: Bench) => Promise<void>
}

/** Cases about one thing. */
export interface TestGroup {
  readonly title: string
  readonly cases: readonly TestCase[]
}

export function testCase(title: string, run: TestCase['run']): TestCase {
  return { title, run }
}

export function testGroup(title: string, cases: readonly TestCase[]): TestGroup {
  return { title, cases }
}

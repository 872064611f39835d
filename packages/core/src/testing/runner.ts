/**
 * What the suites need of a test runner. `node:test`, vitest, Jest and Mocha all have these two: give
 * `{ describe, it }` of yours.
 */
export interface TestRunner {
  /** Names a group of cases. Calls `body` at once. */
  readonly describe: (name: string, body: () => void) => unknown
  /** Runs a case: it fails when the promise rejects. */
  readonly it: (name: string, body: () => Promise<void>) => unknown
}

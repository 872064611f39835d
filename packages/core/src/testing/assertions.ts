import { AssertionError, deepStrictEqual } from 'node:assert/strict'

/** Both are the same, to the last member and its type. */
export function expectEqual(actual: unknown, expected: unknown, what?: string): void {
  try {
    deepStrictEqual(actual, expected)
  } catch (error) {
    throw what === undefined ? error : explained(error, what)
  }
}

/** The same error, which says first what it is about. In its stack too: some runners show nothing else. */
export function explained(error: unknown, what: string): unknown {
  if (!(error instanceof Error)) return error
  const message = `${what}: ${error.message}`
  error.stack = (error.stack ?? '').replace(error.message, () => message)
  error.message = message
  return error
}

/** The members that `expected` has are the same; there may be more. */
export function expectMembers<T extends object>(
  actual: T | null | undefined,
  expected: Partial<T>,
  what?: string,
): void {
  const picked = Object.fromEntries(
    Object.keys(expected).map((key) => [key, actual && Reflect.get(actual, key)]),
  )
  expectEqual(picked, { ...expected }, what)
}

/** It holds. */
export function expectTrue(holds: boolean, what: string): asserts holds {
  if (!holds) throw new AssertionError({ message: what })
}

/** The call rejects; resolves what with. */
export async function rejectionOf(call: Promise<unknown>): Promise<unknown> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('error' in outcome) return outcome.error
  throw new AssertionError({ message: 'it resolved, and should have rejected' })
}

/** The call rejects with a `UniqueViolation` of that field. */
export async function expectTaken(call: Promise<unknown>, field: string): Promise<void> {
  const error = await rejectionOf(call)
  const { name, field: taken } = Object(error) as { name?: unknown; field?: unknown }
  expectEqual({ name, field: taken }, { name: 'UniqueViolation', field }, String(error))
}

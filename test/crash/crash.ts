import { AuthError, type AuthOptions, type User } from '@latchkey/core'
import { memoryStore } from '@latchkey/memory-store'
import { expect } from 'vitest'
import { type FailureMoment, failingStore, StoreFailure } from '../support/failing-store.ts'
import { type Setup, setUp, tokenIn } from '../support/setup.ts'

export const ADA = 'ada@example.com'
export const NEW_PASSWORD = 'another horse battery'
/** What somebody knows who would like to be Ada. */
export const INTRUDERS_PASSWORD = 'trojan horse battery'

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

const MAX_CALLS = 40

/**
 * Runs the flow again and again, each time with another verb of the store failing, until none is left to fail.
 * Resolves one line for each: what failed, what the flow answered, how the user went on.
 */
export async function crashEverywhere<World>(
  moment: FailureMoment,
  crashCase: CrashCase<World>,
): Promise<string[]> {
  const lines: string[] = []
  for (let n = 1; n < MAX_CALLS; n += 1) {
    const line = await crashAt(n, moment, crashCase)
    if (line === null) return lines
    lines.push(line)
  }
  throw new Error(`the flow asks the store more than ${MAX_CALLS} times`)
}

async function crashAt<World>(
  n: number,
  moment: FailureMoment,
  { options, prepare, flow, goOn, intrude }: CrashCase<World>,
): Promise<string | null> {
  const failing = failingStore(memoryStore())
  const setup = setUp({ ...options, store: failing.store })
  const world = await prepare(setup)
  await settle(setup)
  failing.failAt(n, moment)
  const answer = await flow(setup, world).then(
    () => 'done',
    (error: unknown) => tell(error),
  )
  await settle(setup)
  const failed = failing.heal()
  if (failed === null) {
    expect([answer, setup.errors], 'the flow on a store that works').toEqual(['done', []])
    return null
  }
  await intrude(setup, world)
  const way = await goOn(setup, world)
  await intrude(setup, world)
  const told = answer === 'done' && !isReported(setup) ? 'done, and nobody is told' : answer
  return `${failed}: ${told}, then ${way}`
}

/** `unavailable` with the failure as its cause; anything else is shown as it is. */
function tell(error: unknown): string {
  if (!(error instanceof AuthError)) return `threw ${String(error)}`
  return error.cause instanceof StoreFailure || error.code !== 'unavailable'
    ? error.code
    : 'unavailable, without a cause'
}

function isReported({ errors }: Setup): boolean {
  return errors.some((error) => error instanceof AuthError && error.cause instanceof StoreFailure)
}

/** Waits for everything that no answer waits for. */
export function settle({ auth }: Setup): Promise<void> {
  return auth.close()
}

/** The record behind an address, as the store holds it. */
export function recordOf({ store }: Setup, email = ADA): Promise<User | null> {
  return store.users.findByIdentifier({ kind: 'email', value: email })
}

/** The newest message of that kind; `undefined` when none was sent. */
export async function newest(setup: Setup, kind: string) {
  await settle(setup)
  return setup.outbox.messages.findLast((message) => message.kind === kind)
}

/** The token of the newest message of that kind. */
export async function newestToken(setup: Setup, kind: string): Promise<string> {
  const message = await newest(setup, kind)
  return tokenIn(message?.link)
}

/** The newest message that activates, of whichever registration. */
export async function newestActivation(setup: Setup) {
  await settle(setup)
  return setup.outbox.messages.findLast(({ kind }) => /^activate(?:_again)?$/.test(kind))
}

/** What a call is answered with: `done`, or the code of the refusal. */
export async function answerOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: unknown) => (error instanceof AuthError ? error.code : String(error)),
  )
}

/** Asserts that the password opens Ada's account. */
export async function expectLogin({ auth }: Setup, password: string): Promise<void> {
  const login = await auth.login({ identifier: ADA, password })
  const principal = await auth.authenticate(login.accessToken)
  expect(principal.user.id).toBe(login.user.id)
}

/** Asserts that the password opens nothing. */
export async function expectNoLogin({ auth }: Setup, password: string): Promise<void> {
  const answer = await answerOf(auth.login({ identifier: ADA, password }))
  expect(['invalid_credentials', 'account_not_activated']).toContain(answer)
}

/** Asserts that whoever reads an active account's record finds a proof of its address (S018). */
export async function expectNoHalfOpenAccount(setup: Setup, email = ADA): Promise<void> {
  const user = await recordOf(setup, email)
  if (user?.status === 'active') expect(user.emailVerifiedAt).not.toBeNull()
  if (user?.status === 'pending') expect(user.passwordHash).toBeNull()
}

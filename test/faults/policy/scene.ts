import type { AuthOptions } from '@latchkey/core'
import { expect } from 'vitest'
import type { Answer } from '../../support/http-client.ts'
import { expectProblem } from '../../support/problems.ts'
import { type Setup, serveSetup, setUp } from '../../support/setup.ts'
import type { FlowRequest, HttpFlow } from './http-flows.ts'

/** A flow that is about to be asked for, over HTTP. */
export interface Scene {
  readonly setup: Setup
  /** Sends the request of the flow. */
  ask(): Promise<Answer>
  send(request: FlowRequest): Promise<Answer>
}

/** Prepares the flow, and waits until nothing is left to do behind its answers. */
export async function sceneOf(flow: HttpFlow, options: Partial<AuthOptions> = {}): Promise<Scene> {
  const setup = setUp(options)
  const request = await flow.prepare(setup)
  // Ends what runs behind the answers; the flows go on.
  await setup.auth.close()
  setup.errors.length = 0
  const client = await serveSetup(setup)
  const send = ({ method, path, body, bearer }: FlowRequest) =>
    body === undefined
      ? client.send(method, path, {
          headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
        })
      : client.json(method, path, body, bearer)
  return { setup, send, ask: () => send(request) }
}

/** Says that the flow went through as ever. */
export function expectDone(flow: HttpFlow, answer: Answer): void {
  expect(answer.status, answer.text).toBe(flow.status)
}

/** Says that it was refused for now, with nothing in the answer that opens anything. */
export function expectRefusedForNow(answer: Answer, code: 'unavailable' | 'overloaded'): void {
  expectProblem(answer, 503, code)
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(answer.text).not.toMatch(/eyJ|lk1\.|[Tt]oken/)
}

/** A part that does not settle before it is let go, so that nothing waits for it when the test is over. */
export function hanging() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { hang: () => promise, letGo: resolve }
}

/** A switch for a part that works until it is broken. */
export function breakable<Input extends unknown[], Output>(
  works: (...input: Input) => Output,
  fails: (...input: Input) => Output,
) {
  let isBroken = false
  return {
    part: (...input: Input): Output => (isBroken ? fails : works)(...input),
    break() {
      isBroken = true
    },
    mend() {
      isBroken = false
    },
  }
}

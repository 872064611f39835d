import fc from 'fast-check'
import { expect } from 'vitest'
import { ORIGIN } from '../support/setup.ts'
import { effort } from './effort.ts'
import { foreignTokens, knownTexts, ownTokens, VICTIM_PASSWORD } from './people.ts'
import { watchProcess } from './process-watch.ts'
import { type FuzzedRequest, type Names, requestsTo, toWire } from './requests.ts'
import type { Stage } from './stage.ts'
import { mutatedToken, type ShownToken, textOf, wholeToken } from './tokens.ts'
import { expectSound } from './verdict.ts'
import type { WireAnswer } from './wire-client.ts'

const everybodys = [...ownTokens, ...foreignTokens]
const ids = ['victim', 'victim session', 'administrator', 'stranger', 'nobody']

/** A stranger shows tokens of their own, and everybody's a little changed. */
export const stranger: Names = {
  tokens: fc.oneof(wholeToken(ownTokens), mutatedToken(everybodys)),
  who: 'stranger',
  transport: 'bearer',
  ids,
  texts: knownTexts,
}

/** The same in browsers, where tokens are in cookies. */
export const strangerWithCookies: Names = { ...stranger, transport: 'cookie' }

/** The same where tokens are in headers of other names. */
export const strangerWithHeaders: Names = { ...stranger, transport: 'header' }

/** An administrator, into whose hands all tokens have fallen. */
export const administrator: Names = {
  tokens: wholeToken(everybodys),
  who: 'administrator',
  transport: 'bearer',
  ids,
  texts: knownTexts,
}

/**
 * Sends any requests to any routes, and says of each that its answer is sound. Resolves how often there was an answer
 * of each status.
 */
export async function fuzzRoutes(
  stage: Stage,
  who: Names,
  { runs, after }: { readonly runs: number; after?(): Promise<void> },
): Promise<ReadonlyMap<number, number>> {
  const complaints = watchProcess()
  const statuses = new Map<number, number>()
  const property = fc.asyncProperty(requestsTo(stage.setup.auth, who), async (request) => {
    const { status } = await tryOn(stage, request)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    await after?.()
    await stage.recover()
    expect(complaints.splice(0)).toEqual([])
  })
  await fc.assert(property, effort(runs))
  await expectAlive(stage)
  return statuses
}

async function tryOn(stage: Stage, fuzzed: FuzzedRequest): Promise<WireAnswer> {
  const tokens = stage.tokens()
  const shown: string[] = []
  const tokenText = (token: ShownToken) => {
    const text = textOf(token, tokens)
    shown.push(text)
    return text
  }
  const request = toWire(fuzzed, tokenText, stage.ids())
  const answer = await stage.client.send(request)
  expectSound(stage, { request, shown, answer })
  return answer
}

/** Says that a login goes well, after everything. */
async function expectAlive({ setup, client }: Stage): Promise<void> {
  await setup.auth.close()
  const body = Buffer.from(JSON.stringify({ identifier: 'victim', password: VICTIM_PASSWORD }))
  const headers = [
    ['content-type', 'application/json'],
    ['origin', ORIGIN],
  ] as const
  const { status } = await client.send({ method: 'POST', target: '/login', headers, body })
  expect(status).toBe(200)
}

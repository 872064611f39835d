import { expect } from 'vitest'
import { expectWellFormed } from '../support/problems.ts'
import { sentPasswords } from './people.ts'
import type { WireRequest } from './requests.ts'
import type { Stage } from './stage.ts'
import type { WireAnswer } from './wire-client.ts'

/** What was sent, with what stood in it that nobody may hear of, and what came back. */
export interface Exchange {
  readonly request: WireRequest
  /** The texts of the tokens that it showed. */
  readonly shown: readonly string[]
  readonly answer: WireAnswer
}

// What Node answers itself, before anybody hears of the request: too many headers.
const BY_NODE = [431]
const MAX_SIZE = 16 * 1024

/** Says that the answer to a request is one that may be given, whatever the request was. */
export function expectSound(stage: Stage, { request, shown, answer }: Exchange): void {
  const { status, text } = answer
  // Whoever sends more than is read may lose the answer with the connection.
  if (status === 0 && isTooLarge(request)) return
  if (BY_NODE.includes(status) && text === '') return
  // What was found is taken away: what is tried next has to fail by itself.
  expect(stage.setup.errors.splice(0), 'failures').toEqual([])
  expect(status >= 200 && (status < 500 || status === 503), `${status} ${text}`).toBe(true)
  if (isOurs(stage, request, answer)) {
    if (!isPublic(request, answer)) expectWellFormed(readable(answer))
    expectNoSecret(stage, shown, withoutIssued(answer), 'the answer')
    expectHidden(answer)
  }
  expect(stage.findings(), 'contradictions to the document').toEqual([])
  expectNoSecret(stage, shown, stage.told(), 'the log')
}

/** Node has a limit for all headers together, and we have one for bodies. */
function isTooLarge({ target, headers, body }: WireRequest): boolean {
  const head = target.length + headers.flat().join('\r\n').length
  return head > MAX_SIZE - 1024 || (body?.length ?? 0) > MAX_SIZE
}

/** The public keys are for every page and every cache. */
function isPublic({ target }: WireRequest, { status }: WireAnswer): boolean {
  return status === 200 && /^\/\.well-known\/jwks\.json(?:\?|$)/.test(target)
}

/** Other paths are the application's, as is its answer. */
function isOurs(stage: Stage, { target }: WireRequest, { headers }: WireAnswer): boolean {
  const [path = ''] = target.split('?', 1)
  return stage.isServed(path) || (headers['content-type']?.includes('problem+json') ?? false)
}

function readable({ status, headers, text }: WireAnswer) {
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, `${value}`])
  const isJson = /json/.test(String(headers['content-type'])) && text !== ''
  const body = isJson && status >= 400 ? JSON.parse(text) : undefined
  return { status, headers: new Headers(pairs), text, body }
}

/** The answer without the tokens that it is there to bring. */
function withoutIssued({ status, headers, text }: WireAnswer): string {
  const isIssued = status === 200 && text.includes('"refreshToken"')
  const body = isIssued ? text.replace(/"(?:access|refresh)Token":"[^"]+"/g, '') : text
  return body + JSON.stringify(headers).replace(/__Host-(?:at|rt|csrf)=[^;"]*/g, '')
}

/** What is in a cookie that no script can read is nowhere else (S068). */
function expectHidden({ headers, text }: WireAnswer): void {
  const cookies = [headers['set-cookie'] ?? []].flat().join()
  const hidden = [...cookies.matchAll(/__Host-(?:at|rt)=([^;]+)/g)].map(([, value]) => value ?? '')
  expect(hidden.filter((value) => text.includes(value))).toEqual([])
}

function expectNoSecret(stage: Stage, shown: readonly string[], text: string, where: string): void {
  const secrets = [...stage.secrets(), ...sentPasswords, ...shown.filter(isTelling)]
  const tokens = Object.entries(stage.tokens())
  const found = [
    ...secrets.filter((secret) => text.includes(secret)),
    ...tokens.filter(([, token]) => holds(text, token)).map(([name]) => name),
  ]
  expect(found, `secrets in ${where}`).toEqual([])
}

/** Shorter ones are part of much else. */
function isTelling(token: string): boolean {
  return token.length >= 16
}

/** Codes are digits, of which there are more in any id. */
function holds(text: string, token: string): boolean {
  if (isTelling(token)) return text.includes(token)
  return token !== '' && new RegExp(`(?<![\\w.-])${token}(?![\\w-])`).test(text)
}

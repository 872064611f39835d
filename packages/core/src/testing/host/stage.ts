import type { Auth } from '../../auth.ts'
import type { AuthErrorCode } from '../../errors.ts'
import { securityHeaders } from '../../http/headers.ts'
import { problems } from '../../http/problem.ts'
import type { AuthOptions } from '../../options.ts'
import type { StartedSession } from '../../shown.ts'
import { expectEqual, expectMembers, expectTrue } from '../assertions.ts'
import { PASSWORD } from '../flows/account.ts'
import type { Setup } from '../flows/set-up.ts'
import { exchange, type WireAnswer } from './wire.ts'

/** A host, up and listening. */
export interface ServedHost {
  /** Where the router is mounted, such as `http://127.0.0.1:3000/auth`. Plain HTTP/1.1. */
  readonly url: string
  /** A `GET` route of the application behind `requireAuth(auth)`, such as `http://127.0.0.1:3000/invoices`. It answers 200. */
  readonly guardedUrl: string
  /** Stops it, with every connection. */
  close(): Promise<void>
}

/** Serves an auth on a free port of this machine. */
export type ServeHost = (auth: Auth) => Promise<ServedHost>

/** What a case works with: a host, an auth behind it, and somebody with an account. */
export interface Stage {
  readonly setup: Setup
  readonly host: ServedHost
}

/** A sentence about the host, and how to see that it is true. */
export interface HostCase {
  readonly title: string
  readonly run: (stage: Stage) => Promise<void>
  /** How the auth differs from the usual one. */
  readonly options: Partial<AuthOptions>
}

/** Cases about one thing. */
export interface HostGroup {
  readonly title: string
  readonly cases: readonly HostCase[]
}

export function hostCase(
  title: string,
  run: HostCase['run'],
  options: HostCase['options'] = {},
): HostCase {
  return { title, run, options }
}

/** How to ask, beside method and path. */
export interface Asking {
  readonly bearer?: string
  readonly headers?: readonly string[]
  /** An object is sent as JSON. */
  readonly body?: object | string | Uint8Array
}

/** The target of one of our routes in a request line. */
export function targetOf({ host }: Stage, path: string): string {
  return new URL(host.url).pathname.replace(/\/$/, '') + path
}

/** Asks one of our routes. */
export function ask(
  stage: Stage,
  method: string,
  path: string,
  { bearer, headers = [], body }: Asking = {},
): Promise<WireAnswer> {
  const isJson = typeof body === 'object' && !(body instanceof Uint8Array)
  const content = isJson ? JSON.stringify(body) : body
  return exchange(stage.host.url, {
    method,
    target: targetOf(stage, path),
    headers: [
      ...(isJson ? ['Content-Type: application/json'] : []),
      ...(bearer === undefined ? [] : [`Authorization: Bearer ${bearer}`]),
      ...headers,
    ],
    ...(content !== undefined && { body: content }),
  })
}

/** Asks the guarded route of the application. */
export function askGuarded({ host }: Stage, ...headers: readonly string[]): Promise<WireAnswer> {
  return exchange(host.guardedUrl, { target: new URL(host.guardedUrl).pathname, headers })
}

/** Logs Ada in, by the host. */
export async function logIn(stage: Stage): Promise<StartedSession> {
  const body = { identifier: stage.setup.ada.email, password: PASSWORD }
  const answer = await ask(stage, 'POST', '/login', { body })
  expectStatus(answer, 200, 'the login')
  return JSON.parse(answer.body)
}

export function expectStatus(answer: WireAnswer, status: number, what: string): void {
  expectEqual([answer.status, answer.status === status ? '' : answer.body], [status, ''], what)
}

/** The answer is the problem of that code, whole, with the headers that every answer has. */
export function expectProblem(answer: WireAnswer, code: AuthErrorCode, what: string): void {
  const { status } = problems[code]
  expectStatus(answer, status, what)
  expectMembers(
    JSON.parse(answer.body),
    { type: `urn:latchkey:problem:${code}`, title: problems[code].title, status, code },
    what,
  )
  expectEqual(answer.headers['content-type'], 'application/problem+json; charset=utf-8', what)
  expectProtected(answer, what)
}

/** It has the headers of every answer (S104), which others may add to. */
export function expectProtected({ headers }: WireAnswer, what: string): void {
  const { vary, ...exact } = securityHeaders
  expectMembers(headers, exact, what)
  const varies = (headers.vary ?? '').toLowerCase().split(/\s*,\s*/)
  const wanted = vary.toLowerCase().split(', ')
  expectTrue(
    wanted.every((name) => varies.includes(name)),
    `${what}: Vary names ${vary}`,
  )
}

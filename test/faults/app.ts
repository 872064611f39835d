import { type Auth, createAuth, type Message, type Store } from '@latchkey/core'
import { weakPasswords } from '@latchkey/core/testing'
import { authRouter } from '@latchkey/express-adapter'
import express from 'express'
import { expect } from 'vitest'
import { type Answer, httpClient } from '../support/http-client.ts'
import { expectProblem } from '../support/problems.ts'
import { serve } from '../support/running-host.ts'
import { ORIGIN, PASSWORD, SECRET, tokenIn } from '../support/setup.ts'

/** An application on a database that fails: an Express host with the routes of an auth. */
export interface App {
  readonly auth: Auth
  readonly messages: readonly Message[]
  /** What the operator is told of failures. */
  readonly errors: readonly unknown[]
  get(path: string, bearer?: string): Promise<TimedAnswer>
  post(path: string, body: object, bearer?: string): Promise<TimedAnswer>
  close(): Promise<void>
}

export interface TimedAnswer extends Answer {
  /** How long it took. */
  readonly seconds: number
}

/** What a client keeps of a login. */
export interface Session {
  readonly email: string
  readonly sessionId: string
  readonly accessToken: string
  readonly refreshToken: string
}

/** Serves an app on the store, with the system's clock. The store stays open. */
export async function openApp(store: Store): Promise<App> {
  const messages: Message[] = []
  const errors: unknown[] = []
  const auth = createAuth({
    secret: SECRET,
    store,
    origin: ORIGIN,
    passwords: { ...weakPasswords, maxQueue: 1000 },
    limits: { dangerouslyOff: true },
    maintenance: false,
    mailer: (message) => messages.push(message),
    onError: (error) => errors.push(causeOf(error)),
  })
  const host = await serve(express().use('/auth', authRouter(auth)))
  const client = httpClient(`${host.url}/auth`)
  return {
    auth,
    messages,
    errors,
    get: (path, bearer) => timed(client.get(path, bearer)),
    post: (path, body, bearer) => timed(client.post(path, body, bearer)),
    async close() {
      await host.close()
      await auth.close()
    },
  }
}

async function timed(answer: Promise<Answer>): Promise<TimedAnswer> {
  const began = performance.now()
  return { ...(await answer), seconds: (performance.now() - began) / 1000 }
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error && error.name === 'AuthError'
    ? error.cause
    : error
}

/** More than the store waits: 5 s for a connection or a row, 6 s for a server that says nothing. */
const SLOWEST = 7.5

/** Says that the app could not do it now, that nobody waited long for that, and when to come back. */
export function expectUnavailable(answer: TimedAnswer): void {
  expectProblem(answer, 503, 'unavailable')
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
  expect(answer.seconds).toBeLessThan(SLOWEST)
}

/** The answer is this, or {@link expectUnavailable}. Says whether it was this. */
export function succeeded(answer: TimedAnswer, status: number): boolean {
  if (answer.status === status) return true
  expectUnavailable(answer)
  return false
}

/** Makes an account and logs it in. */
export async function accountOf(app: App, email: string): Promise<Session> {
  await app.auth.createUser({ email, password: PASSWORD })
  return loginOf(app, email)
}

/** Logs in, which must work. */
export async function loginOf(app: App, email: string, password = PASSWORD): Promise<Session> {
  const answer = await app.post('/login', { identifier: email, password })
  expect(answer.body).toMatchObject({ user: { email } })
  return { ...answer.body, email }
}

/** Says that the session has not ended: its access token works, and its refresh token does. */
export async function expectAlive(app: App, session: Session): Promise<void> {
  const { accessToken, refreshToken } = session
  expect((await app.get('/me', accessToken)).status).toBe(200)
  expect((await app.post('/refresh', { refreshToken })).status).toBe(200)
}

/** Says that the session has ended. */
export async function expectOver(app: App, session: Session): Promise<void> {
  const { accessToken, refreshToken } = session
  expectProblem(await app.get('/me', accessToken), 401, 'invalid_token')
  expectProblem(await app.post('/refresh', { refreshToken }), 401, 'invalid_token')
}

/** The tokens of the activation links that went to the address so far, oldest first. */
export function activationTokens({ messages }: App, email: string): string[] {
  return messages
    .filter(({ kind, to }) => /^activate/.test(kind) && to === email)
    .map(({ link }) => tokenIn(link))
}

/** Says that the address can be activated by the last link that went to it, and then logs in. */
export async function expectRegistered(app: App, email: string): Promise<void> {
  const token = activationTokens(app, email).at(-1)
  expect((await app.post('/activate', { token })).status).toBe(200)
  await loginOf(app, email)
}

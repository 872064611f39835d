import {
  type Auth,
  type AuthOptions,
  createAuth,
  type RecordedEvent,
  type Store,
} from '@latchkey/core'
import {
  createOutbox,
  type FakeClock,
  fakeClock,
  type Outbox,
  weakPasswords,
} from '@latchkey/core/testing'
import { authRouter, optionalAuthOf, requireAuth } from '@latchkey/express-adapter'
import { memoryStore } from '@latchkey/memory-store'
import express from 'express'
import { onTestFinished } from 'vitest'
import { guardedRoutes } from './guarded-routes.ts'
import { type HttpClient, httpClient } from './http-client.ts'
import { serve } from './running-host.ts'

export const SECRET = 'a-secret-for-tests-0123456789-abcdefghijk'
export const ORIGIN = 'https://app.example'
export const PASSWORD = 'correct horse battery'

/** An auth with everything around it that a test wants to look at. */
export interface Setup {
  readonly auth: Auth
  readonly store: Store
  readonly clock: FakeClock
  readonly outbox: Outbox
  readonly events: RecordedEvent[]
  readonly errors: unknown[]
}

/** An auth on a memory store, with a clock that stands still. Closed when the test ends. */
export function setUp(options: Partial<AuthOptions> = {}): Setup {
  const clock = fakeClock()
  const outbox = createOutbox()
  const events: RecordedEvent[] = []
  const errors: unknown[] = []
  const store = options.store ?? memoryStore()
  const auth = createAuth({
    secret: options.secrets === undefined ? SECRET : undefined,
    origin: ORIGIN,
    mailer: outbox.send,
    sms: outbox.send,
    now: clock.now,
    passwords: weakPasswords,
    limits: { dangerouslyOff: true },
    maintenance: false,
    onError: (error) => errors.push(error),
    ...options,
    store,
  })
  auth.on('*', (event) => events.push(event))
  onTestFinished(() => auth.close())
  return { auth, store, clock, outbox, events, errors }
}

/** Registers and activates an account, and logs it in. */
export async function accountOf({ auth, outbox }: Setup, email = 'ada@example.com') {
  await auth.register({ email, password: PASSWORD })
  const user = await auth.activate({ token: tokenIn((await outbox.next('activate', email)).link) })
  return { email, user, session: await auth.login({ identifier: email, password: PASSWORD }) }
}

/** The token of a link in a message. */
export function tokenIn(link: string | undefined): string {
  return link?.split('token=')[1] ?? ''
}

/** The setup, served by Express under `/auth`, with the guarded routes beside it. */
export async function serveSetup(setup: Setup): Promise<HttpClient> {
  const app = express()
  app.use('/auth', authRouter(setup.auth))
  for (const [path, requirement] of Object.entries(guardedRoutes)) {
    for (const method of ['get', 'post'] as const) {
      app[method](path, requireAuth(setup.auth, requirement), (request, response) => {
        response.json(optionalAuthOf(request))
      })
    }
  }
  const host = await serve(app)
  onTestFinished(host.close)
  return httpClient(host.url)
}

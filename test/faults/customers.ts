import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { PASSWORD } from '../support/setup.ts'
import {
  type App,
  accountOf,
  expectAlive,
  expectRegistered,
  type Session,
  succeeded,
  type TimedAnswer,
} from './app.ts'

/** Many clients of an app, each with a session that it uses and renews without a pause. */
export interface Customers {
  /** How many requests were done. */
  done(): number
  /** How many were answered 503. */
  refused(): number
  /** Lets the requests under way end. Rejects when one was answered with anything but success or 503. */
  stop(): Promise<void>
  /** Says that nothing was lost: no session, no account, no registration. */
  expectAllKept(): Promise<void>
}

interface Customer {
  readonly email: string
  session: Session
  /** Addresses whose registration was answered 202. */
  readonly registered: string[]
}

const COUNT = 6
// Between two requests, so that a server that starts again gets some of the processor.
const PAUSE_MS = 10

/** Makes accounts, and lets their owners use the app until they are stopped. */
export async function customersOf(app: App): Promise<Customers> {
  const customers = await Promise.all(
    Array.from({ length: COUNT }, async (_, index): Promise<Customer> => {
      const email = `customer-${index}@example.com`
      return { email, session: await accountOf(app, email), registered: [] }
    }),
  )
  const counts = { done: 0, refused: 0 }
  let open = true

  async function use(customer: Customer): Promise<void> {
    for (let round = 0; open; round += 1) {
      for (const request of requests) {
        if (await request(app, customer, round)) counts.done += 1
        else counts.refused += 1
        await wait(PAUSE_MS)
      }
    }
  }

  const running = Promise.all(customers.map(use))
  // Heard when they are stopped.
  running.catch(() => {})
  return {
    done: () => counts.done,
    refused: () => counts.refused,
    async stop() {
      open = false
      await running
    },
    async expectAllKept() {
      for (const { session, registered } of customers) {
        await expectAlive(app, session)
        for (const email of registered.slice(-5)) await expectRegistered(app, email)
      }
      const count = customers.flatMap(({ registered }) => registered).length
      expect(count).toBeGreaterThan(0)
    },
  }
}

/** What a client does in turn. Each resolves whether it worked. */
const requests: readonly ((app: App, customer: Customer, round: number) => Promise<boolean>)[] = [
  async (app, { session }) => succeeded(await app.get('/me', session.accessToken), 200),

  async (app, customer) => {
    const { refreshToken } = customer.session
    return goesOn(customer, await app.post('/refresh', { refreshToken }))
  },

  async (app, { email, registered }, round) => {
    const address = `${round}-${email}`
    const body = { email: address, password: PASSWORD }
    const works = succeeded(await app.post('/register', body), 202)
    if (works) registered.push(address)
    return works
  },

  async (app, { email }) =>
    succeeded(await app.post('/login', { identifier: email, password: PASSWORD }), 200),
]

/** Keeps the new tokens, where there are any. */
function goesOn(customer: Customer, answer: TimedAnswer): boolean {
  const works = succeeded(answer, 200)
  if (works) customer.session = { ...customer.session, ...answer.body }
  return works
}

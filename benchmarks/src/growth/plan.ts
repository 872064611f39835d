import { hash } from 'node:crypto'
import type { EventRecord, Session, User } from '@latchkey/core'
import { exampleEvent, exampleSession, exampleUser } from '../records.ts'

/** Over so many days the users came, one after the other, each with one login. */
const PERIOD_DAYS = 60
const DAY_MS = 86_400_000

// Longer than any session lives, so that whoever came first may be chosen too.
const SESSION_DAYS = 400

/** Which records there are: user number n, from 0, has one session and one event. */
export interface Plan {
  readonly size: number
  readonly start: number
  readonly step: number
  readonly passwordHash: string
}

/** What has an id that is made from the number of a user. */
export type Kind = 'user' | 'session' | 'event'

export function planFor(size: number, passwordHash: string): Plan {
  const start = Date.now() - PERIOD_DAYS * DAY_MS
  return { size, start, step: Math.floor((PERIOD_DAYS * DAY_MS) / size), passwordHash }
}

/** A UUID of version 7 whose random bits can be made again. SQL has the same words in `fill-postgres.ts`. */
export function idOf({ start, step }: Plan, kind: Kind, n: number): string {
  const time = (start + n * step).toString(16).padStart(12, '0')
  const random = digestOf(kind, n)
  const parts = [time.slice(0, 8), time.slice(8), `7${random.slice(0, 3)}`]
  return [...parts, `8${random.slice(3, 6)}`, random.slice(6, 18)].join('-')
}

/** The salt of that user's session. */
export function saltOf(n: number): string {
  return digestOf('salt', n).slice(0, 22)
}

function digestOf(kind: string, n: number): string {
  return hash('md5', `${kind} ${n}`)
}

export function userOf(plan: Plan, n: number): User {
  const user = exampleUser(idOf(plan, 'user', n), `user-${n}@example.com`, timeOf(plan, n))
  return { ...user, passwordHash: plan.passwordHash }
}

export function sessionOf(plan: Plan, n: number): Session {
  const id = idOf(plan, 'session', n)
  const session = exampleSession(id, idOf(plan, 'user', n), timeOf(plan, n), SESSION_DAYS)
  return { ...session, salt: saltOf(n) }
}

export function eventOf(plan: Plan, n: number): EventRecord {
  return exampleEvent(idOf(plan, 'event', n), sessionOf(plan, n))
}

function timeOf({ start, step }: Plan, n: number): Date {
  return new Date(start + n * step)
}

/** How a database writes what is different in each row. */
export interface Spelling {
  id(kind: Kind): string
  readonly salt: string
  /** The time that is so many milliseconds after 1970. */
  time(milliseconds: string): string
}

/** The columns that are different in each row, as SQL over `n`; the others are those of the first row. */
export function differences(
  { start, step }: Plan,
  { id, salt, time }: Spelling,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const email = `'user-' || n || '@example.com'`
  const at = time(`${start} + n * ${step}`)
  const end = time(`${start + SESSION_DAYS * DAY_MS} + n * ${step}`)
  return {
    latchkey_users: {
      id: id('user'),
      email,
      email_as_typed: email,
      email_verified_at: at,
      created_at: at,
      updated_at: at,
    },
    latchkey_sessions: {
      id: id('session'),
      user_id: id('user'),
      salt,
      auth_time: at,
      created_at: at,
      last_seen_at: at,
      idle_expires_at: end,
      absolute_expires_at: end,
    },
    latchkey_events: { id: id('event'), at, user_id: id('user'), session_id: id('session') },
  }
}

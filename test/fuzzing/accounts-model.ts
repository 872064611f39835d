import type { Message } from '@latchkey/core'
import type { HttpClient } from '../support/http-client.ts'
import type { Setup } from '../support/setup.ts'

/** What is expected of three users and their accounts. */
export interface Model {
  readonly accounts: readonly Account[]
  /** Tokens that were refused, and where. */
  readonly refused: Refused[]
  /** Seconds that have passed. */
  elapsed: number
  /** How many passwords there have been. */
  passwords: number
}

/** What is expected of an account. */
export interface Account {
  readonly email: string
  state: 'none' | 'pending' | 'active' | 'disabled'
  id: string
  password: string
  /** Passwords that it had, or that never came to be its own. */
  oldPasswords: string[]
  /** Registrations that may still open it. */
  registrations: { readonly token: string; readonly password: string }[]
  /** The link to choose a password that works. */
  reset: string | null
  sessions: ExpectedSession[]
}

/** What is expected of a session. */
export interface ExpectedSession {
  readonly id: string
  alive: boolean
  accessToken: string
  refreshToken: string
  readonly spent: string[]
}

/** A token, and where it was refused. */
export interface Refused {
  readonly place: 'guard' | 'refresh' | 'activate' | 'reset'
  readonly token: string
}

/** What the commands act on. */
export interface World {
  readonly setup: Setup
  readonly client: HttpClient
  readonly root: string
}

/** Users of whom nobody knows yet. */
export function newModel(): Model {
  const accounts = ['ada', 'bob', 'eve'].map(
    (name): Account => ({
      email: `${name}@example.com`,
      state: 'none',
      id: '',
      password: '',
      oldPasswords: [],
      registrations: [],
      reset: null,
      sessions: [],
    }),
  )
  return { accounts, refused: [], elapsed: 0, passwords: 0 }
}

/** A password that there has not been. */
export function newPassword(model: Model): string {
  model.passwords += 1
  return `the password number ${model.passwords}`
}

/** Ends all sessions but one, and remembers their tokens as refused. */
export function endSessions(model: Model, account: Account, but?: ExpectedSession): void {
  for (const session of account.sessions) if (session !== but) endSession(model, session)
}

/** Ends a session: none of its tokens is to work any more. */
export function endSession(model: Model, session: ExpectedSession): void {
  session.alive = false
  model.refused.push({ place: 'guard', token: session.accessToken })
  for (const token of [session.refreshToken, ...session.spent]) {
    model.refused.push({ place: 'refresh', token })
  }
}

/** No registration opens the account any more. */
export function voidRegistrations(model: Model, account: Account): void {
  for (const { token, password } of account.registrations) {
    model.refused.push({ place: 'activate', token })
    if (password !== account.password) account.oldPasswords.push(password)
  }
  account.registrations = []
}

/** The link that was sent works no longer. */
export function voidReset(model: Model, account: Account): void {
  if (account.reset !== null) model.refused.push({ place: 'reset', token: account.reset })
  account.reset = null
}

/** The account has another password: nothing from before opens it. */
export function changePassword(model: Model, account: Account, password: string): void {
  if (account.password !== '') account.oldPasswords.push(account.password)
  account.password = password
  endSessions(model, account)
  voidReset(model, account)
}

/** Resolves the messages that were sent to an address by what is done, when all are out. */
export async function mailedBy(
  { setup: { auth, outbox } }: World,
  address: string,
  work: () => Promise<unknown>,
): Promise<readonly Message[]> {
  const before = outbox.messages.length
  await work()
  await auth.close()
  return outbox.messages.slice(before).filter(({ to }) => to === address)
}

/** The session goes on with other tokens, or with the same again. */
export function renew(session: ExpectedSession, tokens: ExpectedSession): void {
  if (tokens.refreshToken !== session.refreshToken) session.spent.push(session.refreshToken)
  session.accessToken = tokens.accessToken
  session.refreshToken = tokens.refreshToken
}

/** How a token is answered in its place. */
export async function statusOf({ client }: World, { place, token }: Refused): Promise<number> {
  const answers = {
    guard: () => client.get('/me', token),
    refresh: () => client.post('/refresh', { refreshToken: token }),
    activate: () => client.post('/activate', { token }),
    reset: () => client.post('/password/reset', { token, newPassword: 'never to be taken' }),
  }
  return (await answers[place]()).status
}

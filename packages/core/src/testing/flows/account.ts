import { AuthError, type AuthErrorCode } from '../../errors.ts'
import type { Message } from '../../messages/message.ts'
import type { MessageKind } from '../../messages.ts'
import type { Principal } from '../../principal.ts'
import type { User } from '../../records.ts'
import type { ShownTokens, ShownUser, StartedSession } from '../../shown.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { type Person, type Setup, settle } from './set-up.ts'

export const PASSWORD = 'correct horse battery'
export const NEW_PASSWORD = 'another horse battery'
/** What somebody knows who would like to be Ada. */
export const INTRUDERS_PASSWORD = 'trojan horse battery'

/** The secrets of a message: each proves who reads the mailbox. */
export interface Secrets {
  readonly token: string
  readonly code: string
}

/** An open account, logged in. */
export interface Account {
  readonly user: ShownUser
  readonly session: StartedSession
  readonly principal: Principal
}

/** How a call ended: `done`, or the code of the refusal. */
export type Answer = 'done' | AuthErrorCode

/** How the call ends. An error that is no refusal is shown as it is, and so is what failed in the store. */
export async function answerOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof AuthError)) return String(error)
      return error.cause === undefined ? error.code : `${error.code}: ${String(error.cause)}`
    },
  )
}

/** The call ends like this. */
export async function expectAnswer(
  call: Promise<unknown>,
  expected: Answer,
  what: string,
): Promise<void> {
  expectEqual(await answerOf(call), expected, what)
}

/** The newest message of that kind to the person, once nothing is left to do; `undefined` when none was sent. */
export async function newest(
  setup: Setup,
  kind: MessageKind,
  { email }: Person = setup.ada,
): Promise<Message | undefined> {
  await settle(setup)
  return setup.outbox.messages.findLast((message) => message.kind === kind && message.to === email)
}

/** The secrets of the newest message of that kind to the person. There must be one. */
export async function secretsOf(
  setup: Setup,
  kind: MessageKind,
  person: Person = setup.ada,
): Promise<Secrets> {
  const message = await newest(setup, kind, person)
  expectTrue(message !== undefined, `a message "${kind}" goes to ${person.email}`)
  return { token: tokenIn(message), code: message.code ?? '' }
}

/** The token of the message's link; nothing when there is no message, or no link in it. */
export function tokenIn(message: Message | undefined): string {
  return message?.link?.split('token=')[1] ?? ''
}

/** Registers the person by address, and resolves what the message to it holds. */
export async function registered(
  setup: Setup,
  person: Person = setup.ada,
  password = PASSWORD,
): Promise<Secrets> {
  await setup.auth.register({ email: person.email, password })
  return secretsOf(setup, 'activate', person)
}

/** Registers and activates an account, and logs it in. */
export async function accountOf(setup: Setup, person: Person = setup.ada): Promise<Account> {
  const { token } = await registered(setup, person)
  const user = await setup.auth.activate({ token })
  const session = await loginOf(setup, PASSWORD, person)
  return { user, session, principal: await setup.auth.authenticate(session.accessToken) }
}

/** Logs the person in. */
export function loginOf(
  setup: Setup,
  password = PASSWORD,
  { email }: Person = setup.ada,
): Promise<StartedSession> {
  return setup.auth.login({ identifier: email, password })
}

/** Asks for a password reset, and resolves what the message holds. */
export async function resetRequested(setup: Setup): Promise<Secrets> {
  await setup.auth.forgotPassword({ identifier: setup.ada.email })
  return secretsOf(setup, 'reset_password')
}

/** The record behind an address, as the store holds it. */
export function recordOf({ store }: Setup, { email }: Person): Promise<User | null> {
  return store.users.findByIdentifier({ kind: 'email', value: email })
}

/** The session can be used, and belongs to Ada. */
export async function expectAlive({ auth }: Setup, tokens: ShownTokens, what: string) {
  await expectAnswer(auth.authenticate(tokens.accessToken), 'done', what)
}

/** Neither of the tokens is good for anything. */
export async function expectOver(
  { auth }: Setup,
  { accessToken, refreshToken }: ShownTokens,
  what: string,
): Promise<void> {
  await expectAnswer(auth.authenticate(accessToken), 'invalid_token', `${what}: the access token`)
  await expectAnswer(auth.refresh({ refreshToken }), 'invalid_token', `${what}: the refresh token`)
}

/** The password opens Ada's account. */
export async function expectLogin(setup: Setup, password: string): Promise<void> {
  const login = await loginOf(setup, password)
  const { user } = await setup.auth.authenticate(login.accessToken)
  expectEqual(user.id, login.user.id, 'the user whose session it is')
}

/** The password opens nothing. */
export async function expectNoLogin(setup: Setup, password: string): Promise<void> {
  const answer = await answerOf(loginOf(setup, password))
  const refused = ['invalid_credentials', 'account_not_activated'].includes(answer)
  expectTrue(refused, `the password "${password}" must open nothing, but the answer is ${answer}`)
}

/** Whoever reads an active account's record finds a proof of its address (S018). */
export async function expectNoHalfOpenAccount(setup: Setup): Promise<void> {
  const user = await recordOf(setup, setup.ada)
  if (user?.status === 'active') {
    expectTrue(user.emailVerifiedAt !== null, 'the address of an active account is proved')
  }
  if (user?.status === 'pending') {
    expectEqual(user.passwordHash, null, 'the password hash of an account that waits')
  }
}

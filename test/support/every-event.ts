import type { AuthOptions, Principal } from '@latchkey/core'
import { office } from './administration.ts'
import { changeUser } from './changes.ts'
import { wrongCode } from './recovery.ts'
import { type Setup, tokenIn } from './setup.ts'
import { everything, textOf } from './transfer.ts'

/** What nobody but its owner may ever see. */
export const passwords = {
  first: 'the first password of Ada',
  second: 'the second password of Ada',
  third: 'the third password of Ada',
  wrong: 'a wrong guess at all of them',
} as const

export const CLIENT = { ip: '192.0.2.7', userAgent: 'Browser/1.0' } as const
const EMAIL = 'Ada.Private@example.com'
const NEW_EMAIL = 'Ada.Secretly@example.com'
const PHONE = '+12025550143'
const USERNAME = 'ada-the-private'

/** All that can be switched on. */
const optionsForEveryEvent = {
  ...everything,
  impersonation: true,
  deletionGrace: 86_400,
  sessions: { maxPerUser: 4 },
  // As wide as can be: one hundred guesses at an account reach a limit all the same.
  limits: {
    rules: {
      logins: { points: 100 },
      loginsOfAccount: { points: 100 },
      loginsFromAddress: { points: 1000 },
      messages: { points: 1000 },
      textMessages: { points: 1000 },
      messagesFromAddress: { points: 1000 },
    },
  },
} satisfies Partial<AuthOptions>

type Stage = Awaited<ReturnType<typeof office>>

/** Tokens that were given out in answers. */
type Tokens = string[]

/** Lets everything happen once of which there is an event, and resolves every token that was given out. */
export async function letEverythingHappen(options: Partial<AuthOptions> = {}) {
  const { sms: _, ...given } = optionsForEveryEvent
  const stage = await office({ ...given, ...options })
  const tokens: Tokens = []
  for (const chapter of [
    register,
    logIn,
    loseAnswers,
    changeThings,
    recover,
    administrate,
    leave,
    guess,
  ]) {
    await chapter(stage, tokens)
    await stage.setup.auth.close()
  }
  return { ...stage, tokens }
}

async function register({ setup }: Stage): Promise<void> {
  const { auth, outbox } = setup
  const input = { email: EMAIL, password: passwords.first }
  await auth.register(input, CLIENT)
  const { code = '' } = await outbox.next('activate', EMAIL)
  await refused(auth.activate({ identifier: EMAIL, code: wrongCode(code) }, CLIENT))
  await auth.resendActivation({ identifier: EMAIL }, CLIENT)
  const { link } = await outbox.next('activate', EMAIL)
  await auth.activate({ token: tokenIn(link) }, CLIENT)
  await auth.register({ ...input, password: passwords.second }, CLIENT)
}

async function logIn({ setup }: Stage, tokens: Tokens): Promise<void> {
  const { auth, store } = setup
  await refused(auth.login({ identifier: EMAIL, password: passwords.wrong }, CLIENT))
  for (let count = 0; count < 6; count += 1) await enter(setup, tokens)
  const { principal, accessToken } = await enter(setup, tokens)
  await refused(auth.setRoles(principal, principal.user.id, { roles: ['admin'] }, CLIENT))
  await auth.logout(accessToken, CLIENT)
  const { principal: again } = await enter(setup, tokens)
  await auth.endOtherSessions(again, CLIENT)
  const hash = (await store.users.find(again.user.id))?.passwordHash ?? null
  await changeUser(setup, again.user.id, () => ({ passwordHash: 'no hash' }))
  await refused(auth.login({ identifier: EMAIL, password: passwords.first }, CLIENT))
  await changeUser(setup, again.user.id, () => ({ passwordHash: hash }))
}

/** Its second successor is burnt, and whoever comes with the first token is a thief. */
async function loseAnswers({ setup }: Stage, tokens: Tokens): Promise<void> {
  const { auth, clock } = setup
  const { refreshToken } = await enter(setup, tokens)
  const lost = await auth.refresh({ refreshToken }, CLIENT)
  clock.advance(60)
  const found = await auth.refresh({ refreshToken }, CLIENT)
  await auth.authenticate(found.accessToken)
  clock.advance(60)
  await refused(auth.refresh({ refreshToken: lost.refreshToken }, CLIENT))
  tokens.push(lost.accessToken, lost.refreshToken, found.accessToken, found.refreshToken)
}

async function changeThings({ setup }: Stage, tokens: Tokens): Promise<void> {
  const { auth, outbox } = setup
  const { principal } = await enter(setup, tokens)
  const currentPassword = passwords.first
  const wrong = { email: NEW_EMAIL, currentPassword: passwords.wrong }
  await refused(auth.changeEmail(principal, wrong, CLIENT))
  const account = { username: USERNAME, profile: { name: 'Ada' }, currentPassword }
  await auth.updateAccount(principal, account, CLIENT)
  await auth.changePhone(principal, { phone: PHONE, currentPassword }, CLIENT)
  const { code = '' } = await outbox.next('change_phone', PHONE)
  await auth.confirmPhone(principal, { code }, CLIENT)
  await auth.changeEmail(principal, { email: NEW_EMAIL, currentPassword }, CLIENT)
  const { link } = await outbox.next('change_email', NEW_EMAIL)
  await auth.confirmEmail(principal, { token: tokenIn(link) }, CLIENT)
  const undo = await outbox.next('email_changed', EMAIL)
  await auth.undoEmailChange({ token: tokenIn(undo.link) }, CLIENT)
}

async function recover({ setup }: Stage, tokens: Tokens): Promise<void> {
  const { auth, outbox } = setup
  await auth.forgotPassword({ identifier: EMAIL }, CLIENT)
  await auth.close()
  const { link } = outbox.messages.findLast(({ kind }) => kind === 'reset_password') ?? {}
  const reset = { token: tokenIn(link), newPassword: passwords.second }
  await auth.resetPassword(reset, CLIENT)
  const { principal } = await enter(setup, tokens, passwords.second)
  const change = { currentPassword: passwords.second, newPassword: passwords.third }
  const { accessToken, refreshToken } = await auth.changePassword(principal, change, CLIENT)
  tokens.push(accessToken, refreshToken)
}

async function administrate({ setup, root, max }: Stage, tokens: Tokens): Promise<void> {
  const { auth, outbox } = setup
  const by = root.principal
  const { id } = await auth.inviteUser(by, { email: 'guest@example.com' }, CLIENT)
  const { link } = await outbox.next('invitation', 'guest@example.com')
  const acceptance = { token: tokenIn(link), password: passwords.third }
  await auth.acceptInvitation(acceptance, CLIENT)
  await auth.updateUser(by, id, { profile: { name: 'Guest' } }, CLIENT)
  await auth.setRoles(by, id, { roles: ['staff'] }, CLIENT)
  const { accessToken, refreshToken } = await auth.impersonate(by, id, CLIENT)
  const acting = await auth.authenticate(accessToken)
  await auth.updateAccount(acting, { profile: { name: 'Guest of honour' } }, CLIENT)
  await refused(auth.endOtherSessions(acting, CLIENT))
  await auth.endUserSessions(by, id, CLIENT)
  await auth.disableUser(by, id, CLIENT)
  await auth.enableUser(by, id, CLIENT)
  await refused(auth.disableUser(max.principal, root.id, CLIENT))
  await textOf(auth.exportUsers(by, {}, CLIENT))
  await auth.importUsers(by, rows({ email: 'imported@example.com' }), {}, CLIENT)
  await auth.deleteUser(by, id, CLIENT)
  tokens.push(accessToken, refreshToken)
}

async function leave({ setup }: Stage, tokens: Tokens): Promise<void> {
  const { auth } = setup
  const currentPassword = passwords.third
  const { principal } = await enter(setup, tokens, passwords.third)
  await auth.deleteAccount(principal, { currentPassword }, CLIENT)
  await enter(setup, tokens, passwords.third)
}

/** The last guess that is looked at locks the password, and the one after it is refused unseen. */
async function guess({ setup }: Stage): Promise<void> {
  const identifier = 'guessed@example.com'
  await setup.auth.createUser({ email: identifier, password: passwords.first })
  for (let count = 0; count <= 100; count += 1) {
    await refused(setup.auth.login({ identifier, password: passwords.wrong }, CLIENT))
  }
}

interface Entered {
  readonly principal: Principal
  readonly accessToken: string
  readonly refreshToken: string
}

async function enter(
  { auth, clock }: Setup,
  tokens: Tokens,
  password: string = passwords.first,
): Promise<Entered> {
  // Of sessions that begin in one instant nobody can tell which is the oldest.
  clock.advance(1)
  const session = await auth.login({ identifier: EMAIL, password }, CLIENT)
  const { accessToken, refreshToken } = session
  tokens.push(accessToken, refreshToken)
  return { principal: await auth.authenticate(accessToken), accessToken, refreshToken }
}

async function* rows(...accounts: readonly object[]): AsyncGenerator<object> {
  yield* accounts
}

async function refused(flow: Promise<unknown>): Promise<void> {
  const outcome = await flow.then(
    () => 'it went through',
    () => 'refused',
  )
  if (outcome !== 'refused') throw new Error(outcome)
}

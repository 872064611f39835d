import type { ShownUser } from '../../shown.ts'
import { expectEqual } from '../assertions.ts'
import {
  type Account,
  accountOf,
  expectNoLogin,
  NEW_PASSWORD,
  newest,
  PASSWORD,
  recordOf,
  type Secrets,
  secretsOf,
  tokenIn,
} from './account.ts'
import type { Person, Setup } from './set-up.ts'

/** Ada, under an address to which she moves, or is moved. */
export function moved({ ada }: Setup, to = 'moved'): Person {
  return { ...ada, email: `${to}-${ada.email}` }
}

/** Asks for another address, and resolves what the message to it holds. */
export async function moveRequested(
  setup: Setup,
  { principal }: Account,
  person: Person = moved(setup),
): Promise<Secrets> {
  const input = { email: person.email, currentPassword: PASSWORD }
  await setup.auth.changeEmail(principal, input)
  return secretsOf(setup, 'change_email', person)
}

/** An account that was given another address. */
export interface MovedAccount extends Account {
  /** The token by which the old address can undo it. */
  readonly undo: string
}

/** An account whose address was changed. */
export async function movedAccount(setup: Setup): Promise<MovedAccount> {
  const account = await accountOf(setup)
  await move(setup, account)
  return { ...account, undo: tokenIn(await newest(setup, 'email_changed')) }
}

/** Moves the account to the address. */
export async function move(
  setup: Setup,
  account: Account,
  person: Person = moved(setup),
): Promise<ShownUser> {
  const { token } = await moveRequested(setup, account, person)
  return setup.auth.confirmEmail(account.principal, { token })
}

/** The owner has the account again, and whoever knew the password has nothing. */
export async function expectRestored(setup: Setup, userId: string): Promise<void> {
  const user = await recordOf(setup, setup.ada)
  expectEqual(user?.id, userId, 'whose the old address is')
  await expectNoLogin(setup, PASSWORD)
  const { token } = await secretsOf(setup, 'reset_password')
  await setup.auth.resetPassword({ token, newPassword: NEW_PASSWORD })
  await setup.auth.login({ identifier: setup.ada.email, password: NEW_PASSWORD })
}

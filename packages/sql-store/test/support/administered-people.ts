import type { Auth, Principal } from '@latchkey/core'
import type { Outbox } from '@latchkey/core/testing'

/** What people hold whose records came with 0002-administration. */
export interface AdministeredHoldings {
  readonly actingRefreshToken: string
  readonly invitationToken: string
  readonly changeEmailToken: string
  readonly changePhoneCode: string
  readonly undoToken: string
}

export const ADMINISTERED = {
  chief: 'chief@example.com',
  invited: 'invited@example.com',
  changing: 'changing@example.com',
  changingTo: 'changed@example.com',
  changingPhone: '+14155552671',
  moved: 'moved@example.com',
  movedTo: 'moved-away@example.com',
  leaving: 'leaving@example.com',
  assisted: 'assisted@example.com',
}

interface Stage {
  readonly auth: Auth
  readonly outbox: Outbox
  readonly password: string
}

/** Lets an administrator, and people who change their accounts or leave, do what leaves records. */
export async function administer(stage: Stage): Promise<AdministeredHoldings> {
  const { auth, outbox, password } = stage
  const { chief: boss, leaving, invited, assisted } = ADMINISTERED
  const chief = await join(stage, boss, ['admin'])
  const { id } = await auth.createUser({ email: assisted, username: 'assisted', password })
  const client = { ip: '192.0.2.7', userAgent: 'Browser/1.0' }
  await auth.setRoles(chief, id, { roles: ['staff', 'user'] }, client)
  const acting = await auth.impersonate(chief, id, client)
  await auth.inviteUser(chief, { email: invited, roles: ['staff'] }, client)
  const invitation = await outbox.next('invitation', invited)
  await auth.deleteAccount(await join(stage, leaving), { currentPassword: password })
  return {
    actingRefreshToken: acting.refreshToken,
    invitationToken: tokenIn(invitation.link),
    undoToken: await move(stage),
    ...(await change(stage)),
  }
}

async function move(stage: Stage): Promise<string> {
  const { auth, outbox, password } = stage
  const { moved, movedTo } = ADMINISTERED
  const principal = await register(stage, moved)
  await auth.changeEmail(principal, { email: movedTo, currentPassword: password })
  const { link } = await outbox.next('change_email', movedTo)
  await auth.confirmEmail(principal, { token: tokenIn(link) })
  return tokenIn((await outbox.next('email_changed', moved)).link)
}

async function change(stage: Stage) {
  const { auth, outbox, password: currentPassword } = stage
  const { changing, changingTo, changingPhone } = ADMINISTERED
  const principal = await join(stage, changing)
  await auth.changeEmail(principal, { email: changingTo, currentPassword })
  const { link } = await outbox.next('change_email', changingTo)
  await auth.changePhone(principal, { phone: changingPhone, currentPassword })
  const { code = '' } = await outbox.next('change_phone', changingPhone)
  return { changeEmailToken: tokenIn(link), changePhoneCode: code }
}

/** Only an address that was proved can undo. */
async function register({ auth, outbox, password }: Stage, email: string): Promise<Principal> {
  await auth.register({ email, username: email.split('@')[0] ?? '', password })
  await auth.activate({ token: tokenIn((await outbox.next('activate', email)).link) })
  return auth.authenticate((await auth.login({ identifier: email, password })).accessToken)
}

/** Makes an account, and logs it in. */
async function join(
  { auth, password }: Stage,
  email: string,
  roles: readonly string[] = ['user'],
): Promise<Principal> {
  const username = email.split('@')[0] ?? ''
  await auth.createUser({ email, username, password, roles: [...roles] })
  return auth.authenticate((await auth.login({ identifier: email, password })).accessToken)
}

function tokenIn(link: string | undefined): string {
  return link?.split('token=')[1] ?? ''
}

import * as z from 'zod'
import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { namesOfUser } from '../identifiers.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { unlockPassword } from '../password-lock.ts'
import { checkNewPassword, passwordSchema } from '../passwords.ts'
import type { Principal } from '../principal.ts'
import { reauthenticate } from '../reauthentication.ts'
import { issueSession } from '../session-issue.ts'
import { endOlderSessions, type IssuedSession } from '../sessions.ts'
import { changeUser } from '../users.ts'

export const changePasswordInput = once(() =>
  z.strictObject({
    currentPassword: passwordSchema().optional(),
    newPassword: passwordSchema(),
  }),
)

/** What `changePassword` takes. */
export type ChangePasswordInput = InputOf<typeof changePasswordInput>

/**
 * Changes the password of who knows the current one, ends **all** sessions and opens a new one under the new
 * credentials. Sets the first password of an account that has none, after a fresh login.
 *
 * The password and the credential epoch change in one write, and every older session is dead with it: a crash after
 * that costs at most another login.
 */
export async function changePassword(
  ctx: Context,
  principal: Principal,
  input: ChangePasswordInput,
  client: Client,
): Promise<IssuedSession> {
  const { currentPassword, newPassword } = input
  const purpose = 'change_password'
  const found = await reauthenticate(ctx, principal, { currentPassword }, purpose, client)
  const { user, session } = found
  await checkNewPassword(ctx, '/newPassword', newPassword, namesOfUser(user))
  const passwordHash = await ctx.hasher.hash(newPassword)
  await unlockPassword(ctx, user, client)
  const changed = await changeUser(ctx, user.id, (current) => {
    // Another change was faster: what was proved above is no longer the password.
    if (current.credentialEpoch !== user.credentialEpoch) throw new AuthError('invalid_token')
    return { passwordHash, credentialEpoch: current.credentialEpoch + 1 }
  })
  if (changed === null) throw new AuthError('invalid_token')
  endOlderSessions(ctx, changed, 'password_changed')
  ctx.emit({ type: 'password.changed', userId: user.id, client })
  ctx.send({ kind: 'password_changed', to: changed })
  return issueSession(ctx, changed, { amr: ['pwd'], deviceName: session.device.name, client })
}

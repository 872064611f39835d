import * as z from 'zod'
import type { Context } from '../context.ts'
import { eraseUser, planDeletion } from '../deletion.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { passwordSchema } from '../passwords.ts'
import type { Principal } from '../principal.ts'
import { reauthenticate } from '../reauthentication.ts'
import type { User } from '../records.ts'

export const deleteAccountInput = once(() =>
  z.strictObject({ currentPassword: passwordSchema().optional() }),
)

/** For the application's own code: what a client sends never says that a password need not be given. */
export const deleteAccountOrder = once(() =>
  deleteAccountInput().extend({ recentLogin: z.boolean().optional() }),
)

/**
 * What `deleteAccount` takes. With `recentLogin` no password is asked for, but a login within 15 minutes (else
 * `reauth_required`): for APIs whose request to delete an account has no password in it.
 */
export type DeleteAccountInput = InputOf<typeof deleteAccountOrder>

/**
 * Deletes the own account: at once, or with the option `deletionGrace` at the time that is resolved, unless its owner
 * logs in before. All sessions end in both cases. Resolves when it will be deleted, `null` when it is. Throws
 * `last_administrator`.
 *
 * One write decides: a crash before it leaves the account as it was, one after it costs at most the message.
 */
export async function deleteAccount(
  ctx: Context,
  principal: Principal,
  input: DeleteAccountInput,
  client: Client,
): Promise<Date | null> {
  const purpose = 'delete_account'
  const { user } = await reauthenticate(ctx, principal, input, purpose, client)
  const check = (current: User) => {
    const same = current.status === 'active' && current.credentialEpoch === user.credentialEpoch
    if (!same) throw new AuthError('invalid_token')
  }
  const deletion = { client, reason: 'by_owner', check } as const
  const isAtOnce = ctx.settings.deletionGrace === 0
  const changed = await (isAtOnce ? eraseUser : planDeletion)(ctx, user.id, deletion)
  if (changed === null) throw new AuthError('invalid_token')
  return changed.deleteAfter
}

import type { Context } from '../context.ts'
import type { User } from '../records.ts'
import { type ShownAccount, shownAccount } from '../shown.ts'
import { exportedColumns } from './columns.ts'

/** A user as an export shows them: what an administrator may see of the account, and an import can give back. */
export type ExportedUser = Pick<ShownAccount, (typeof exportedColumns)[number]>

/** See {@link ExportedUser}. */
export function exportedUser(ctx: Pick<Context, 'settings'>, user: User): ExportedUser {
  const shown = shownAccount(ctx, user)
  const members = exportedColumns.map((column) => [column, shown[column]])
  return Object.fromEntries(members) as ExportedUser // its members are the columns
}

import type { Context } from './context.ts'
import type { Client } from './events.ts'
import type { Address } from './messages.ts'
import { issueOneTimeToken } from './one-time-tokens.ts'
import type { User } from './records.ts'

/** Who asked for a reset: the owner, as far as anybody knows, or an administrator. */
interface Request {
  readonly actorId?: string | null
  readonly client: Client
}

/** Sends a link and a code with which to choose a new password, in place of the message before. */
export async function sendReset(
  ctx: Context,
  user: User,
  address: Address,
  by: Request,
): Promise<void> {
  const request = { purpose: 'reset_password', slot: '', data: {}, address } as const
  const issued = await issueOneTimeToken(ctx, user, request)
  ctx.emit({ type: 'password.reset_requested', userId: user.id, ...by })
  ctx.send({ kind: 'reset_password', to: user, address, ...issued })
}

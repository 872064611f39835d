import * as z from 'zod'
import type { Context } from '../context.ts'
import type { Client } from '../events.ts'
import type { InputOf } from '../input.ts'
import { once } from '../once.ts'
import { endSession, findByToken } from '../sessions.ts'

// The names are those of RFC 7009, section 2.1. The hint is only a hint: a token says itself what it is.
export const revokeInput = once(() =>
  z.object({
    token: z.string().min(1).max(4096),
    token_type_hint: z.string().max(64).optional(),
  }),
)

/** What `revoke` takes. */
export type RevokeInput = InputOf<typeof revokeInput>

/** Ends the session of a token, access or refresh. Anything that is no token of ours is as good as revoked (RFC 7009, section 2.2). */
export async function revoke(ctx: Context, input: RevokeInput, client: Client): Promise<void> {
  const session = (await findByToken(ctx, input.token))?.session ?? null
  if (session !== null) await endSession(ctx, session, 'revoked', client)
}

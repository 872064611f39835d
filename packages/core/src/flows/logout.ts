import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { endSession, findByToken } from '../sessions.ts'

/**
 * Ends the session of an access or refresh token, also of an access token that has expired. Ending it twice is not an
 * error. Throws `invalid_token` for what was never a token of ours.
 */
export async function logout(ctx: Context, token: string, client: Client): Promise<void> {
  const session = await findByToken(ctx, token)
  if (session === null) throw new AuthError('invalid_token')
  await endSession(ctx, session, 'logout', client)
}

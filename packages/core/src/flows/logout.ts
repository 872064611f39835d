import type { Context } from '../context.ts'
import { AuthError } from '../errors.ts'
import type { Client } from '../events.ts'
import { endSession, findByToken } from '../sessions.ts'

/**
 * Ends the session of an access or refresh token, also of an access token that has expired. Ending it twice is not an
 * error. Throws `invalid_token` for what was never a token of ours, and for a refresh token whose session is forgotten,
 * an hour after its end.
 */
export async function logout(ctx: Context, token: string, client: Client): Promise<void> {
  const known = await findByToken(ctx, token)
  if (known === null) throw new AuthError('invalid_token')
  if (known.session !== null) await endSession(ctx, known.session, 'logout', client)
}

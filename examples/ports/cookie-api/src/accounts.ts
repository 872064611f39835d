import { type Auth, type AuthOptions, createAuth } from '@latchkey/core'
import * as z from 'zod'

// No identifier: two may have the same, with spaces in it, and nobody signs in with it.
const profile = z.object({ username: z.string().trim().min(1).max(80) })

export type Profile = z.infer<typeof profile>

const MINUTE = 60

/** Accounts that are known by an e-mail address, with sessions in cookies that end after ten idle minutes. */
export function createAccounts(options: Omit<AuthOptions<Profile>, 'profile'>): Auth<Profile> {
  return createAuth({
    profile,
    transport: 'cookie',
    // What Flask-JWT-Extended calls them: the scripts of pages look for the last one.
    cookies: {
      names: {
        accessToken: 'access_token_cookie',
        refreshToken: 'refresh_token_cookie',
        csrfToken: 'csrf_access_token',
      },
    },
    sessions: { idleLifetime: 10 * MINUTE, absoluteLifetime: 12 * 60 * MINUTE },
    accessToken: { lifetime: 5 * MINUTE },
    ...options,
  })
}

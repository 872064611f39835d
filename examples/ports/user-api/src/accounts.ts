import type { Auth, AuthOptions, ShownAccount, ShownUser } from '@latchkey/core'
import * as z from 'zod'

// What the column held: ten characters of anything.
const profile = z.object({ gender: z.string().trim().min(1).max(10).optional() })

type Profile = z.output<typeof profile>

/** The accounts of this API. */
export type UserAuth = Auth<Profile>

/** What they are known by, what opens them, and who administers. */
export const accountOptions = {
  identifiers: ['username', 'phone', 'email'],
  optionalIdentifiers: ['email'],
  activation: 'phone',
  profile,
  roles: ['user', 'admin'],
  // A client that does not take the newer refresh token has two of these before it must log in again.
  accessToken: { lifetime: 3600 },
} satisfies Partial<AuthOptions<Profile>>

/** An account, in the words of this API. Who sees their own has an open one. */
export function shownAccount(user: ShownUser<Profile> | ShownAccount<Profile>) {
  const { id: uuid, username, phone: mobile, email, profile } = user
  const status = !('status' in user) || user.status === 'active'
  return { email, gender: profile.gender ?? null, mobile, status, username, uuid }
}

/** The answer that most requests have. */
export function success(user: ShownUser<Profile>, message = 'Success!') {
  return { data: shownAccount(user), message, status: 200 }
}

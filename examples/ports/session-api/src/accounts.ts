import type { AuthOptions } from '@latchkey/core'

/** What accounts are in this API. The server and the move share it. */
export const accountOptions = {
  identifiers: ['username', 'email'],
  // The original's column may be NULL. `POST /new` asks for an address all the same.
  optionalIdentifiers: ['email'],
  // Nobody registers: an administrator makes accounts, which are open at once.
  activation: 'none',
  roles: ['user', 'admin'],
  // As long as can be: the original's clients know of no refresh, and have to log in again.
  accessToken: { lifetime: 3600 },
} as const satisfies Partial<AuthOptions>

import type { AuthOptions } from '@latchkey/core'

/** What every account has, and who may dump them: for the service and for the move alike. */
export const accounts = {
  identifiers: ['email', 'username'],
  roles: ['user', 'admin'],
} as const satisfies Partial<AuthOptions>

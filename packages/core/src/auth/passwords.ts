import type { Context } from '../context.ts'
import {
  checkPassword,
  type PasswordCheck,
  type PasswordOwner,
  passwordOwnerInput,
} from '../flows/check-password.ts'
import { parseInput } from '../input.ts'

/** Passwords that nobody has yet. */
export interface PasswordFunctions {
  readonly passwords: {
    /**
     * Whether a password would be accepted at registration, change and reset, and if not, why: for the form that asks
     * for it. Nothing is stored. Throws `unavailable` only where `breachCheck` is to refuse what it cannot look up.
     */
    check(password: string, owner?: PasswordOwner): Promise<PasswordCheck>
  }
}

export function passwordFunctions(ctx: Context): PasswordFunctions {
  return {
    passwords: Object.freeze({
      check: async (password: string, owner: PasswordOwner = {}) =>
        checkPassword(ctx, password, parseInput(passwordOwnerInput, owner)),
    }),
  }
}

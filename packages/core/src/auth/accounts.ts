import { type CreateUserInput, createUser, createUserInput } from '../admin/create-user.ts'
import { describeClient } from '../client.ts'
import type { Context } from '../context.ts'
import type { GivenClient } from '../events.ts'
import { type ActivateInput, activate, activateInput } from '../flows/activate.ts'
import {
  type ChangePasswordInput,
  changePassword,
  changePasswordInput,
} from '../flows/change-password.ts'
import {
  type ForgotPasswordInput,
  forgotPassword,
  forgotPasswordInput,
} from '../flows/forgot-password.ts'
import { loadUser } from '../flows/load-user.ts'
import { type RegisterInput, register, registerInput } from '../flows/register.ts'
import {
  type ResendActivationInput,
  resendActivation,
  resendActivationInput,
} from '../flows/resend-activation.ts'
import {
  type ResetPasswordInput,
  resetPassword,
  resetPasswordInput,
} from '../flows/reset-password.ts'
import { parseInput } from '../input.ts'
import { checkPrincipal, type Principal } from '../principal.ts'
import type { WithProfile } from '../profiles.ts'
import type { JsonObject } from '../records.ts'
import { type ShownUser, type StartedSession, shownStart, shownUser } from '../shown.ts'

/** Accounts and their passwords. */
export interface AccountFunctions<Profile = JsonObject> {
  /** Registers an account, and sends what activates it. Throws `username_taken`, `password_too_short`, `password_blocked`. */
  register(input: WithProfile<RegisterInput, Profile>, client?: GivenClient): Promise<void>
  /** Activates an account by link token or code. Throws `invalid_one_time_token`. */
  activate(input: ActivateInput, client?: GivenClient): Promise<ShownUser<Profile>>
  /** Sends the activation message again. Resolves alike for everybody. */
  resendActivation(input: ResendActivationInput, client?: GivenClient): Promise<void>
  /** Changes the password, ends all sessions and opens a new one. Throws `wrong_password`, `password_too_short`, `password_blocked`. */
  changePassword(
    principal: Principal,
    input: ChangePasswordInput,
    client?: GivenClient,
  ): Promise<StartedSession<Profile>>
  /** Sends a password reset. Resolves alike for everybody. */
  forgotPassword(input: ForgotPasswordInput, client?: GivenClient): Promise<void>
  /** Sets a new password by link token or code and ends all sessions. Throws `invalid_one_time_token`, `password_too_short`, `password_blocked`. */
  resetPassword(input: ResetPasswordInput, client?: GivenClient): Promise<void>
  /** The user's own record. Throws `invalid_token` when the user is gone. */
  loadUser(principal: Principal): Promise<ShownUser<Profile>>
  /**
   * Makes an active account, for the application's own code. Throws `email_taken`, `phone_taken`, `username_taken`; with
   * `ifExists: 'return'` it resolves the account that has the address, as it is.
   */
  createUser(input: WithProfile<CreateUserInput, Profile>): Promise<ShownUser<Profile>>
}

export function accountFunctions(ctx: Context): AccountFunctions {
  return {
    register: async (input, client) =>
      register(ctx, parseInput(registerInput, input), describeClient(client)),
    activate: async (input, client) =>
      shownUser(ctx, await activate(ctx, parseInput(activateInput, input), describeClient(client))),
    resendActivation: async (input, client) =>
      resendActivation(ctx, parseInput(resendActivationInput, input), describeClient(client)),
    changePassword: async (principal, input, client) =>
      shownStart(
        ctx,
        await changePassword(
          ctx,
          checkPrincipal('changePassword', principal),
          parseInput(changePasswordInput, input),
          describeClient(client),
        ),
      ),
    forgotPassword: async (input, client) =>
      forgotPassword(ctx, parseInput(forgotPasswordInput, input), describeClient(client)),
    resetPassword: async (input, client) =>
      resetPassword(ctx, parseInput(resetPasswordInput, input), describeClient(client)),
    loadUser: async (principal) =>
      shownUser(ctx, await loadUser(ctx, checkPrincipal('loadUser', principal))),
    createUser: async (input) =>
      shownUser(ctx, await createUser(ctx, parseInput(createUserInput, input))),
  }
}

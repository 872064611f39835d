import { describeClient } from '../client.ts'
import type { Context } from '../context.ts'
import type { GivenClient } from '../events.ts'
import { type ChangeEmailInput, changeEmail, changeEmailInput } from '../flows/change-email.ts'
import { type ChangePhoneInput, changePhone, changePhoneInput } from '../flows/change-phone.ts'
import { type ConfirmEmailInput, confirmEmail, confirmEmailInput } from '../flows/confirm-email.ts'
import { type ConfirmPhoneInput, confirmPhone, confirmPhoneInput } from '../flows/confirm-phone.ts'
import {
  type DeleteAccountInput,
  deleteAccount,
  deleteAccountOrder,
} from '../flows/delete-account.ts'
import { sendEmailVerification } from '../flows/send-email-verification.ts'
import {
  type UndoEmailChangeInput,
  undoEmailChange,
  undoEmailChangeInput,
} from '../flows/undo-email-change.ts'
import {
  type UpdateAccountInput,
  updateAccount,
  updateAccountInput,
} from '../flows/update-account.ts'
import { type VerifyEmailInput, verifyEmail, verifyEmailInput } from '../flows/verify-email.ts'
import { parseInput } from '../input.ts'
import { checkPrincipal, type Principal } from '../principal.ts'
import type { WithProfilePatch } from '../profiles.ts'
import type { JsonObject } from '../records.ts'
import { type ShownDeletion, type ShownUser, shownDeletion, shownUser } from '../shown.ts'

/**
 * Changes of the own account. Each that asks for `currentPassword` throws `wrong_password`, `reauth_required` for an
 * account without a password and with an old login, and `forbidden` while somebody acts in the user's name.
 */
export interface ChangeFunctions<Profile = JsonObject> {
  /** Asks for another e-mail address, to which a link and a code go. Resolves alike whether or not it is taken. */
  changeEmail(principal: Principal, input: ChangeEmailInput, client?: GivenClient): Promise<void>
  /** Gives the account the address that link or code prove. Throws `invalid_one_time_token`, `email_taken`. */
  confirmEmail(
    principal: Principal,
    input: ConfirmEmailInput,
    client?: GivenClient,
  ): Promise<ShownUser<Profile>>
  /** Gives the account back to the address that it had, by the link that went there. Throws `invalid_one_time_token`, `email_taken`. */
  undoEmailChange(input: UndoEmailChangeInput, client?: GivenClient): Promise<void>
  /**
   * Sends a link and a code to the e-mail address that the account has, unless it is proved, and resolves whether there is
   * something to prove. Wants no password. Throws `forbidden` while somebody acts in the user's name.
   */
  sendEmailVerification(principal: Principal, client?: GivenClient): Promise<boolean>
  /** Proves the address that the account has, by the link and without a session. Throws `invalid_one_time_token`, also for a link to another address. */
  verifyEmail(input: VerifyEmailInput, client?: GivenClient): Promise<ShownUser<Profile>>
  /** Asks for another phone number, to which a code goes. Resolves alike whether or not it is taken. */
  changePhone(principal: Principal, input: ChangePhoneInput, client?: GivenClient): Promise<void>
  /** Gives the account the number that the code proves. Throws `invalid_one_time_token`, `phone_taken`. */
  confirmPhone(
    principal: Principal,
    input: ConfirmPhoneInput,
    client?: GivenClient,
  ): Promise<ShownUser<Profile>>
  /** Changes profile and username. Another username wants `currentPassword`. Throws `username_taken`. */
  updateAccount(
    principal: Principal,
    input: WithProfilePatch<UpdateAccountInput, Profile>,
    client?: GivenClient,
  ): Promise<ShownUser<Profile>>
  /** Deletes the account, now or when the option `deletionGrace` says, and ends all sessions. Throws `last_administrator`. */
  deleteAccount(
    principal: Principal,
    input: DeleteAccountInput,
    client?: GivenClient,
  ): Promise<ShownDeletion>
}

export function changeFunctions(ctx: Context): ChangeFunctions {
  return { ...addressFunctions(ctx), ...verificationFunctions(ctx), ...ownFunctions(ctx) }
}

function addressFunctions(ctx: Context) {
  return {
    changeEmail: async (principal, input, client) =>
      changeEmail(
        ctx,
        checkPrincipal('changeEmail', principal),
        parseInput(changeEmailInput, input),
        describeClient(client),
      ),
    async confirmEmail(principal, input, client) {
      const subject = checkPrincipal('confirmEmail', principal)
      const proof = parseInput(confirmEmailInput, input)
      return shownUser(ctx, await confirmEmail(ctx, subject, proof, describeClient(client)))
    },
    undoEmailChange: async (input, client) =>
      undoEmailChange(ctx, parseInput(undoEmailChangeInput, input), describeClient(client)),
    changePhone: async (principal, input, client) =>
      changePhone(
        ctx,
        checkPrincipal('changePhone', principal),
        parseInput(changePhoneInput, input),
        describeClient(client),
      ),
    async confirmPhone(principal, input, client) {
      const subject = checkPrincipal('confirmPhone', principal)
      const proof = parseInput(confirmPhoneInput, input)
      return shownUser(ctx, await confirmPhone(ctx, subject, proof, describeClient(client)))
    },
  } satisfies Partial<ChangeFunctions>
}

function verificationFunctions(ctx: Context) {
  return {
    sendEmailVerification: async (principal, client) =>
      sendEmailVerification(
        ctx,
        checkPrincipal('sendEmailVerification', principal),
        describeClient(client),
      ),
    async verifyEmail(input, client) {
      const proof = parseInput(verifyEmailInput, input)
      return shownUser(ctx, await verifyEmail(ctx, proof, describeClient(client)))
    },
  } satisfies Partial<ChangeFunctions>
}

function ownFunctions(ctx: Context) {
  return {
    async updateAccount(principal, input, client) {
      const subject = checkPrincipal('updateAccount', principal)
      const changes = parseInput(updateAccountInput, input)
      return shownUser(ctx, await updateAccount(ctx, subject, changes, describeClient(client)))
    },
    async deleteAccount(principal, input, client) {
      const subject = checkPrincipal('deleteAccount', principal)
      const proof = parseInput(deleteAccountOrder, input)
      return shownDeletion(await deleteAccount(ctx, subject, proof, describeClient(client)))
    },
  } satisfies Partial<ChangeFunctions>
}

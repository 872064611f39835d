import * as z from 'zod'
import type { Settings } from '../context.ts'
import type { AuthErrorCode } from '../errors.ts'
import { changeEmail, changeEmailInput } from '../flows/change-email.ts'
import { changePhone, changePhoneInput } from '../flows/change-phone.ts'
import { confirmEmail, confirmEmailInput, confirmEmailInputUnder } from '../flows/confirm-email.ts'
import { confirmPhone, confirmPhoneInput } from '../flows/confirm-phone.ts'
import { deleteAccount, deleteAccountInput } from '../flows/delete-account.ts'
import { undoEmailChange, undoEmailChangeInput } from '../flows/undo-email-change.ts'
import {
  updateAccount,
  updateAccountInput,
  updateAccountInputUnder,
} from '../flows/update-account.ts'
import { once } from '../once.ts'
import { type ShownDeletion, shownDeletion, shownUser } from '../shown.ts'
import { nothing, ok, userSchema } from './answer.ts'
import { jsonOrNothing } from './door.ts'
import { open, ownWith, type Route } from './route.ts'

/** What whoever has to prove anew who they are may meet with. */
const proofRefusals: readonly AuthErrorCode[] = [
  'wrong_password',
  'reauth_required',
  'forbidden',
  'overloaded',
  'rate_limited',
]

const deletionSchema = once(
  () =>
    z.object({
      deleteAfter: z.string().nullable().meta({
        format: 'date-time',
        description: 'A login before restores the account. `null` when it is gone.',
      }),
    }) satisfies z.ZodType<ShownDeletion>,
)

const hasEmail = ({ identifiers }: Settings) => identifiers.includes('email')
const hasPhone = ({ identifiers }: Settings) => identifiers.includes('phone')

const emailRoutes: readonly Route[] = [
  ownWith({
    method: 'POST',
    path: '/email/change',
    when: hasEmail,
    operation: 'changeEmail',
    summary: 'Have a link and a code sent to a new e-mail address',
    input: changeEmailInput,
    answers: nothing(202, 'The same, whether or not the address is taken.'),
    refusals: proofRefusals,
    handle: (ctx, principal, input, { client }) => changeEmail(ctx, principal, input, client),
  }),
  ownWith({
    method: 'POST',
    path: '/email/confirm',
    when: hasEmail,
    operation: 'confirmEmail',
    summary: 'Confirm the new e-mail address, by the token of the link or by the code',
    input: confirmEmailInput,
    inputUnder: confirmEmailInputUnder,
    answers: ok(userSchema, 'The user, with the new address.'),
    refusals: ['invalid_one_time_token', 'email_taken', 'forbidden', 'rate_limited'],
    handle: async (ctx, principal, input, { client }) =>
      shownUser(ctx, await confirmEmail(ctx, principal, input, client)),
  }),
  open({
    method: 'POST',
    path: '/email/undo',
    when: hasEmail,
    operation: 'undoEmailChange',
    summary: 'Restore the address that the account had, by the token of the link that went there',
    input: undoEmailChangeInput,
    answers: nothing(204, 'It is restored: sessions and password are gone, a new one can be set.'),
    refusals: ['invalid_one_time_token', 'email_taken'],
    handle: (ctx, input, { client }) => undoEmailChange(ctx, input, client),
  }),
]

const phoneRoutes: readonly Route[] = [
  ownWith({
    method: 'POST',
    path: '/phone/change',
    when: hasPhone,
    operation: 'changePhone',
    summary: 'Have a code sent to a new phone number',
    input: changePhoneInput,
    answers: nothing(202, 'The same, whether or not the number is taken.'),
    refusals: proofRefusals,
    handle: (ctx, principal, input, { client }) => changePhone(ctx, principal, input, client),
  }),
  ownWith({
    method: 'POST',
    path: '/phone/confirm',
    when: hasPhone,
    operation: 'confirmPhone',
    summary: 'Confirm the new phone number by the code',
    input: confirmPhoneInput,
    answers: ok(userSchema, 'The user, with the new number.'),
    refusals: ['invalid_one_time_token', 'phone_taken', 'forbidden', 'rate_limited'],
    handle: async (ctx, principal, input, { client }) =>
      shownUser(ctx, await confirmPhone(ctx, principal, input, client)),
  }),
]

/** Changes of the own account that have to be proved. */
export const changeRoutes: readonly Route[] = [
  ...emailRoutes,
  ...phoneRoutes,
  ownWith({
    method: 'PATCH',
    path: '/me',
    operation: 'updateMe',
    summary: 'Change the own profile, or the own username with the current password',
    input: updateAccountInput,
    inputUnder: updateAccountInputUnder,
    answers: ok(userSchema, 'The user, as it is now.'),
    // The profile needs no proof.
    refusalsUnder: ({ identifiers }) =>
      identifiers.includes('username') ? [...proofRefusals, 'username_taken'] : [],
    handle: async (ctx, principal, input, { client }) =>
      shownUser(ctx, await updateAccount(ctx, principal, input, client)),
  }),
  ownWith({
    method: 'DELETE',
    path: '/me',
    operation: 'deleteMe',
    summary: 'Delete the own account: all sessions end',
    input: deleteAccountInput,
    door: jsonOrNothing,
    answers: ok(deletionSchema, 'It is gone, or will be.'),
    refusals: [...proofRefusals, 'last_administrator'],
    handle: async (ctx, principal, input, { client }) =>
      shownDeletion(await deleteAccount(ctx, principal, input, client)),
  }),
]

import * as z from 'zod'
import type { Settings } from '../context.ts'
import type { AuthErrorCode } from '../errors.ts'
import { activate, activateInput } from '../flows/activate.ts'
import { changePassword, changePasswordInput } from '../flows/change-password.ts'
import { forgotPassword, forgotPasswordInput } from '../flows/forgot-password.ts'
import { loadUser } from '../flows/load-user.ts'
import { register, registerInput, registerInputUnder } from '../flows/register.ts'
import { resendActivation, resendActivationInput } from '../flows/resend-activation.ts'
import { resetPassword, resetPasswordInput } from '../flows/reset-password.ts'
import { once } from '../once.ts'
import { eitherProof } from '../one-time-tokens.ts'
import { newPasswordUnder } from '../passwords.ts'
import { shownUser } from '../shown.ts'
import { nothing, ok, userSchema } from './answer.ts'
import { open, own, ownWith, type Route } from './route.ts'
import { sessionStarts } from './session-answer.ts'

/** What a new password may meet with. */
const newPassword: readonly AuthErrorCode[] = [
  'password_too_short',
  'password_blocked',
  'overloaded',
]

const activatedSchema = once(() => z.object({ user: userSchema() }))

/** Where an administrator opens accounts, nothing that was sent does. */
const opensByMessage = ({ activation }: Settings) => activation !== 'admin'

/** Accounts and their passwords. */
export const accountRoutes: readonly Route[] = [
  open({
    method: 'POST',
    path: '/register',
    operation: 'register',
    summary: 'Register an account, and have the activation message sent',
    input: registerInput,
    inputUnder: registerInputUnder,
    answers: nothing(202, 'The same, whether or not the address was free.'),
    refusals: newPassword,
    refusalsUnder: ({ identifiers }) =>
      identifiers.includes('username') ? ['username_taken'] : [],
    handle: (ctx, input, { client }) => register(ctx, input, client),
  }),
  open({
    method: 'POST',
    path: '/activate',
    when: opensByMessage,
    operation: 'activate',
    summary: 'Activate an account, by the token of a link, or by identifier and code',
    input: activateInput,
    inputUnder: () => eitherProof(),
    answers: ok(activatedSchema, 'The account is active.'),
    refusals: ['invalid_one_time_token'],
    handle: async (ctx, input, { client }) => ({
      user: shownUser(ctx, await activate(ctx, input, client)),
    }),
  }),
  open({
    method: 'POST',
    path: '/activate/resend',
    when: opensByMessage,
    operation: 'resendActivation',
    summary: 'Have the activation message sent again',
    input: resendActivationInput,
    answers: nothing(202, 'The same for everybody.'),
    handle: (ctx, input, { client }) => resendActivation(ctx, input, client),
  }),
  ownWith({
    method: 'POST',
    path: '/password/change',
    operation: 'changePassword',
    summary: 'Change the password: all sessions end, and a new one begins',
    input: changePasswordInput,
    inputUnder: (settings) =>
      changePasswordInput().extend({ newPassword: newPasswordUnder(settings) }),
    answers: sessionStarts('The new session.'),
    refusals: [...newPassword, 'wrong_password', 'reauth_required', 'forbidden', 'rate_limited'],
    handle: (ctx, principal, input, { client }) => changePassword(ctx, principal, input, client),
  }),
  open({
    method: 'POST',
    path: '/password/forgot',
    operation: 'forgotPassword',
    summary: 'Have a link and a code sent with which to choose a new password',
    input: forgotPasswordInput,
    answers: nothing(202, 'The same for everybody.'),
    handle: (ctx, input, { client }) => forgotPassword(ctx, input, client),
  }),
  open({
    method: 'POST',
    path: '/password/reset',
    operation: 'resetPassword',
    summary: 'Set a new password, by the token of a link, or by identifier and code',
    input: resetPasswordInput,
    inputUnder: (settings) => eitherProof({ newPassword: newPasswordUnder(settings) }),
    answers: nothing(204, 'The password is set, and all sessions have ended.'),
    refusals: [...newPassword, 'invalid_one_time_token'],
    handle: (ctx, input, { client }) => resetPassword(ctx, input, client),
  }),
  own({
    method: 'GET',
    path: '/me',
    operation: 'readMe',
    summary: 'Read the own account',
    consistency: 'feed',
    answers: ok(userSchema, 'The user.'),
    handle: async (ctx, principal) => shownUser(ctx, await loadUser(ctx, principal)),
  }),
]

import * as z from 'zod'
import { inviteUser, inviteUserInput, inviteUserInputUnder } from '../admin/invite-user.ts'
import { resendInvitation } from '../admin/resend-invitation.ts'
import type { Settings } from '../context.ts'
import {
  acceptInvitation,
  acceptInvitationInput,
  acceptInvitationInputUnder,
} from '../flows/accept-invitation.ts'
import { once } from '../once.ts'
import { shownAccount, shownUser } from '../shown.ts'
import { accountSchema, created, nothing, ok, userSchema } from './answer.ts'
import { open, own, ownWith, type Route } from './route.ts'
import { takenUnder } from './user-routes.ts'

const openedSchema = once(() => z.object({ user: userSchema() }))

/** An invitation needs a way to get to somebody. */
const hasAddress = ({ identifiers }: Settings) => identifiers.some((kind) => kind !== 'username')

/** Accounts that an administrator makes, and their owners open. */
export const invitationRoutes: readonly Route[] = [
  ownWith({
    method: 'POST',
    path: '/users',
    when: hasAddress,
    operation: 'inviteUser',
    summary: 'Make an account for somebody, and have the invitation sent',
    permission: 'users:write',
    input: inviteUserInput,
    inputUnder: inviteUserInputUnder,
    answers: created(accountSchema, 'The account, which waits for its owner.'),
    refusals: ['reauth_required'],
    refusalsUnder: takenUnder,
    handle: async (ctx, principal, input, { client }) =>
      shownAccount(ctx, await inviteUser(ctx, principal, input, client)),
  }),
  own({
    method: 'POST',
    path: '/users/:id/invite',
    when: hasAddress,
    operation: 'resendInvitation',
    summary: 'Have the invitation sent again',
    permission: 'users:write',
    answers: nothing(202, 'It is on its way. The one before is void.'),
    refusals: ['not_found', 'wrong_status', 'rate_limited'],
    handle: (ctx, principal, { client, id }) => resendInvitation(ctx, principal, id, client),
  }),
  open({
    method: 'POST',
    path: '/invitation/accept',
    when: hasAddress,
    operation: 'acceptInvitation',
    summary: 'Open the account of an invitation, with a password of its owner',
    input: acceptInvitationInput,
    inputUnder: acceptInvitationInputUnder,
    answers: ok(openedSchema, 'The account is active.'),
    refusals: ['invalid_one_time_token', 'password_too_short', 'password_blocked', 'overloaded'],
    refusalsUnder: ({ identifiers }) =>
      identifiers.includes('username') ? ['username_taken'] : [],
    handle: async (ctx, input, { client }) => ({
      user: shownUser(ctx, await acceptInvitation(ctx, input, client)),
    }),
  }),
]

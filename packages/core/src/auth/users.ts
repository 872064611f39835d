import { deleteUser } from '../admin/delete-user.ts'
import { disableUser } from '../admin/disable-user.ts'
import { enableUser } from '../admin/enable-user.ts'
import { endUserSessions } from '../admin/end-user-sessions.ts'
import { impersonate } from '../admin/impersonate.ts'
import { type InviteUserInput, inviteUser, inviteUserInput } from '../admin/invite-user.ts'
import { listUserSessions } from '../admin/list-user-sessions.ts'
import { listUsers } from '../admin/list-users.ts'
import { readUser } from '../admin/read-user.ts'
import { resendInvitation } from '../admin/resend-invitation.ts'
import { sendPasswordReset } from '../admin/send-password-reset.ts'
import { type SetRolesInput, setRoles, setRolesInput } from '../admin/set-roles.ts'
import { type UpdateUserInput, updateUser, updateUserInput } from '../admin/update-user.ts'
import { type Actor, checkActor } from '../authority.ts'
import { describeClient } from '../client.ts'
import type { Context } from '../context.ts'
import type { GivenClient } from '../events.ts'
import {
  type AcceptInvitationInput,
  acceptInvitation,
  acceptInvitationInput,
} from '../flows/accept-invitation.ts'
import { parseInput } from '../input.ts'
import { checkPrincipal, type Principal } from '../principal.ts'
import type { WithProfile, WithProfilePatch } from '../profiles.ts'
import type { JsonObject } from '../records.ts'
import {
  type ShownAccount,
  type ShownSession,
  type ShownUser,
  type StartedSession,
  shownAccount,
  shownSession,
  shownStart,
  shownUser,
} from '../shown.ts'
import { type ListUsersInput, listUsersInput } from '../user-listing.ts'

/** Some accounts, and how to go on. */
export interface ShownAccountPage<Profile = JsonObject> {
  readonly users: readonly ShownAccount<Profile>[]
  /** What to ask for the next page with; `null` when this is the last. */
  readonly cursor: string | null
}

/**
 * Accounts, for administrators and for the application itself. Each takes who acts first: a principal, whose roles must
 * allow it and who must stand as high as the account, or else `forbidden` is thrown; or `'system'`, the application's own
 * code, which is asked neither. An id of nobody, and of somebody deleted, is `not_found`. Whatever would leave the
 * application without an administrator is refused with `last_administrator`.
 */
export interface UserFunctions<Profile = JsonObject> {
  /** A page of the accounts that are meant. Permission `users:read`. */
  listUsers(
    by: Actor,
    input?: ListUsersInput,
    client?: GivenClient,
  ): Promise<ShownAccountPage<Profile>>
  /** Permission `users:read`. */
  readUser(by: Actor, userId: string, client?: GivenClient): Promise<ShownAccount<Profile>>
  /** Makes an account that waits for its owner, and sends the invitation. Permission `users:write`; with roles, `users:roles`. Throws `email_taken`, `phone_taken`, `username_taken`, `reauth_required`. */
  inviteUser(
    by: Actor,
    input: WithProfile<InviteUserInput, Profile>,
    client?: GivenClient,
  ): Promise<ShownAccount<Profile>>
  /** Sends the invitation again. What was sent before is void, also to whoever registered the address. Permission `users:write`. Throws `wrong_status`. */
  resendInvitation(by: Actor, userId: string, client?: GivenClient): Promise<void>
  /** Opens the account of an invitation, with a password of its owner. Throws `invalid_one_time_token`, `username_taken`, `password_too_short`, `password_blocked`. */
  acceptInvitation(
    input: WithProfile<AcceptInvitationInput, Profile>,
    client?: GivenClient,
  ): Promise<ShownUser<Profile>>
  /** Changes identifiers and profile. Permission `users:write`. Throws `email_taken`, `phone_taken`, `username_taken`, `reauth_required`. */
  updateUser(
    by: Actor,
    userId: string,
    input: WithProfilePatch<UpdateUserInput, Profile>,
    client?: GivenClient,
  ): Promise<ShownAccount<Profile>>
  /** Gives the account these roles and no others. Permission `users:roles`. */
  setRoles(
    by: Actor,
    userId: string,
    input: SetRolesInput,
    client?: GivenClient,
  ): Promise<ShownAccount<Profile>>
  /** Keeps the user out, and ends every session. Permission `users:write`. Throws `wrong_status`. */
  disableUser(by: Actor, userId: string, client?: GivenClient): Promise<ShownAccount<Profile>>
  /** Opens an account that was disabled or that waits. Permission `users:write`. */
  enableUser(by: Actor, userId: string, client?: GivenClient): Promise<ShownAccount<Profile>>
  /** Deletes the account at once. Permission `users:write`. */
  deleteUser(by: Actor, userId: string, client?: GivenClient): Promise<void>
  /** Sends a link and a code with which to choose a new password. Permission `users:write`. Throws `wrong_status`. */
  sendPasswordReset(by: Actor, userId: string, client?: GivenClient): Promise<void>
  /** The live sessions of a user, newest first. Permission `users:read`. */
  listUserSessions(
    by: Actor,
    userId: string,
    client?: GivenClient,
  ): Promise<readonly ShownSession[]>
  /** Ends every session of a user. Permission `users:write`. */
  endUserSessions(by: Actor, userId: string, client?: GivenClient): Promise<void>
  /** Opens a session in the name of a user who stands below, where the option `impersonation` allows it. Permission `users:impersonate`. Throws `wrong_status`. */
  impersonate(
    principal: Principal,
    userId: string,
    client?: GivenClient,
  ): Promise<StartedSession<Profile>>
}

export function userFunctions(ctx: Context): UserFunctions {
  return { ...accountFunctions(ctx), ...invitationFunctions(ctx), ...sessionFunctions(ctx) }
}

function accountFunctions(ctx: Context) {
  return {
    async listUsers(by, input = {}, client) {
      const parsed = parseInput(listUsersInput, input)
      const actor = checkActor('listUsers', by)
      const { users, cursor } = await listUsers(ctx, actor, parsed, describeClient(client))
      return { users: users.map((user) => shownAccount(ctx, user)), cursor }
    },
    async readUser(by, userId, client) {
      const actor = checkActor('readUser', by)
      return shownAccount(ctx, await readUser(ctx, actor, userId, describeClient(client)))
    },
    async updateUser(by, userId, input, client) {
      const actor = checkActor('updateUser', by)
      const parsed = parseInput(updateUserInput, input)
      return shownAccount(ctx, await updateUser(ctx, actor, userId, parsed, describeClient(client)))
    },
    async setRoles(by, userId, input, client) {
      const actor = checkActor('setRoles', by)
      const parsed = parseInput(setRolesInput, input)
      return shownAccount(ctx, await setRoles(ctx, actor, userId, parsed, describeClient(client)))
    },
    async disableUser(by, userId, client) {
      const actor = checkActor('disableUser', by)
      return shownAccount(ctx, await disableUser(ctx, actor, userId, describeClient(client)))
    },
    async enableUser(by, userId, client) {
      const actor = checkActor('enableUser', by)
      return shownAccount(ctx, await enableUser(ctx, actor, userId, describeClient(client)))
    },
    deleteUser: async (by, userId, client) =>
      deleteUser(ctx, checkActor('deleteUser', by), userId, describeClient(client)),
    sendPasswordReset: async (by, userId, client) =>
      sendPasswordReset(ctx, checkActor('sendPasswordReset', by), userId, describeClient(client)),
  } satisfies Partial<UserFunctions>
}

function invitationFunctions(ctx: Context) {
  return {
    async inviteUser(by, input, client) {
      const actor = checkActor('inviteUser', by)
      const parsed = parseInput(inviteUserInput, input)
      return shownAccount(ctx, await inviteUser(ctx, actor, parsed, describeClient(client)))
    },
    resendInvitation: async (by, userId, client) =>
      resendInvitation(ctx, checkActor('resendInvitation', by), userId, describeClient(client)),
    async acceptInvitation(input, client) {
      const parsed = parseInput(acceptInvitationInput, input)
      return shownUser(ctx, await acceptInvitation(ctx, parsed, describeClient(client)))
    },
  } satisfies Partial<UserFunctions>
}

function sessionFunctions(ctx: Context) {
  return {
    async listUserSessions(by, userId, client) {
      const actor = checkActor('listUserSessions', by)
      const sessions = await listUserSessions(ctx, actor, userId, describeClient(client))
      const currentId = actor === 'system' ? null : actor.session.id
      return sessions.map((session) => shownSession(session, currentId))
    },
    endUserSessions: async (by, userId, client) =>
      endUserSessions(ctx, checkActor('endUserSessions', by), userId, describeClient(client)),
    async impersonate(principal, userId, client) {
      const actor = checkPrincipal('impersonate', principal)
      return shownStart(ctx, await impersonate(ctx, actor, userId, describeClient(client)))
    },
  } satisfies Partial<UserFunctions>
}

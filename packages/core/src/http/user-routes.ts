import * as z from 'zod'
import { deleteUser } from '../admin/delete-user.ts'
import { disableUser } from '../admin/disable-user.ts'
import { enableUser } from '../admin/enable-user.ts'
import { endUserSessions } from '../admin/end-user-sessions.ts'
import { impersonate } from '../admin/impersonate.ts'
import { listUserSessions } from '../admin/list-user-sessions.ts'
import { listUsers } from '../admin/list-users.ts'
import { readUser } from '../admin/read-user.ts'
import { sendPasswordReset } from '../admin/send-password-reset.ts'
import { setRoles, setRolesInput } from '../admin/set-roles.ts'
import { updateUser, updateUserInput, updateUserInputUnder } from '../admin/update-user.ts'
import type { Settings } from '../context.ts'
import type { AuthErrorCode } from '../errors.ts'
import { once } from '../once.ts'
import { RECENT_LOGIN } from '../reauthentication.ts'
import { shownAccount, shownSession } from '../shown.ts'
import { listUsersInput } from '../user-listing.ts'
import { accountSchema, nothing, ok, sessionSchema } from './answer.ts'
import { queryString } from './door.ts'
import { own, ownWith, type Route } from './route.ts'
import { sessionStarts } from './session-answer.ts'

const accountsSchema = once(() =>
  z.object({
    users: z.array(accountSchema()),
    cursor: z.string().nullable().meta({ description: 'For the next page; null behind the last.' }),
  }),
)
const sessionsSchema = once(() => z.object({ sessions: z.array(sessionSchema()) }))

/** The codes of identifiers that somebody has, as far as accounts have such identifiers. */
export const takenUnder = ({ identifiers }: Settings): readonly AuthErrorCode[] =>
  identifiers.map((kind) => `${kind}_taken` as const)

/** Reading and changing accounts. */
const accounts: readonly Route[] = [
  ownWith({
    method: 'GET',
    path: '/users',
    operation: 'listUsers',
    summary: 'List accounts',
    permission: 'users:read',
    input: listUsersInput,
    door: queryString,
    answers: ok(accountsSchema, 'A page of them.'),
    async handle(ctx, principal, input, { client }) {
      const { users, cursor } = await listUsers(ctx, principal, input, client)
      return { users: users.map((user) => shownAccount(ctx, user)), cursor }
    },
  }),
  own({
    method: 'GET',
    path: '/users/:id',
    operation: 'readUser',
    summary: 'Read an account',
    permission: 'users:read',
    answers: ok(accountSchema, 'The account.'),
    refusals: ['not_found'],
    handle: async (ctx, principal, { client, id }) =>
      shownAccount(ctx, await readUser(ctx, principal, id, client)),
  }),
  ownWith({
    method: 'PATCH',
    path: '/users/:id',
    operation: 'updateUser',
    summary: 'Change identifiers and profile of an account',
    permission: 'users:write',
    input: updateUserInput,
    inputUnder: updateUserInputUnder,
    answers: ok(accountSchema, 'The account, as it is now.'),
    refusals: ['not_found'],
    refusalsUnder: (settings) => [
      ...takenUnder(settings),
      // Another address wants a fresh login.
      ...(settings.identifiers.some((kind) => kind !== 'username')
        ? (['reauth_required'] as const)
        : []),
    ],
    handle: async (ctx, principal, input, { client, id }) =>
      shownAccount(ctx, await updateUser(ctx, principal, id, input, client)),
  }),
  own({
    method: 'DELETE',
    path: '/users/:id',
    operation: 'deleteUser',
    summary: 'Delete an account at once',
    permission: 'users:write',
    maxAge: RECENT_LOGIN,
    answers: nothing(204, 'It is gone.'),
    refusals: ['not_found', 'last_administrator'],
    handle: (ctx, principal, { client, id }) => deleteUser(ctx, principal, id, client),
  }),
]

/** What accounts may do. */
const authority: readonly Route[] = [
  ownWith({
    method: 'PUT',
    path: '/users/:id/roles',
    operation: 'setRoles',
    summary: 'Give an account these roles and no others',
    permission: 'users:roles',
    maxAge: RECENT_LOGIN,
    input: setRolesInput,
    answers: ok(accountSchema, 'The account, as it is now.'),
    refusals: ['not_found', 'last_administrator'],
    handle: async (ctx, principal, input, { client, id }) =>
      shownAccount(ctx, await setRoles(ctx, principal, id, input, client)),
  }),
  own({
    method: 'POST',
    path: '/users/:id/disable',
    operation: 'disableUser',
    summary: 'Keep a user out: all sessions end',
    permission: 'users:write',
    answers: ok(accountSchema, 'The account, as it is now.'),
    refusals: ['not_found', 'wrong_status', 'last_administrator'],
    handle: async (ctx, principal, { client, id }) =>
      shownAccount(ctx, await disableUser(ctx, principal, id, client)),
  }),
  own({
    method: 'POST',
    path: '/users/:id/enable',
    operation: 'enableUser',
    summary: 'Open an account that was disabled or that waits',
    permission: 'users:write',
    answers: ok(accountSchema, 'The account, as it is now.'),
    refusals: ['not_found', 'wrong_status'],
    handle: async (ctx, principal, { client, id }) =>
      shownAccount(ctx, await enableUser(ctx, principal, id, client)),
  }),
  own({
    method: 'POST',
    path: '/users/:id/reset-password',
    operation: 'sendPasswordReset',
    summary: 'Have a link and a code sent with which the user chooses a new password',
    permission: 'users:write',
    answers: nothing(202, 'It is on its way.'),
    refusals: ['not_found', 'wrong_status', 'rate_limited'],
    handle: (ctx, principal, { client, id }) => sendPasswordReset(ctx, principal, id, client),
  }),
]

/** The sessions of somebody else. */
const sessions: readonly Route[] = [
  own({
    method: 'GET',
    path: '/users/:id/sessions',
    operation: 'listUserSessions',
    summary: 'List the sessions of a user, newest first',
    permission: 'users:read',
    answers: ok(sessionsSchema, 'The live sessions.'),
    refusals: ['not_found'],
    async handle(ctx, principal, { client, id }) {
      const found = await listUserSessions(ctx, principal, id, client)
      return { sessions: found.map((one) => shownSession(one, principal.session.id)) }
    },
  }),
  own({
    method: 'DELETE',
    path: '/users/:id/sessions',
    operation: 'endUserSessions',
    summary: 'End all sessions of a user',
    permission: 'users:write',
    answers: nothing(204, 'They have ended.'),
    refusals: ['not_found'],
    handle: (ctx, principal, { client, id }) => endUserSessions(ctx, principal, id, client),
  }),
  own({
    method: 'POST',
    path: '/users/:id/impersonate',
    when: ({ impersonationLifetime }) => impersonationLifetime !== null,
    operation: 'impersonate',
    summary: 'Act in the name of a user for a while: open a session that says so',
    permission: 'users:impersonate',
    maxAge: RECENT_LOGIN,
    answers: sessionStarts('The new session.'),
    refusals: ['not_found', 'wrong_status'],
    handle: (ctx, principal, { client, id }) => impersonate(ctx, principal, id, client),
  }),
]

/** Accounts, for administrators. */
export const userRoutes: readonly Route[] = [...accounts, ...authority, ...sessions]

import { type CreateUserInput, createUser, createUserInput } from './admin/create-user.ts'
import type { ErrorListener } from './background.ts'
import { describeClient } from './client.ts'
import { buildRuntime } from './config.ts'
import type { Context } from './context.ts'
import type { AuthError } from './errors.ts'
import type { GivenClient } from './events.ts'
import { type ActivateInput, activate, activateInput } from './flows/activate.ts'
import { authenticate } from './flows/authenticate.ts'
import {
  type ChangePasswordInput,
  changePassword,
  changePasswordInput,
} from './flows/change-password.ts'
import { endOtherSessions } from './flows/end-other-sessions.ts'
import { endSession } from './flows/end-session.ts'
import {
  type ForgotPasswordInput,
  forgotPassword,
  forgotPasswordInput,
} from './flows/forgot-password.ts'
import { listSessions } from './flows/list-sessions.ts'
import { loadUser } from './flows/load-user.ts'
import { type LoginInput, login, loginInput } from './flows/login.ts'
import { logout } from './flows/logout.ts'
import { type RefreshInput, refresh, refreshInput } from './flows/refresh.ts'
import { type RegisterInput, register, registerInput } from './flows/register.ts'
import {
  type ResendActivationInput,
  resendActivation,
  resendActivationInput,
} from './flows/resend-activation.ts'
import {
  type ResetPasswordInput,
  resetPassword,
  resetPasswordInput,
} from './flows/reset-password.ts'
import { type RevokeInput, revoke, revokeInput } from './flows/revoke.ts'
import { admit, type Requirement, readRequirement } from './http/guard.ts'
import { handle, problemOf, refuse, toRefusal } from './http/handle.ts'
import { type OpenapiDocument, openapiDocument } from './http/openapi.ts'
import type { PlainRequest, Reply } from './http/request.ts'
import { routes } from './http/routes.ts'
import { parseInput } from './input.ts'
import { prune } from './maintenance.ts'
import type { AuthOptions } from './options.ts'
import { checkPrincipal, type Principal } from './principal.ts'
import {
  type ShownSession,
  type ShownTokens,
  type ShownUser,
  type StartedSession,
  shownSession,
  shownStart,
  shownTokens,
  shownUser,
} from './shown.ts'

/** How a login ends. `admitted` is the only way today; a second factor will be another. */
export type LoginOutcome = { readonly status: 'admitted' } & StartedSession

/** Whether a request may go on, and for whom; `principal` is `null` for an anonymous one where that is allowed. */
export type Admission =
  | { readonly admitted: true; readonly principal: Principal | null }
  | { readonly admitted: false; readonly reply: Reply; readonly refusal: AuthError }

/** Lets requests in, or says what to answer: `reply` is our answer, `refusal` the reason for one of your own. Never throws. */
export type Guard = (request: PlainRequest) => Promise<Admission>

/**
 * Every flow as a function, for applications with routes of their own, and the HTTP surface as one. All flows throw
 * `AuthError`: `invalid_input` for an input of the wrong shape, `unavailable` when the store fails, `overloaded` when
 * too many passwords wait to be hashed, and what each says itself. What is given in place of a principal, and is none,
 * is a `TypeError`. `client` is told to the audit log.
 */
export interface Auth {
  /** Registers an account, and sends the activation message. Throws `username_taken`, `password_too_short`, `password_blocked`. */
  register(input: RegisterInput, client?: GivenClient): Promise<void>
  /** Activates an account by link token or code. Throws `invalid_one_time_token`. */
  activate(input: ActivateInput, client?: GivenClient): Promise<ShownUser>
  /** Sends the activation message again. Resolves alike for everybody. */
  resendActivation(input: ResendActivationInput): Promise<void>
  /** Logs in. Throws `invalid_credentials`, `account_not_activated`. */
  login(input: LoginInput, client?: GivenClient): Promise<LoginOutcome>
  /** Says who holds an access token. Throws `invalid_token`, `token_stale`. */
  authenticate(accessToken: string): Promise<Principal>
  /** Gives the next pair of tokens. Throws `invalid_token`. */
  refresh(input: RefreshInput, client?: GivenClient): Promise<ShownTokens>
  /** Ends the session of an access or refresh token. Throws `invalid_token` for what never was one. */
  logout(token: string, client?: GivenClient): Promise<void>
  /** Like `logout`, but says nothing of what is no token (RFC 7009). */
  revoke(input: RevokeInput, client?: GivenClient): Promise<void>
  /** Changes the password, ends all sessions and opens a new one. Throws `wrong_password`, `password_too_short`, `password_blocked`. */
  changePassword(
    principal: Principal,
    input: ChangePasswordInput,
    client?: GivenClient,
  ): Promise<StartedSession>
  /** Sends a password reset. Resolves alike for everybody. */
  forgotPassword(input: ForgotPasswordInput, client?: GivenClient): Promise<void>
  /** Sets a new password by link token or code and ends all sessions. Throws `invalid_one_time_token`, `password_too_short`, `password_blocked`. */
  resetPassword(input: ResetPasswordInput, client?: GivenClient): Promise<void>
  /** The user's own record. Throws `invalid_token` when the user is gone. */
  loadUser(principal: Principal): Promise<ShownUser>
  /** The user's live sessions, newest first. */
  listSessions(principal: Principal): Promise<readonly ShownSession[]>
  /** Ends one of the user's own sessions. Throws `not_found`. */
  endSession(principal: Principal, sessionId: string, client?: GivenClient): Promise<void>
  /** Ends every session of the user but the principal's own. The route asks for a login within 15 minutes, this does not. */
  endOtherSessions(principal: Principal, client?: GivenClient): Promise<void>
  /** Makes an active account, for the application's own code. Throws `email_taken`, `username_taken`. */
  createUser(input: CreateUserInput): Promise<ShownUser>

  /**
   * The answer to a refusal that one of these functions threw; `null` for any other error. For error handlers: what
   * failed underneath goes to `onError`. With the path below the mount point, also the answer to what a body parser of
   * the host refused on a path of ours.
   */
  problem(error: unknown, path?: string): Reply | null
  /** Answers a request to the HTTP surface; `null` when the path is none of ours. Never throws. */
  handle(request: PlainRequest): Promise<Reply | null>
  /** What `handle` serves, as an OpenAPI 3.1 document: for tools that want it without a running server. */
  openapi(): OpenapiDocument
  /**
   * Makes a guard for routes of the application. Throws `ConfigurationError` for a requirement that cannot be; `where`
   * names in it the function that was called. @default 'guard'
   */
  guard(requirement?: Requirement, where?: string): Guard
  /** Deletes what is expired, and resolves how many records went. Runs by itself unless `maintenance` is `false`. */
  prune(): Promise<number>
  /** Whether the store answers. Never throws. */
  ready(): Promise<boolean>
  /** Ends maintenance, and resolves when all messages and events are out, or after 10 s. The store is its owner's to close. */
  close(): Promise<void>
}

/** Puts an {@link Auth} together. Throws `ConfigurationError`, which names the option and the remedy. */
export function createAuth(options: AuthOptions): Auth {
  const { ctx, report, close } = buildRuntime(options)
  return Object.freeze<Auth>({
    register: async (input, client) =>
      register(ctx, parseInput(registerInput, input), describeClient(client)),
    activate: async (input, client) =>
      shownUser(await activate(ctx, parseInput(activateInput, input), describeClient(client))),
    resendActivation: async (input) =>
      resendActivation(ctx, parseInput(resendActivationInput, input)),
    login: async (input, client) => {
      const { status, session } = await login(
        ctx,
        parseInput(loginInput, input),
        describeClient(client),
      )
      return { status, ...shownStart(session) }
    },
    authenticate: (accessToken) => authenticate(ctx, accessToken),
    refresh: async (input, client) =>
      shownTokens(await refresh(ctx, parseInput(refreshInput, input), describeClient(client))),
    logout: (token, client) => logout(ctx, token, describeClient(client)),
    revoke: async (input, client) =>
      revoke(ctx, parseInput(revokeInput, input), describeClient(client)),
    changePassword: async (principal, input, client) =>
      shownStart(
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
      shownUser(await loadUser(ctx, checkPrincipal('loadUser', principal))),
    async listSessions(principal) {
      const sessions = await listSessions(ctx, checkPrincipal('listSessions', principal))
      return sessions.map((session) => shownSession(session, principal.session.id))
    },
    endSession: async (principal, sessionId, client) =>
      endSession(ctx, checkPrincipal('endSession', principal), sessionId, describeClient(client)),
    endOtherSessions: async (principal, client) =>
      endOtherSessions(ctx, checkPrincipal('endOtherSessions', principal), describeClient(client)),
    createUser: async (input) =>
      shownUser(await createUser(ctx, parseInput(createUserInput, input))),
    ...httpSurface(ctx, report),
    prune: () => prune(ctx),
    ready: () =>
      ctx.store.ready().then(
        () => true,
        () => false,
      ),
    close,
  })
}

function httpSurface(
  ctx: Context,
  report: ErrorListener,
): Pick<Auth, 'problem' | 'handle' | 'openapi' | 'guard'> {
  return {
    problem: (error, path = '') => problemOf(report, error, path),
    handle: (request) => handle(ctx, report, request),
    openapi: () => structuredClone(openapiDocument(routes, ctx.settings)),
    guard(requirement = {}, where = 'guard') {
      const checked = readRequirement(where, requirement)
      return async (request) => {
        try {
          return { admitted: true, principal: await admit(ctx, request, checked) }
        } catch (error) {
          const refusal = toRefusal(report, request, error)
          return { admitted: false, reply: refuse(request, refusal), refusal }
        }
      }
    },
  }
}

import { describeClient } from '../client.ts'
import type { Context } from '../context.ts'
import type { GivenClient } from '../events.ts'
import { authenticate, type Consistency } from '../flows/authenticate.ts'
import { endOtherSessions } from '../flows/end-other-sessions.ts'
import { endSession } from '../flows/end-session.ts'
import { listSessions } from '../flows/list-sessions.ts'
import { type LoginInput, login, loginInput } from '../flows/login.ts'
import { logout } from '../flows/logout.ts'
import { type RefreshInput, refresh, refreshInput } from '../flows/refresh.ts'
import { type RevokeInput, revoke, revokeInput } from '../flows/revoke.ts'
import { parseInput } from '../input.ts'
import { checkPrincipal, type Principal } from '../principal.ts'
import type { JsonObject } from '../records.ts'
import {
  type ShownSession,
  type ShownTokens,
  type StartedSession,
  shownSession,
  shownStart,
  shownTokens,
} from '../shown.ts'

/** How a login ends. `admitted` is the only way today; a second factor will be another. */
export type LoginOutcome<Profile = JsonObject> = {
  readonly status: 'admitted'
} & StartedSession<Profile>

/** Sessions, from the login to the logout. */
export interface SessionFunctions<Profile = JsonObject> {
  /** Logs in. Throws `invalid_credentials`, `account_not_activated`. */
  login(input: LoginInput, client?: GivenClient): Promise<LoginOutcome<Profile>>
  /**
   * Says who holds an access token. Throws `invalid_token`, `token_stale`.
   *
   * @param consistency `strict` asks the store; `feed` answers from memory. @default 'feed'
   */
  authenticate(accessToken: string, consistency?: Consistency): Promise<Principal>
  /** Gives the next pair of tokens. Throws `invalid_token`. */
  refresh(input: RefreshInput, client?: GivenClient): Promise<ShownTokens>
  /** Ends the session of an access or refresh token. Throws `invalid_token` for what never was one. */
  logout(token: string, client?: GivenClient): Promise<void>
  /** Like `logout`, but says nothing of what is no token (RFC 7009). */
  revoke(input: RevokeInput, client?: GivenClient): Promise<void>
  /** The user's live sessions, newest first. */
  listSessions(principal: Principal): Promise<readonly ShownSession[]>
  /** Ends one of the user's own sessions. Throws `not_found`. */
  endSession(principal: Principal, sessionId: string, client?: GivenClient): Promise<void>
  /** Ends every session of the user but the principal's own. The route asks for a login within 15 minutes, this does not. */
  endOtherSessions(principal: Principal, client?: GivenClient): Promise<void>
}

export function sessionFunctions(ctx: Context): SessionFunctions {
  return {
    login: async (input, client) => {
      const parsed = parseInput(loginInput, input)
      const { status, session } = await login(ctx, parsed, describeClient(client))
      return { status, ...shownStart(ctx, session) }
    },
    authenticate: (accessToken, consistency) => authenticate(ctx, accessToken, consistency),
    refresh: async (input, client) =>
      shownTokens(await refresh(ctx, parseInput(refreshInput, input), describeClient(client))),
    logout: (token, client) => logout(ctx, token, describeClient(client)),
    revoke: async (input, client) =>
      revoke(ctx, parseInput(revokeInput, input), describeClient(client)),
    async listSessions(principal) {
      const sessions = await listSessions(ctx, checkPrincipal('listSessions', principal))
      return sessions.map((session) => shownSession(session, principal.session.id))
    },
    endSession: async (principal, sessionId, client) =>
      endSession(ctx, checkPrincipal('endSession', principal), sessionId, describeClient(client)),
    endOtherSessions: async (principal, client) =>
      endOtherSessions(ctx, checkPrincipal('endOtherSessions', principal), describeClient(client)),
  }
}

import type { EventQuery, UserQuery } from './queries.ts'
import type {
  EventRecord,
  Identifier,
  OneTimeToken,
  RevocationReason,
  Session,
  SessionRotation,
  SessionWithUser,
  TokenPurpose,
  User,
  UserPatch,
} from './records.ts'

/**
 * The storage contract. Every method is **one atomic verb**; no method needs a transaction, and its comment is a
 * case in the conformance suite. A store never judges: it compares, writes and answers.
 *
 * Absence is `null`. A refused uniqueness is {@link UniqueViolation}; where several identifiers are taken, it names any
 * of them. Anything else that is thrown means that the store failed, and the flow fails closed.
 *
 * Every id is a UUID in lower case. Dates have millisecond precision. An end (`expiresAt` and the like) is reached when
 * `now` equals it. A patch leaves alone what it does not name, and clears with `null`. Records that come back are the
 * caller's own: changing one changes nothing in the store.
 */
export interface Store {
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly oneTimeTokens: OneTimeTokenStore
  readonly events: EventStore

  /**
   * What was revoked since the cursor: sessions that ended, users whose `status`, `credentialEpoch` or
   * `claimsVersion` moved. Change time and cursor come from the store's own clock or sequence, never from a caller.
   * `null` starts anew: it answers a cursor and whatever is recent. An entry may come twice; none since a cursor of the
   * last hour is left out. Where a change gets its time before it can be seen, the store reaches back by more than its
   * longest statement takes (10 s will do).
   */
  revokedSince(cursor: string | null): Promise<Revocations>

  /** Deletes what the limits allow, each record on its own, and resolves the number. Safe to run from many nodes at once. */
  prune(limits: PruneLimits): Promise<number>

  /** Resolves when the store answers; rejects when it does not. */
  ready(): Promise<void>

  /** Releases what the store itself opened. Closing twice is not an error. */
  close(): Promise<void>
}

/** Users, found by id or by canonical identifier. */
export interface UserStore {
  /**
   * Adds the user. Unique on id and on every canonical identifier that is not `null`: of any number of concurrent
   * inserts of one identifier exactly one resolves, the others reject with {@link UniqueViolation}.
   */
  insert(user: User): Promise<void>

  /** The user of that id, in any status. */
  find(id: string): Promise<User | null>

  /** The user who holds that canonical identifier, compared byte for byte. */
  findByIdentifier(identifier: Identifier): Promise<User | null>

  /**
   * Compare-and-set: writes the patch and adds one to `version` only if `version` still is `expectedVersion`, and
   * resolves the new record; `null` when the version moved or the user is gone. Of any number of concurrent updates
   * from one version exactly one wins. Rejects with {@link UniqueViolation}, writing nothing, when an identifier of
   * the patch belongs to somebody else.
   */
  update(id: string, expectedVersion: number, patch: UserPatch): Promise<User | null>

  /**
   * Finds the user and adds one to `failedLogins` in one step, **before** the password is checked, and resolves the
   * record after the addition. N concurrent calls count N. `version` and `updatedAt` do not move.
   */
  countFailedLogin(identifier: Identifier): Promise<User | null>

  /** Sets `failedLogins` to 0 and `lockedUntil` to `null`. `version` and `updatedAt` do not move. Unknown ids are ignored. */
  clearFailedLogins(id: string): Promise<void>

  /** How many users are `active`, have the role, are not `leavingAdmin`, and are not `except`. Never read from a replica. */
  countAdmins(query: { readonly role: string; readonly except: string | null }): Promise<number>

  /**
   * The users that meet every condition of the query, in its order: the first `limit` of them, or all if there are
   * fewer. Tombstones are never among them. Following `after` gives each user that nobody touches meanwhile exactly
   * once, however many there are.
   */
  list(query: UserQuery): Promise<readonly User[]>

  /** Users who are not `deleted` and whose `deleteAfter` is reached at `now`: all, or any `limit` of them, in any order. */
  listDueForDeletion(now: Date, limit: number): Promise<readonly User[]>
}

/** Sessions. A session that was revoked never comes back to life. */
export interface SessionStore {
  /** Adds the session. */
  insert(session: Session): Promise<void>

  /** The session with its user, whatever their state; `null` when either is gone. */
  find(id: string): Promise<SessionWithUser | null>

  /** The sessions of the user that are neither revoked nor past a limit at `now`, newest first (by `createdAt`, then `id`). */
  listByUser(userId: string, now: Date): Promise<readonly Session[]>

  /**
   * Compare-and-set: writes the patch only if `generation` is the expected one, the session is not revoked and, with
   * `unconfirmed`, `confirmedGeneration < generation`. Resolves whether it did. Of any number of concurrent calls
   * with one expected generation exactly one wins. Of the two `confirmedGeneration`s the larger stays.
   */
  rotate(id: string, expect: RotationExpectation, patch: SessionRotation): Promise<boolean>

  /**
   * Says that an access token of this generation was seen, and resolves the session with its user, read no earlier
   * than this call. `null` when session or user is unknown, the session is revoked or past a limit at `seen.now`, and when
   * `generation > session.generation` or `generation < session.burntBelow`: then nothing is written.
   * `confirmedGeneration` becomes the larger of itself and `generation`. If that moves it, or if `lastSeenAt` is
   * before `seen.touchBefore`, `lastSeenAt` becomes `seen.now` and `idleExpiresAt` the smaller of
   * `seen.idleExpiresAt` and `absoluteExpiresAt`; otherwise nothing is written.
   */
  confirm(id: string, generation: number, seen: Sighting): Promise<SessionWithUser | null>

  /**
   * Ends the session, and resolves whether this call did: of any number of calls exactly one. The first reason and
   * time stay. Unknown ids are ignored.
   */
  revoke(id: string, reason: RevocationReason, at: Date): Promise<boolean>

  /** Ends every session of the user but those to keep, however many there are, each on its own. The first reason stays. */
  revokeAll(userId: string, keep: SessionsToKeep, reason: RevocationReason, at: Date): Promise<void>

  /**
   * Ends the oldest live sessions of the user (by `createdAt`, then `id`) beyond the newest `max`, with reason
   * `evicted`, each on its own, and resolves how many. Which are beyond is judged once, when the call begins: a
   * session that ends meanwhile makes no room.
   */
  evictBeyond(userId: string, max: number, at: Date): Promise<number>
}

/** One-time tokens: activation, reset. What is stored cannot be used by who reads it. */
export interface OneTimeTokenStore {
  /**
   * Writes the token in place of the one with the same user, purpose and slot; the user need not exist yet. The smaller `attemptsLeft` of the two
   * stays if the old token has not expired at `token.createdAt`: asking for a new code gives no new attempts. It may
   * have the link of the old one, also where several are written at once.
   * Resolves the `attemptsLeft` that it wrote.
   */
  put(token: OneTimeToken): Promise<number>

  /** The token, left in place. An expired token is as good as none. */
  find(linkHash: string, purpose: TokenPurpose, now: Date): Promise<OneTimeToken | null>

  /** The user's tokens of that purpose that have not expired, newest first (by `createdAt`, then `id`), at most `limit`. */
  list(
    userId: string,
    purpose: TokenPurpose,
    now: Date,
    limit: number,
  ): Promise<readonly OneTimeToken[]>

  /**
   * Removes the token and resolves it. Of any number of concurrent calls exactly one gets it; an expired token is as
   * good as none.
   */
  take(linkHash: string, purpose: TokenPurpose, now: Date): Promise<OneTimeToken | null>

  /**
   * Spends one attempt at the code of the user's token in slot `''` and resolves the token after the subtraction,
   * **before** anything is compared. `null`, and nothing is spent, when there is no token, no code, no attempt left,
   * or when code or token expired. With n attempts left, of any number of concurrent calls exactly n get it.
   */
  tryCode(userId: string, purpose: TokenPurpose, now: Date): Promise<OneTimeToken | null>
}

/** The audit log. */
export interface EventStore {
  /** Adds the events, each on its own. Adding an event whose id exists changes nothing. */
  append(events: readonly EventRecord[]): Promise<void>

  /**
   * The events that meet every condition of the query, newest first (by `at`, then `id`): the first `limit` of them,
   * or all if there are fewer. Following `after` gives each event of the log exactly once.
   */
  list(query: EventQuery): Promise<readonly EventRecord[]>
}

/** Which sessions `revokeAll` leaves alone. */
export interface SessionsToKeep {
  /** This one. */
  readonly id: string | null
  /** Those opened under these credentials or later ones. */
  readonly credentialEpoch: number | null
}

/** What must still be true for a rotation. */
export interface RotationExpectation {
  readonly generation: number
  /** Also require `confirmedGeneration < generation`. */
  readonly unconfirmed: boolean
}

/** When an access token was seen, and what that does to the idle limit. */
export interface Sighting {
  readonly now: Date
  readonly idleExpiresAt: Date
  /** A session seen since then is not written again. */
  readonly touchBefore: Date
}

/** What the revocation feed says. */
export interface Revocations {
  readonly sessions: readonly string[]
  readonly users: readonly RevokedUser[]
  readonly cursor: string
}

/** The counters below which a user's sessions and access tokens no longer count. */
export interface RevokedUser {
  readonly id: string
  readonly credentialEpoch: number
  readonly claimsVersion: number
}

/** What may be deleted. */
export interface PruneLimits {
  /** One-time tokens that expired before this. */
  readonly now: Date
  /**
   * Sessions that were revoked or passed a limit, and users who were deleted (by `updatedAt`), before this. A session
   * whose user is gone may go too.
   */
  readonly endedBefore: Date
  /** Users still `pending` who were last changed (`updatedAt`) before this. */
  readonly pendingBefore: Date
  /** Events of the audit log that happened (`at`) before this. */
  readonly eventsBefore: Date
}

/** Values that survive JSON unchanged. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
/**
 * An object of {@link JsonValue}s, such as `profile` and `data`. No text in it, keys included, holds U+0000 or a lone
 * surrogate, which many databases cannot keep: the core refuses such text, so that a store need not care.
 */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** The kinds of identifier that a user may hold. */
export type IdentifierKind = 'email' | 'username' | 'phone'

/** An identifier in its canonical form: the only form in which identifiers are compared. */
export interface Identifier {
  readonly kind: IdentifierKind
  readonly value: string
}

/** `pending`: registered, not yet activated. `deleted`: a tombstone, without identifiers, hash or profile. */
export type UserStatus = 'pending' | 'active' | 'disabled' | 'deleted'

/** An account. */
export interface User {
  readonly id: string
  /** Canonical: unique. */
  readonly email: string | null
  /** As its owner wrote it. */
  readonly emailAsTyped: string | null
  readonly emailVerifiedAt: Date | null
  /** Canonical: unique. */
  readonly username: string | null
  /** As its owner wrote it. */
  readonly usernameAsTyped: string | null
  /** E.164: unique. */
  readonly phone: string | null
  readonly phoneVerifiedAt: Date | null
  /** A PHC string, or `null` when no password can log in. */
  readonly passwordHash: string | null
  readonly roles: readonly string[]
  readonly status: UserStatus
  /** Moves when credentials change or the user is disabled or deleted: sessions opened under an older one are dead. */
  readonly credentialEpoch: number
  /** Moves when roles or other claims change: access tokens made under an older one are stale. */
  readonly claimsVersion: number
  readonly failedLogins: number
  readonly lockedUntil: Date | null
  /** Marks an administrator whose role is being taken away (see the last-administrator rule). */
  readonly leavingAdmin: boolean
  /** When the account will be deleted unless its owner logs in before; `null` for no such plan. */
  readonly deleteAfter: Date | null
  readonly profile: JsonObject
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Starts at 1; each update adds one. */
  readonly version: number
}

/** What `users.update` may change. */
export type UserPatch = Partial<
  Omit<User, 'id' | 'createdAt' | 'version' | 'failedLogins' | 'lockedUntil'>
>

/** Why a session ended. */
export type RevocationReason =
  | 'logout'
  | 'revoked'
  | 'ended_by_user'
  | 'evicted'
  | 'password_changed'
  | 'password_reset'
  | 'refresh_reuse'
  | 'address_restored'
  | 'ended_by_administrator'
  | 'disabled'
  | 'deleted'
  | 'restored_from_backup'

/** A generation that was superseded, and when (milliseconds since 1970). */
export interface SupersededGeneration {
  readonly generation: number
  readonly at: number
}

/** What is known of the device that opened a session. */
export interface Device {
  /** The name that the client gave. */
  readonly name: string | null
  readonly userAgent: string | null
  readonly ip: string | null
}

/** One login on one device. Holds nothing that is a token. */
export interface Session {
  readonly id: string
  readonly userId: string
  /** Random, 128 bit, base64url: part of what a refresh token's MAC covers. */
  readonly salt: string
  /** Starts at 1; each rotation of the refresh token adds one. */
  readonly generation: number
  /** The generation whose refresh token made the current one. */
  readonly parentGeneration: number | null
  /** Generations superseded within the reuse grace. */
  readonly recent: readonly SupersededGeneration[]
  /** The largest generation that a client has shown to hold. */
  readonly confirmedGeneration: number
  /** Access tokens of a smaller generation are refused. */
  readonly burntBelow: number
  /** The user's `credentialEpoch` when the session was opened. */
  readonly credentialEpoch: number
  readonly authTime: Date
  /** Authentication methods, RFC 8176. */
  readonly amr: readonly string[]
  /** Who acts in the user's name, or `null`. */
  readonly actorId: string | null
  /** The session in which whoever acts is logged in, which this one does not outlive; `null` when nobody does. */
  readonly actorSessionId: string | null
  readonly device: Device
  readonly createdAt: Date
  readonly lastSeenAt: Date
  readonly idleExpiresAt: Date
  readonly absoluteExpiresAt: Date
  readonly revokedAt: Date | null
  readonly revokedReason: RevocationReason | null
}

/** What a rotation writes. */
export type SessionRotation = Pick<
  Session,
  | 'generation'
  | 'parentGeneration'
  | 'recent'
  | 'confirmedGeneration'
  | 'burntBelow'
  | 'lastSeenAt'
  | 'idleExpiresAt'
>

/** A session and the user to whom it belongs. */
export interface SessionWithUser {
  readonly session: Session
  readonly user: User
}

/** What a one-time token is for. One of another purpose does not exist. */
export type TokenPurpose =
  | 'activate'
  | 'reset_password'
  | 'change_email'
  | 'undo_email_change'
  | 'change_phone'
  | 'invite'

/** How a message reaches its reader. */
export type Channel = 'email' | 'sms'

/** A one-time token: a link, and perhaps a code. */
export interface OneTimeToken {
  readonly id: string
  readonly userId: string
  readonly purpose: TokenPurpose
  /** `''`, except where several tokens of one user and purpose live side by side. */
  readonly slot: string
  readonly channel: Channel
  /** SHA-256 of the link token, base64url: unique. */
  readonly linkHash: string
  /** Keyed hash of the code with its user and purpose, or `null` when there is no code. */
  readonly codeHash: string | null
  readonly codeExpiresAt: Date | null
  readonly attemptsLeft: number
  /** The canonical address to which it was sent, and which using it proves. */
  readonly proves: string
  /** The user's `credentialEpoch` at creation: the token is void once it moves. */
  readonly credentialEpoch: number
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly data: JsonObject
}

/** An entry of the audit log. Holds no address, no secret. */
export interface EventRecord {
  readonly id: string
  readonly at: Date
  readonly type: string
  readonly outcome: 'success' | 'failure'
  readonly userId: string | null
  readonly actorId: string | null
  readonly sessionId: string | null
  readonly ip: string | null
  readonly userAgent: string | null
  readonly data: JsonObject
}

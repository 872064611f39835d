import type { Session, SessionWithUser, User } from '@latchkey/core'

/** A row as a driver gives it. */
export type Row = Readonly<Record<string, unknown>>

/** Makes a date, JSON or a flag of what a driver gives. */
export interface Decode {
  date(value: unknown): unknown
  json(value: unknown): unknown
  flag(value: unknown): unknown
}

export const sessionColumns = [
  'id',
  'user_id',
  'salt',
  'generation',
  'parent_generation',
  'recent',
  'confirmed_generation',
  'burnt_below',
  'credential_epoch',
  'auth_time',
  'amr',
  'actor_id',
  'actor_session_id',
  'device',
  'created_at',
  'last_seen_at',
  'idle_expires_at',
  'absolute_expires_at',
  'revoked_at',
  'revoked_reason',
]

const userColumns = [
  'id',
  'email',
  'email_as_typed',
  'email_verified_at',
  'username',
  'username_as_typed',
  'phone',
  'phone_verified_at',
  'password_hash',
  'roles',
  'status',
  'credential_epoch',
  'claims_version',
  'failed_logins',
  'locked_until',
  'leaving_admin',
  'delete_after',
  'profile',
  'created_at',
  'updated_at',
  'version',
]

/** The columns of a user. */
export const userSelection = userColumns.map((name) => `${name} as u_${name}`).join(', ')

/** The columns of a session `s` and its user `u`. */
export const bothSelection = [
  ...sessionColumns.map((name) => `s.${name} as s_${name}`),
  ...userColumns.map((name) => `u.${name} as u_${name}`),
].join(', ')

/** The values of a session in the order of {@link sessionColumns}. */
export function sessionValues<Value>(
  session: Session,
  date: (value: Date) => Value,
): (Value | string | number | null)[] {
  return [
    session.id,
    session.userId,
    session.salt,
    session.generation,
    session.parentGeneration,
    JSON.stringify(session.recent),
    session.confirmedGeneration,
    session.burntBelow,
    session.credentialEpoch,
    date(session.authTime),
    JSON.stringify(session.amr),
    session.actorId,
    session.actorSessionId,
    JSON.stringify(session.device),
    date(session.createdAt),
    date(session.lastSeenAt),
    date(session.idleExpiresAt),
    date(session.absoluteExpiresAt),
    session.revokedAt && date(session.revokedAt),
    session.revokedReason,
  ]
}

/** The session and the user of a row. */
export function bothOf(row: Row, decode: Decode): SessionWithUser {
  return { session: sessionOf(row, decode), user: userOf(row, decode) }
}

function sessionOf(row: Row, { date, json }: Decode): Session {
  // The database holds nothing else.
  return {
    id: row.s_id,
    userId: row.s_user_id,
    salt: row.s_salt,
    generation: row.s_generation,
    parentGeneration: row.s_parent_generation,
    recent: json(row.s_recent),
    confirmedGeneration: row.s_confirmed_generation,
    burntBelow: row.s_burnt_below,
    credentialEpoch: row.s_credential_epoch,
    authTime: date(row.s_auth_time),
    amr: json(row.s_amr),
    actorId: row.s_actor_id,
    actorSessionId: row.s_actor_session_id,
    device: json(row.s_device),
    createdAt: date(row.s_created_at),
    lastSeenAt: date(row.s_last_seen_at),
    idleExpiresAt: date(row.s_idle_expires_at),
    absoluteExpiresAt: date(row.s_absolute_expires_at),
    revokedAt: row.s_revoked_at && date(row.s_revoked_at),
    revokedReason: row.s_revoked_reason,
  } as Session
}

/** The user of a row. */
export function userOf(row: Row, { date, json, flag }: Decode): User {
  // The database holds nothing else.
  return {
    id: row.u_id,
    email: row.u_email,
    emailAsTyped: row.u_email_as_typed,
    emailVerifiedAt: row.u_email_verified_at && date(row.u_email_verified_at),
    username: row.u_username,
    usernameAsTyped: row.u_username_as_typed,
    phone: row.u_phone,
    phoneVerifiedAt: row.u_phone_verified_at && date(row.u_phone_verified_at),
    passwordHash: row.u_password_hash,
    roles: json(row.u_roles),
    status: row.u_status,
    credentialEpoch: row.u_credential_epoch,
    claimsVersion: row.u_claims_version,
    failedLogins: row.u_failed_logins,
    lockedUntil: row.u_locked_until && date(row.u_locked_until),
    leavingAdmin: flag(row.u_leaving_admin),
    deleteAfter: row.u_delete_after && date(row.u_delete_after),
    profile: json(row.u_profile),
    createdAt: date(row.u_created_at),
    updatedAt: date(row.u_updated_at),
    version: row.u_version,
  } as User
}

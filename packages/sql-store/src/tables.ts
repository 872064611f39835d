import type { EventRecord, OneTimeToken, Session, User } from '@latchkey/core'

/**
 * The tables as queries see them: records as they are, with names in camelCase. On their way to the database names
 * become snake_case and get the prefix, and values become what the driver takes (see `engines/`).
 */
export interface Tables {
  /** `changedAt` is of the row, not of the record: when something was revoked, by the clock of the database. */
  readonly users: User & { readonly changedAt: Date | null }
  readonly sessions: Session & { readonly changedAt: Date | null }
  readonly oneTimeTokens: OneTimeToken
  readonly events: EventRecord
}

/** How a value comes back from a driver: as it is, or to be made again. */
export type Kind = 'plain' | 'date' | 'flag' | 'json'

/** The members of a record, each a column. */
export type Columns<Row> = { readonly [Member in keyof Row]-?: Kind }

export const userColumns: Columns<User> = {
  id: 'plain',
  email: 'plain',
  emailAsTyped: 'plain',
  emailVerifiedAt: 'date',
  username: 'plain',
  usernameAsTyped: 'plain',
  phone: 'plain',
  phoneVerifiedAt: 'date',
  passwordHash: 'plain',
  roles: 'json',
  status: 'plain',
  credentialEpoch: 'plain',
  claimsVersion: 'plain',
  failedLogins: 'plain',
  lockedUntil: 'date',
  leavingAdmin: 'flag',
  deleteAfter: 'date',
  profile: 'json',
  createdAt: 'date',
  updatedAt: 'date',
  version: 'plain',
}

export const sessionColumns: Columns<Session> = {
  id: 'plain',
  userId: 'plain',
  salt: 'plain',
  generation: 'plain',
  parentGeneration: 'plain',
  recent: 'json',
  confirmedGeneration: 'plain',
  burntBelow: 'plain',
  credentialEpoch: 'plain',
  authTime: 'date',
  amr: 'json',
  actorId: 'plain',
  actorSessionId: 'plain',
  device: 'json',
  createdAt: 'date',
  lastSeenAt: 'date',
  idleExpiresAt: 'date',
  absoluteExpiresAt: 'date',
  revokedAt: 'date',
  revokedReason: 'plain',
}

export const oneTimeTokenColumns: Columns<OneTimeToken> = {
  id: 'plain',
  userId: 'plain',
  purpose: 'plain',
  slot: 'plain',
  channel: 'plain',
  linkHash: 'plain',
  codeHash: 'plain',
  codeExpiresAt: 'date',
  attemptsLeft: 'plain',
  proves: 'plain',
  credentialEpoch: 'plain',
  createdAt: 'date',
  expiresAt: 'date',
  data: 'json',
}

export const eventColumns: Columns<EventRecord> = {
  id: 'plain',
  at: 'date',
  type: 'plain',
  outcome: 'plain',
  userId: 'plain',
  actorId: 'plain',
  sessionId: 'plain',
  ip: 'plain',
  userAgent: 'plain',
  data: 'json',
}

/** The names of the tables in the database. */
export interface TableNames {
  readonly users: 'users'
  readonly sessions: 'sessions'
  readonly oneTimeTokens: 'oneTimeTokens'
  readonly events: 'events'
}

/** The names with the prefix. To the type checker they stay what they are without. */
export function tableNames(prefix: string): TableNames {
  const names: Record<keyof TableNames, string> = {
    users: `${prefix}users`,
    sessions: `${prefix}sessions`,
    oneTimeTokens: `${prefix}one_time_tokens`,
    events: `${prefix}events`,
  }
  return names as unknown as TableNames
}

/** The members of a record, in the order of its columns. */
export function membersOf<Row>(columns: Columns<Row>): readonly (keyof Row & string)[] {
  return Object.keys(columns) as (keyof Row & string)[]
}

/** The name of a column in the database. */
export function columnName(member: string): string {
  return member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

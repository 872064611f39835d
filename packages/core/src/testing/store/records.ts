import { randomUUID } from 'node:crypto'
import type { EventRecord, OneTimeToken, Session, SessionRotation, User } from '../../records.ts'

/** The instant at which every record of the suite is made. Not a whole second: milliseconds must survive. */
const START = Date.parse('2030-01-01T00:00:00.123Z')

/** So many milliseconds after the start. */
export function at(milliseconds: number): Date {
  return new Date(START + milliseconds)
}

export const HOUR = 3_600_000

/** Ids in this order, wherever ids are sorted. */
export function idNumber(n: number): string {
  return `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
}

/** An active user with an address of their own. */
export function aUser(patch: Partial<User> = {}): User {
  const id = patch.id ?? randomUUID()
  return {
    id,
    email: `${id}@example.com`,
    emailAsTyped: null,
    emailVerifiedAt: null,
    username: null,
    usernameAsTyped: null,
    phone: null,
    phoneVerifiedAt: null,
    passwordHash: null,
    roles: ['user'],
    status: 'active',
    credentialEpoch: 0,
    claimsVersion: 0,
    failedLogins: 0,
    lockedUntil: null,
    leavingAdmin: false,
    deleteAfter: null,
    profile: {},
    createdAt: at(0),
    updatedAt: at(0),
    version: 1,
    ...patch,
  }
}

/** A live session of the user, idle after one hour, over after ten. */
export function aSession(userId: string, patch: Partial<Session> = {}): Session {
  return {
    id: randomUUID(),
    userId,
    salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    generation: 1,
    parentGeneration: null,
    recent: [],
    confirmedGeneration: 0,
    burntBelow: 0,
    credentialEpoch: 0,
    authTime: at(0),
    amr: ['pwd'],
    actorId: null,
    actorSessionId: null,
    device: { name: null, userAgent: null, ip: null },
    createdAt: at(0),
    lastSeenAt: at(0),
    idleExpiresAt: at(HOUR),
    absoluteExpiresAt: at(10 * HOUR),
    revokedAt: null,
    revokedReason: null,
    ...patch,
  }
}

/** What a rotation from generation 1 writes. */
export function aRotation(patch: Partial<SessionRotation> = {}): SessionRotation {
  return {
    generation: 2,
    parentGeneration: 1,
    recent: [{ generation: 1, at: at(1000).getTime() }],
    confirmedGeneration: 1,
    burntBelow: 0,
    lastSeenAt: at(1000),
    idleExpiresAt: at(HOUR + 1000),
    ...patch,
  }
}

/** An activation token with a code, five attempts left; the code ends before the token does. */
export function aToken(userId: string, patch: Partial<OneTimeToken> = {}): OneTimeToken {
  return {
    id: randomUUID(),
    userId,
    purpose: 'activate',
    slot: '',
    channel: 'email',
    linkHash: `hash-${randomUUID()}`,
    codeHash: 'code-hash',
    codeExpiresAt: at(HOUR),
    attemptsLeft: 5,
    proves: 'ada@example.com',
    credentialEpoch: 0,
    createdAt: at(0),
    expiresAt: at(2 * HOUR),
    data: {},
    ...patch,
  }
}

/** An entry of the audit log. */
export function anEvent(patch: Partial<EventRecord> = {}): EventRecord {
  return {
    id: randomUUID(),
    at: at(0),
    type: 'session.started',
    outcome: 'success',
    userId: null,
    actorId: null,
    sessionId: null,
    ip: null,
    userAgent: null,
    data: {},
    ...patch,
  }
}

import { randomUUID } from 'node:crypto'
import type { EventRecord, OneTimeToken, Session, User } from '@latchkey/core'

export const NOW = new Date('2030-01-01T00:00:00Z')
export const LATER = new Date('2030-01-01T01:00:00Z')

/** An active user without identifiers. */
export function aUser(patch: Partial<User> = {}): User {
  return {
    id: randomUUID(),
    email: null,
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
    createdAt: NOW,
    updatedAt: NOW,
    version: 1,
    ...patch,
  }
}

/** A session that has just begun. */
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
    authTime: NOW,
    amr: ['pwd'],
    actorId: null,
    device: { name: null, userAgent: null, ip: null },
    createdAt: NOW,
    lastSeenAt: NOW,
    idleExpiresAt: LATER,
    absoluteExpiresAt: LATER,
    revokedAt: null,
    revokedReason: null,
    ...patch,
  }
}

/** A token for a new password, with a code. */
export function aToken(userId: string, patch: Partial<OneTimeToken> = {}): OneTimeToken {
  return {
    id: randomUUID(),
    userId,
    purpose: 'reset_password',
    slot: '',
    channel: 'email',
    linkHash: randomUUID(),
    codeHash: 'hash',
    codeExpiresAt: LATER,
    attemptsLeft: 5,
    proves: 'ada@example.com',
    credentialEpoch: 0,
    createdAt: NOW,
    expiresAt: LATER,
    data: {},
    ...patch,
  }
}

/** A login. */
export function anEvent(patch: Partial<EventRecord> = {}): EventRecord {
  return {
    id: randomUUID(),
    at: NOW,
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

import type { EventRecord, OneTimeToken, Session, User } from '@latchkey/core'
import * as suite from '../../../core/src/testing/store/records.ts'

export const NOW = new Date('2030-01-01T00:00:00Z')
export const LATER = new Date('2030-01-01T01:00:00Z')

/** An active user without identifiers. */
export function aUser(patch: Partial<User> = {}): User {
  return suite.aUser({ email: null, createdAt: NOW, updatedAt: NOW, ...patch })
}

/** A session that has just begun. */
export function aSession(userId: string, patch: Partial<Session> = {}): Session {
  const begun = { authTime: NOW, createdAt: NOW, lastSeenAt: NOW }
  const limits = { idleExpiresAt: LATER, absoluteExpiresAt: LATER }
  return suite.aSession(userId, { ...begun, ...limits, ...patch })
}

/** A token for a new password, with a code. */
export function aToken(userId: string, patch: Partial<OneTimeToken> = {}): OneTimeToken {
  const times = { createdAt: NOW, codeExpiresAt: LATER, expiresAt: LATER }
  return suite.aToken(userId, { purpose: 'reset_password', ...times, ...patch })
}

/** A login. */
export function anEvent(patch: Partial<EventRecord> = {}): EventRecord {
  return suite.anEvent({ at: NOW, ...patch })
}

import type { EventRecord, Session, User } from '@latchkey/core'

const DAY_MS = 86_400_000

/** An active user as most are. */
export function exampleUser(id: string, email: string, at: Date): User {
  return {
    id,
    email,
    emailAsTyped: email,
    emailVerifiedAt: at,
    username: null,
    usernameAsTyped: null,
    phone: null,
    phoneVerifiedAt: null,
    passwordHash:
      '$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzaXh0ZWVuIGJ5dGVz$J8yXu6ZQZ2m0t9hQv0V3cVtZbWv9Jp0lqk8mE1r7T2o',
    roles: ['user'],
    status: 'active',
    credentialEpoch: 1,
    claimsVersion: 0,
    failedLogins: 0,
    lockedUntil: null,
    leavingAdmin: false,
    deleteAfter: null,
    profile: { name: 'Ada Lovelace', locale: 'en' },
    createdAt: at,
    updatedAt: at,
    version: 2,
  }
}

/** The only login of that user, who has not come back since. It lasts for so many days. */
export function exampleSession(id: string, userId: string, at: Date, days: number): Session {
  const end = new Date(at.getTime() + days * DAY_MS)
  return {
    id,
    userId,
    salt: 'c2l4dGVlbiBieXRlcyEhIQ',
    generation: 1,
    parentGeneration: null,
    recent: [],
    confirmedGeneration: 1,
    burntBelow: 0,
    credentialEpoch: 1,
    authTime: at,
    amr: ['pwd'],
    actorId: null,
    actorSessionId: null,
    device: {
      name: 'Phone',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      ip: '192.0.2.10',
    },
    createdAt: at,
    lastSeenAt: at,
    idleExpiresAt: end,
    absoluteExpiresAt: end,
    revokedAt: null,
    revokedReason: null,
  }
}

/** What the audit log keeps of that login. */
export function exampleEvent(id: string, { id: sessionId, userId, device, ...session }: Session) {
  const event: EventRecord = {
    id,
    at: session.createdAt,
    type: 'session.started',
    outcome: 'success',
    userId,
    actorId: null,
    sessionId,
    ip: device.ip,
    userAgent: device.userAgent,
    data: {},
  }
  return event
}

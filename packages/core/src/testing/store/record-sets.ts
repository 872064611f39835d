import type { EventRecord, JsonObject, OneTimeToken, Session, User } from '../../records.ts'
import { anEvent, aSession, aToken, at, aUser } from './records.ts'

/** A record of each kind. The session belongs to the user. */
export interface RecordSet {
  readonly user: User
  readonly session: Session
  readonly token: OneTimeToken
  readonly event: EventRecord
}

/** With it in all members that are free text, and as key and value in JSON. */
export function withText(text: string): RecordSet {
  const json = { [text]: text, list: [text], nested: { [text]: [text] } }
  const user = aUser({
    email: text,
    emailAsTyped: text,
    username: text,
    usernameAsTyped: text,
    passwordHash: text,
    roles: [text, 'user', text],
    profile: json,
  })
  const device = { name: text, userAgent: text, ip: text }
  return {
    user,
    session: aSession(user.id, { salt: text, amr: [text, 'pwd'], device }),
    token: aToken(user.id, {
      slot: text,
      linkHash: text,
      codeHash: text,
      proves: text,
      data: json,
    }),
    event: anEvent({ type: text, ip: text, userAgent: text, data: json }),
  }
}

/** With it in the members that hold what a browser says of itself. */
export function withUserAgent(userAgent: string): RecordSet {
  const user = aUser({ username: 'ada' })
  const device = { name: null, userAgent, ip: null }
  return {
    user,
    session: aSession(user.id, { device }),
    token: aToken(user.id, { data: { userAgent } }),
    event: anEvent({ userAgent }),
  }
}

/** With it in the members that are JSON. */
export function withJson(json: JsonObject): RecordSet {
  const user = aUser({ username: 'ada', profile: json })
  return {
    user,
    session: aSession(user.id),
    token: aToken(user.id, { data: json }),
    event: anEvent({ data: json }),
  }
}

/** With it in all members that are dates; a token must not have expired before the others are made. */
export function withDate(date: Date): RecordSet {
  const user = aUser({
    username: 'ada',
    emailVerifiedAt: date,
    phoneVerifiedAt: date,
    lockedUntil: date,
    deleteAfter: date,
    createdAt: date,
    updatedAt: date,
  })
  const session = aSession(user.id, {
    authTime: date,
    createdAt: date,
    lastSeenAt: date,
    idleExpiresAt: date,
    absoluteExpiresAt: date,
    revokedAt: date,
    revokedReason: 'logout',
    recent: [{ generation: 1, at: date.getTime() }],
  })
  const expiresAt = date > at(0) ? date : at(0)
  const token = aToken(user.id, { codeExpiresAt: date, createdAt: date, expiresAt })
  return { user, session, token, event: anEvent({ at: date }) }
}

/** With it in all members that are counters. */
export function withNumber(number: number): RecordSet {
  const user = aUser({
    username: 'ada',
    credentialEpoch: number,
    claimsVersion: number,
    failedLogins: number,
    version: number,
    profile: { number },
  })
  const session = aSession(user.id, {
    generation: number,
    parentGeneration: number,
    recent: [{ generation: number, at: at(0).getTime() }],
    confirmedGeneration: number,
    burntBelow: number,
    credentialEpoch: number,
  })
  const token = aToken(user.id, { attemptsLeft: number, credentialEpoch: number, data: { number } })
  return { user, session, token, event: anEvent({ data: { number } }) }
}

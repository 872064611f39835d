import type { SessionStore, SessionWithUser, Sighting, UserStore } from '@latchkey/core'

/** The verbs that run most. A store has them; so has a driver with the same statements prepared. */
export type HotVerbs = Pick<SessionStore, 'find' | 'confirm' | 'rotate' | 'insert'> &
  Pick<UserStore, 'countFailedLogin'>

/** A {@link HotVerbs} with a database of its own to close. */
export interface OpenVerbs {
  readonly verbs: HotVerbs
  close(): Promise<void>
}

/** What a sighting makes of the session, where the statement does not answer it. */
export function sighted(
  { session, user }: SessionWithUser,
  generation: number,
  { now, idleExpiresAt }: Sighting,
): SessionWithUser {
  const { absoluteExpiresAt, confirmedGeneration } = session
  return {
    session: {
      ...session,
      confirmedGeneration: Math.max(confirmedGeneration, generation),
      lastSeenAt: now,
      idleExpiresAt: idleExpiresAt < absoluteExpiresAt ? idleExpiresAt : absoluteExpiresAt,
    },
    user,
  }
}

/** Whether a sighting is to be written. */
export function isDue(
  { session }: SessionWithUser,
  generation: number,
  { touchBefore }: Sighting,
): boolean {
  return session.confirmedGeneration < generation || session.lastSeenAt < touchBefore
}

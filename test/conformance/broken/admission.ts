import type { Session, Sighting, Store } from '@latchkey/core'
import { type BrokenStore, broken, type Faults } from './broken-store.ts'

const REFUSES = 'sessions.confirm, what it refuses'

export const brokenAdmissions: readonly BrokenStore[] = [
  broken(
    'admits a generation that was burnt',
    `${REFUSES} > at generation 5, burnt below 4, refuses 3`,
    admitting(({ burntBelow }, generation) => generation < burntBelow),
  ),

  broken(
    'admits a generation that there has not been',
    `${REFUSES} > at generation 5, burnt below 4, refuses 6`,
    admitting((session, generation) => generation > session.generation),
  ),

  broken(
    'admits a session that was revoked',
    `${REFUSES} > refuses a revoked session, and writes nothing`,
    admitting(({ revokedAt }) => revokedAt !== null),
  ),

  broken(
    'asks whether a session is alive only when there is something to write',
    `${REFUSES} > refuses a revoked session that was seen just now, and writes nothing`,
    admitting(
      ({ revokedAt, confirmedGeneration, lastSeenAt }, generation, { touchBefore }) =>
        revokedAt !== null && generation <= confirmedGeneration && lastSeenAt >= touchBefore,
    ),
  ),

  ...(['idleExpiresAt', 'absoluteExpiresAt'] as const).map((limit) =>
    broken(
      `admits a session just at its ${limit}`,
      `${REFUSES} > S060 S061 refuses from ${limit} on, to the millisecond`,
      admitting((session, _, { now }) => session[limit].getTime() === now.getTime()),
    ),
  ),

  broken(
    'admits the current generation only',
    `${REFUSES} > at generation 5, burnt below 4, admits 4`,
    refusing((session, generation) => generation < session.generation),
  ),

  broken(
    'refuses the current generation',
    `${REFUSES} > at generation 5, burnt below 4, admits 5`,
    refusing((session, generation) => generation >= session.generation),
  ),

  broken(
    'admits a session whose user is gone',
    `${REFUSES} > refuses a session that is unknown, or whose user is gone`,
    ({ sessions }) => {
      const inserted = new Set<string>()
      return {
        sessions: {
          insert(session) {
            inserted.add(session.id)
            return sessions.insert(session)
          },
          async confirm(id, ...seen) {
            const orphan = inserted.has(id) && (await sessions.find(id)) === null
            return orphan ? ({ user: null } as never) : sessions.confirm(id, ...seen)
          },
        },
      }
    },
  ),

  broken(
    'refuses a session of a user who is disabled',
    `${REFUSES} > gives the user as they are now, and does not judge them`,
    ({ sessions }) => ({
      sessions: {
        async confirm(id, generation, seen) {
          const confirmed = await sessions.confirm(id, generation, seen)
          return confirmed?.user.status === 'active' ? confirmed : null
        },
      },
    }),
  ),

  broken(
    'writes although it refuses',
    `${REFUSES} > S060 S061 refuses from idleExpiresAt on, to the millisecond`,
    ({ sessions }) => ({
      sessions: {
        async confirm(id, generation, seen) {
          const confirmed = await sessions.confirm(id, generation, seen)
          const found = confirmed ?? (await sessions.find(id))
          if (found) await sessions.insert({ ...found.session, lastSeenAt: seen.now })
          return confirmed
        },
      },
    }),
  ),
]

/** Refuses what else it would admit. */
function refusing(refuses: (session: Session, generation: number) => boolean) {
  return ({ sessions }: Store): Faults => ({
    sessions: {
      async confirm(id, generation, seen) {
        const found = await sessions.find(id)
        const refused = found !== null && refuses(found.session, generation)
        return refused ? null : sessions.confirm(id, generation, seen)
      },
    },
  })
}

/** Admits what else it would refuse. */
function admitting(
  admits: (session: Session, generation: number, seen: Sighting) => boolean,
): (sound: Store) => Faults {
  return ({ sessions }) => ({
    sessions: {
      async confirm(id, generation, seen) {
        const found = await sessions.find(id)
        const confirmed = await sessions.confirm(id, generation, seen)
        return confirmed ?? (found && admits(found.session, generation, seen) ? found : null)
      },
    },
  })
}

import type { Session, Sighting, Store } from '@latchkey/core'
import { type BrokenStore, broken, type Faults, tick } from './broken-store.ts'

const WRITES = 'sessions.confirm, what it writes'

export const brokenConfirmations: readonly BrokenStore[] = [
  broken(
    'confirms the last generation that was seen, not the largest',
    `${WRITES} > never a smaller generation than was confirmed`,
    writing((_, generation) => ({ confirmedGeneration: generation })),
  ),

  broken(
    'does not write that a generation was seen',
    `${WRITES} > a generation that was not seen before, and answers what is stored`,
    writing((before) => ({ confirmedGeneration: before.confirmedGeneration })),
  ),

  broken(
    'does not extend the idle limit',
    `${WRITES} > time and idle limit, if it was last seen 1 ms before \`touchBefore\``,
    writing(({ idleExpiresAt }) => ({ idleExpiresAt })),
  ),

  broken(
    'moves the idle limit beyond the absolute one',
    `${WRITES} > S061 no idle limit beyond the absolute one: asked for 1 ms after it`,
    writing((before, _, { idleExpiresAt }, after) =>
      after.lastSeenAt > before.lastSeenAt ? { idleExpiresAt } : {},
    ),
  ),

  broken(
    'never makes the idle limit earlier',
    `${WRITES} > S060 an idle limit that is earlier than the one before, too`,
    writing(({ idleExpiresAt }, _, __, after) =>
      idleExpiresAt > after.idleExpiresAt ? { idleExpiresAt } : {},
    ),
  ),

  broken(
    'writes at every sighting',
    `${WRITES} > nothing, if it was last seen 0 ms after \`touchBefore\``,
    writing((_, __, { now, idleExpiresAt }) => ({ lastSeenAt: now, idleExpiresAt })),
  ),

  broken(
    'never writes when a generation is seen again',
    `${WRITES} > time and idle limit, if it was last seen 1 ms before \`touchBefore\``,
    writing((before, generation) => (generation <= before.confirmedGeneration ? before : {})),
  ),

  broken(
    'answers the session as it was before',
    `${WRITES} > a generation that was not seen before, and answers what is stored`,
    ({ sessions }) => ({
      sessions: {
        async confirm(id, generation, seen) {
          const before = await sessions.find(id)
          return (await sessions.confirm(id, generation, seen)) && before
        },
      },
    }),
  ),

  broken(
    'finds nothing left to write when two show one new generation, and refuses the second',
    'one session, 50 calls at once > refuses nobody who shows the same new generation at once',
    ({ sessions }) => ({
      sessions: {
        async confirm(id, generation, seen) {
          const before = (await sessions.find(id))?.session.confirmedGeneration
          await tick()
          const now = (await sessions.find(id))?.session.confirmedGeneration
          return before === now ? sessions.confirm(id, generation, seen) : null
        },
      },
    }),
  ),

  broken(
    'reads a session, then writes what was seen',
    '50 sessions, different calls at once > lose neither a confirmation nor a rotation',
    ({ sessions }) => ({
      sessions: {
        async confirm(id, generation, seen) {
          const before = await sessions.find(id)
          if (before?.session.revokedAt !== null) return null
          await tick()
          await sessions.insert(before.session)
          return sessions.confirm(id, generation, seen)
        },
      },
    }),
  ),

  broken(
    'writes the largest generation that it knew of when it read',
    'one session, 50 calls at once > confirms to the largest generation',
    ({ sessions }) => ({
      sessions: {
        async confirm(id, generation, seen) {
          const { confirmedGeneration = 0 } = (await sessions.find(id))?.session ?? {}
          await tick()
          const confirmed = await sessions.confirm(id, generation, seen)
          const largest = Math.max(confirmedGeneration, generation)
          if (confirmed === null) return null
          await sessions.insert({ ...confirmed.session, confirmedGeneration: largest })
          return sessions.find(id)
        },
      },
    }),
  ),
]

type Writes = (
  before: Session,
  generation: number,
  seen: Sighting,
  after: Session,
) => Partial<Session>

/** Writes something else where it writes. */
function writing(writes: Writes): (sound: Store) => Faults {
  return ({ sessions }) => ({
    sessions: {
      async confirm(id, generation, seen) {
        const before = await sessions.find(id)
        const after = await sessions.confirm(id, generation, seen)
        if (before === null || after === null) return null
        const other = writes(before.session, generation, seen, after.session)
        await sessions.insert({ ...after.session, ...other })
        return sessions.find(id)
      },
    },
  })
}

import { type BrokenStore, broken, tick } from './broken-store.ts'

const ONE = 'one session, 50 calls at once'
const MANY = '50 sessions, different calls at once'

export const brokenRotations: readonly BrokenStore[] = [
  broken(
    'rotates whatever the generation is',
    'sessions.rotate > S059 writes nothing when generation is 2 and 1 is expected',
    ({ sessions }) => ({
      sessions: {
        async rotate(id, { unconfirmed }, patch) {
          const generation = (await sessions.find(id))?.session.generation ?? 1
          return sessions.rotate(id, { generation, unconfirmed }, patch)
        },
      },
    }),
  ),

  broken(
    'rotates a session that was revoked',
    'sessions.rotate > never brings a revoked session back to life',
    ({ sessions }) => ({
      sessions: {
        async rotate(id, expected, patch) {
          const found = await sessions.find(id)
          const revoked =
            found?.session.generation === expected.generation && found.session.revokedAt
          if (found && revoked) await sessions.insert({ ...found.session, ...patch })
          return revoked ? true : sessions.rotate(id, expected, patch)
        },
      },
    }),
  ),

  broken(
    'reads a session, then rotates it',
    `${ONE} > S059 lets exactly one rotation of one generation win`,
    ({ sessions }) => ({
      sessions: {
        async rotate(id, { generation }, patch) {
          const session = (await sessions.find(id))?.session
          if (session?.generation !== generation || session.revokedAt !== null) return false
          await tick()
          const now = (await sessions.find(id))?.session ?? session
          return sessions.rotate(id, { generation: now.generation, unconfirmed: false }, patch)
        },
      },
    }),
  ),

  broken(
    'writes back the session that it read when it rotates',
    `${MANY} > stay revoked when they are rotated and confirmed at the same time`,
    ({ sessions }) => ({
      sessions: {
        async rotate(id, { generation }, patch) {
          const session = (await sessions.find(id))?.session
          if (session?.generation !== generation || session.revokedAt !== null) return false
          await tick()
          await sessions.insert({ ...session, ...patch })
          return true
        },
      },
    }),
  ),

  broken(
    'does not ask whether a generation was confirmed',
    'sessions.rotate, conditions > with `unconfirmed`, does not rotate generation 4 confirmed up to 4',
    ({ sessions }) => ({
      sessions: {
        rotate: (id, { generation }, patch) =>
          sessions.rotate(id, { generation, unconfirmed: false }, patch),
      },
    }),
  ),

  broken(
    'asks whether a generation was confirmed, then rotates',
    `${MANY} > either confirm a generation or burn it, never both`,
    ({ sessions }) => ({
      sessions: {
        async rotate(id, { generation, unconfirmed }, patch) {
          const { confirmedGeneration = 0 } = (await sessions.find(id))?.session ?? {}
          if (unconfirmed && confirmedGeneration >= generation) return false
          await tick()
          return sessions.rotate(id, { generation, unconfirmed: false }, patch)
        },
      },
    }),
  ),

  broken(
    'rotates no generation that was confirmed',
    'sessions.rotate, conditions > without `unconfirmed`, does not ask what was confirmed',
    ({ sessions }) => ({
      sessions: {
        rotate: (id, { generation }, patch) =>
          sessions.rotate(id, { generation, unconfirmed: true }, patch),
      },
    }),
  ),

  broken(
    'lowers the confirmed generation when it rotates',
    'sessions.rotate > of the confirmed generations 4, stored, and 3, given, keeps the larger',
    ({ sessions }) => ({
      sessions: {
        async rotate(id, expected, patch) {
          const rotated = await sessions.rotate(id, expected, patch)
          const session = (await sessions.find(id))?.session
          if (rotated && session) await sessions.insert({ ...session, ...patch })
          return rotated
        },
      },
    }),
  ),

  broken(
    'rotates only what is within its limits',
    'sessions.rotate, conditions > does not judge limits: they are no condition of a rotation',
    ({ sessions }) => ({
      sessions: {
        async rotate(id, expected, patch) {
          const session = (await sessions.find(id))?.session
          if (session && session.idleExpiresAt <= session.createdAt) return false
          return sessions.rotate(id, expected, patch)
        },
      },
    }),
  ),

  broken(
    'appends to what was recent, where a rotation replaces it',
    'sessions.rotate > writes a rotation that clears what was recent and leaves the rest',
    ({ sessions }) => ({
      sessions: {
        async rotate(id, expected, patch) {
          const { recent = [] } = (await sessions.find(id))?.session ?? {}
          return sessions.rotate(id, expected, { ...patch, recent: [...recent, ...patch.recent] })
        },
      },
    }),
  ),
]

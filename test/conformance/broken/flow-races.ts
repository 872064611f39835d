import {
  type RotationExpectation,
  type SessionRotation,
  type SessionStore,
  type Store,
  UniqueViolation,
  type User,
  type UserPatch,
  type UserStore,
} from '@latchkey/core'
import { type BrokenStore, broken, type Faults, tick } from './broken-store.ts'

/** Each lets more than one of those win who ask at once. */
export const brokenForRaces: readonly BrokenStore[] = [
  broken(
    'lets a second holder of an address in',
    'S113 fifty registrations at once > of one address make one account, and all are answered alike, on one node',
    ({ users }) => ({
      users: {
        insert: (user) =>
          users.insert(user).catch((error: unknown) => {
            if (!(error instanceof UniqueViolation)) throw error
            return users.insert({ ...user, email: null })
          }),
      },
    }),
  ),

  broken(
    'looks for the holder of an address, then inserts',
    'S113 fifty accounts made at once by the application > of one address: exactly one is made, on two nodes',
    ({ users }) => ({
      users: {
        async insert(user) {
          const value = user.email ?? ''
          const holder = await users.findByIdentifier({ kind: 'email', value })
          if (holder !== null) throw new UniqueViolation('email')
          await tick()
          await users.insert(user).catch(() => users.insert({ ...user, email: null }))
        },
      },
    }),
  ),

  ...[
    'S112 fifty activations at once > by one link: exactly one opens the account, on one node',
    'S112 fifty resets at once > by one code: exactly one sets its password, on two nodes',
    'S113 fifty accounts made at once by the application > of an address that waits: exactly one takes it over, on one node',
  ].map((title) =>
    broken('updates whatever the version is', title, ({ users }) => ({
      users: {
        update: (id, expected, patch) => updateAnyway(users, id, expected, patch),
      },
    })),
  ),

  broken(
    'counts failed logins by reading first',
    'a password that changes > S028 is guessed fifty times at once, and each time counts, on two nodes',
    ({ users }) => ({
      users: {
        async countFailedLogin(identifier) {
          const before = await users.findByIdentifier(identifier)
          await tick()
          if (before !== null) await users.clearFailedLogins(before.id)
          let counted = before
          for (let count = 0; count <= (before?.failedLogins ?? 0); count += 1) {
            counted = await users.countFailedLogin(identifier)
          }
          return counted
        },
      },
    }),
  ),

  broken(
    'rotates whatever the generation is',
    'S059 fifty refreshes at once > with one token get one successor, by one rotation, on one node',
    ({ sessions }) => ({
      sessions: {
        rotate: (id, expected, patch) => rotateAnyway(sessions, id, expected, patch),
      },
    }),
  ),

  broken(
    'rotates a session that has ended',
    'S065 a session that ends > between the two steps of a refresh stays at its end',
    ({ sessions }) => ({
      sessions: {
        async rotate(id, expected, patch) {
          const session = (await sessions.find(id))?.session
          if (session === undefined || session.revokedAt === null) {
            return sessions.rotate(id, expected, patch)
          }
          const alive = { ...session, ...patch, revokedAt: null, revokedReason: null }
          await sessions.insert(alive)
          return true
        },
      },
    }),
  ),

  ...[
    'an activation > S079 takes five guesses at a code, then not even the right one, but still the link',
    'S112 fifty activations at once > S028 by guessed codes: no more than five are judged, on two nodes',
    'S112 fifty resets at once > S028 S079 by guessed codes: exactly five are judged',
  ].map((title) => broken('spends no attempts at a code', title, spendingNothing)),

  broken(
    'gives the user of a session as they were when it began',
    'a session > S092 dies at once when its user is disabled',
    (store) => {
      const known = new Map<string, Awaited<ReturnType<typeof store.users.find>>>()
      return {
        sessions: {
          async insert(session) {
            known.set(session.id, await store.users.find(session.userId))
            await store.sessions.insert(session)
          },
          async confirm(id, generation, seen) {
            const found = await store.sessions.confirm(id, generation, seen)
            return found && { ...found, user: known.get(id) ?? found.user }
          },
        },
      }
    },
  ),
]

/** Lets the last writer win. */
export async function updateAnyway(
  users: UserStore,
  id: string,
  expected: number,
  patch: UserPatch,
): Promise<User | null> {
  const written = await users.update(id, expected, patch)
  const user = written === null ? await users.find(id) : null
  return user === null ? written : updateAnyway(users, id, user.version, patch)
}

async function rotateAnyway(
  sessions: SessionStore,
  id: string,
  expected: RotationExpectation,
  patch: SessionRotation,
): Promise<boolean> {
  if (await sessions.rotate(id, expected, patch)) return true
  const session = (await sessions.find(id))?.session
  if (session === undefined || session.revokedAt !== null) return false
  const { generation } = session
  const next = { ...patch, generation: generation + 1 }
  return rotateAnyway(sessions, id, { ...expected, generation }, next)
}

function spendingNothing({ oneTimeTokens }: Store): Faults {
  return {
    oneTimeTokens: {
      async tryCode(userId, purpose, now) {
        const tokens = await oneTimeTokens.list(userId, purpose, now, 100)
        const token = tokens.find(({ slot }) => slot === '') ?? null
        return token?.codeExpiresAt != null && token.codeExpiresAt > now ? token : null
      },
    },
  }
}

import { type BrokenStore, broken } from './broken-store.ts'
import { brokenForAdministration } from './flow-administration.ts'
import { brokenForChanges } from './flow-changes.ts'
import { brokenForOnboarding } from './flow-onboarding.ts'
import { brokenForRaces } from './flow-races.ts'
import { foreignKey } from './foreign-key.ts'

/** Each fails a case of `testFlows`, whatever `testStore` says of it. */
export const brokenForFlows: readonly BrokenStore[] = [
  ...brokenForRaces,
  ...brokenForAdministration,
  ...brokenForChanges,
  ...brokenForOnboarding,

  broken(
    'ends no session, and says that it did',
    'the end of a session > S065 by logout with the refresh token',
    ({ sessions }) => ({
      sessions: { revoke: async (id) => (await sessions.find(id)) !== null },
    }),
  ),

  broken(
    'fails when a session ends twice',
    'S103 a store that fails while a session ends > logout, after the verb',
    ({ sessions }) => ({
      sessions: {
        async revoke(id, reason, at) {
          const ended = await sessions.revoke(id, reason, at)
          if (!ended) throw new Error('no row was changed')
          return ended
        },
      },
    }),
  ),

  broken(
    'ends every session, also those to keep',
    'the end of a session > S064 of all others leaves the one that asks, and other users',
    ({ sessions }) => ({
      sessions: {
        revokeAll: (userId, _, reason, at) =>
          sessions.revokeAll(userId, { id: null, credentialEpoch: null }, reason, at),
      },
    }),
  ),

  broken(
    'lets sessions pile up',
    'the list of sessions > S063 has no more than the cap: one more login ends the oldest',
    () => ({ sessions: { evictBeyond: async () => 0 } }),
  ),

  broken(
    'finds a one-time token that has expired',
    'an activation > S019 works to the last second of its link and of its code',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        find: (hash, purpose) => oneTimeTokens.find(hash, purpose, new Date(0)),
      },
    }),
  ),

  broken(
    'removes no one-time token',
    'an activation > S019 by link opens the account once',
    () => ({ oneTimeTokens: { take: async () => null } }),
  ),

  broken(
    'demands a user for a one-time token',
    'S103 S112 a store that fails while somebody registers > a new address (before): registering again goes on',
    foreignKey,
  ),

  broken(
    'keeps texts in three bytes',
    'a text that somebody gives comes back as it was > S113 the name of a device, and its user agent',
    ({ sessions }) => ({
      sessions: {
        insert: (session) => {
          const name = session.device.name?.replace(/[\u{10000}-\u{10ffff}]/gu, '?') ?? null
          return sessions.insert({ ...session, device: { ...session.device, name } })
        },
      },
    }),
  ),

  broken(
    'gives the first page of the log and no other',
    'the audit log > S115 holds what happened to a user, newest first, and from where',
    ({ events }) => ({
      events: { list: async (query) => (query.after === null ? events.list(query) : []) },
    }),
  ),
]

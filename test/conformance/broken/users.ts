import type { UserPatch } from '@latchkey/core'
import { type BrokenStore, broken, tick } from './broken-store.ts'

const ONE = 'users, 50 calls at once, one record'

export const brokenUsers: readonly BrokenStore[] = [
  broken(
    'answers undefined for a user who is not there',
    'users.insert and users.find > answer null for an id that nobody has',
    ({ users }) => ({
      users: { find: async (id) => (await users.find(id)) ?? (undefined as never) },
    }),
  ),

  broken(
    'updates whatever the version is',
    'users.update > writes nothing when version is 4 and 3 is expected',
    ({ users }) => ({
      users: {
        async update(id, _, patch) {
          const user = await users.find(id)
          return user && users.update(id, user.version, patch)
        },
      },
    }),
  ),

  broken(
    'reads the version, then writes',
    `${ONE} > S112 lets exactly one of the updates from one version win`,
    ({ users }) => ({
      users: {
        async update(id, expected, patch) {
          if ((await users.find(id))?.version !== expected) return null
          await tick()
          return users.update(id, (await users.find(id))?.version ?? 0, patch)
        },
      },
    }),
  ),

  broken(
    'tells no writer that it lost',
    `${ONE} > loses no update of those that try again`,
    ({ users }) => ({
      users: {
        update: async (id, expected, patch) =>
          (await users.update(id, expected, patch)) ?? users.find(id),
      },
    }),
  ),

  broken(
    'writes the whole record that it read, counters too',
    `${ONE} > loses no count to an update, and no update to a count`,
    ({ users }) => ({
      users: {
        async update(id, expected, patch) {
          const { failedLogins = 0 } = (await users.find(id)) ?? {}
          await tick()
          return users.update(id, expected, { ...patch, failedLogins } as UserPatch)
        },
      },
    }),
  ),

  broken(
    'clears the members that a patch does not name',
    'users.update > writes a status, adds one to version and leaves the rest',
    ({ users }) => ({
      users: {
        update: (id, expected, patch) => users.update(id, expected, { phone: null, ...patch }),
      },
    }),
  ),

  broken(
    'takes null in a patch for a member that is not named',
    'users.update > writes no hash, adds one to version and leaves the rest',
    ({ users }) => ({
      users: {
        update(id, expected, patch) {
          const named = Object.entries(patch).filter(([, value]) => value !== null)
          return users.update(id, expected, Object.fromEntries(named))
        },
      },
    }),
  ),

  broken(
    'merges profiles',
    'users.update > writes a profile, adds one to version and leaves the rest',
    ({ users }) => ({
      users: {
        async update(id, expected, patch) {
          const profile = { ...(await users.find(id))?.profile, ...patch.profile }
          return users.update(id, expected, patch.profile ? { ...patch, profile } : patch)
        },
      },
    }),
  ),

  broken(
    'moves updatedAt by itself',
    'users.update > writes nothing, adds one to version and leaves the rest',
    ({ users }) => ({
      users: {
        update: (id, expected, patch) =>
          users.update(id, expected, { updatedAt: new Date(), ...patch }),
      },
    }),
  ),

  broken(
    'rejects the update of a user who is gone',
    'users.update > answers null for a user who is gone',
    ({ users }) => ({
      users: {
        async update(id, ...rest) {
          if ((await users.find(id)) === null) throw new Error('no row was updated')
          return users.update(id, ...rest)
        },
      },
    }),
  ),
]

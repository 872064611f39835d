import { UniqueViolation, type UserPatch } from '@latchkey/core'
import { type BrokenStore, broken } from './broken-store.ts'
import { updateAnyway } from './flow-races.ts'

/** Each fails a change of the own account. */
export const brokenForChanges: readonly BrokenStore[] = [
  ...[
    'an own account that is changed fifty times at once > has every member of its profile that somebody was told is there, on two nodes',
    'an account that its owner deletes, amid others > S092 fifty times at once: exactly one does, on one node',
    'an account that its owner deletes, amid others > S080 while its password changes: one of both is done, on two nodes',
  ].map((title) =>
    broken('updates whatever the version is', title, ({ users }) => ({
      users: {
        update: (id, expected, patch) => updateAnyway(users, id, expected, patch),
      },
    })),
  ),

  broken(
    'takes an address from its holder in an update',
    'another e-mail address > S083 is not taken from who has it',
    ({ users }) => ({
      users: {
        async update(id, expected, patch) {
          try {
            return await users.update(id, expected, patch)
          } catch (error) {
            if (!(error instanceof UniqueViolation)) throw error
            const value = patch.email ?? ''
            const holder = await users.findByIdentifier({ kind: 'email', value })
            if (holder !== null) await users.update(holder.id, holder.version, { email: null })
            return users.update(id, expected, patch)
          }
        },
      },
    }),
  ),

  broken(
    'lists no one-time tokens',
    'another e-mail address > S083 is undone to the first of several',
    () => ({ oneTimeTokens: { list: async () => [] } }),
  ),

  broken(
    'gives a token to whoever takes it',
    'another e-mail address > S083 is undone from the old one, whatever became of the password',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        take: (linkHash, purpose, now) => oneTimeTokens.find(linkHash, purpose, now),
      },
    }),
  ),

  broken(
    'clears nothing in an update',
    'an account that its owner deletes > S092 is gone at once, and its address is free',
    ({ users }) => ({
      users: { update: (id, expected, patch) => users.update(id, expected, withoutNull(patch)) },
    }),
  ),

  broken(
    'finds no account that is due for deletion',
    'an account that its owner deletes > S092 is kept by a login in time, and goes without one',
    () => ({ users: { listDueForDeletion: async () => [] } }),
  ),

  broken(
    'keeps a profile in lower case',
    'the own account > has its profile changed member by member',
    ({ users }) => ({
      users: {
        update: (id, expected, patch) =>
          users.update(id, expected, JSON.parse(JSON.stringify(patch).toLowerCase())),
      },
    }),
  ),
]

function withoutNull(patch: UserPatch): UserPatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null))
}

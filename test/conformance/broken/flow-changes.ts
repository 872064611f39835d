import { isDeepStrictEqual } from 'node:util'
import { UniqueViolation, type UserPatch } from '@latchkey/core'
import { type BrokenStore, broken } from './broken-store.ts'
import { updateAnyway } from './flow-races.ts'

/** Each fails a change of the own account. */
export const brokenForChanges: readonly BrokenStore[] = [
  ...[
    'an own account that is changed fifty times at once > has every member of its profile that somebody was told is there, on two nodes',
    'an account that its owner deletes, amid others > S092 fifty times at once: exactly one does, on one node',
    'an account that its owner deletes, amid others > S080 while its password changes: one of both is done, on two nodes',
    'S083 fifty confirmations of an e-mail address at once > by one link: exactly one is done, and the old address can undo it, on two nodes',
    'S083 fifty who undo a change of an e-mail address at once > exactly one does, and the owner can choose a password, on one node',
    'S083 fifty confirmations of a phone number at once > exactly one is done, and no more than five codes are judged, on one node',
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

  ...[
    'another e-mail address > S083 is undone to the first of several',
    'S083 a change of an e-mail address that another one overtakes > is told to the first address, which can undo both',
  ].map((title) =>
    broken('lists no one-time tokens', title, () => ({ oneTimeTokens: { list: async () => [] } })),
  ),

  broken(
    'keeps the link of a token that it replaces',
    'S083 fifty changes of an e-mail address at once > to two addresses: what confirms one was sent to it, on one node',
    ({ oneTimeTokens }) => {
      // For another address than its own, whichever of the requests comes last.
      const links = new Map<string, string>()
      return {
        oneTimeTokens: {
          put(token) {
            if (token.purpose === 'change_email') links.set(token.proves, token.linkHash)
            const other = [...links.keys()].find((address) => address !== token.proves)
            return oneTimeTokens.put({
              ...token,
              linkHash: links.get(other ?? '') ?? token.linkHash,
            })
          },
        },
      }
    },
  ),

  broken(
    'refuses a link that it has already, also in the place of the token',
    'S083 S103 a store that fails while an e-mail address changes > when it is confirmed, after the verb',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          const { linkHash, purpose, createdAt } = token
          const before = await oneTimeTokens.find(linkHash, purpose, createdAt)
          if (before !== null) throw new Error('the link is not unique')
          return oneTimeTokens.put(token)
        },
      },
    }),
  ),

  broken(
    'writes no phone number in an update',
    'another phone number > S083 is there once its code came back, and the owner is told',
    ({ users }) => ({
      users: {
        update: (id, expected, { phone, ...patch }) => users.update(id, expected, patch),
      },
    }),
  ),

  broken(
    'gives a token to whoever tries its code, and has it no more',
    'S083 S103 a store that fails while a phone number changes > when it is confirmed, before the verb',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async tryCode(userId, purpose, now) {
          const token = await oneTimeTokens.tryCode(userId, purpose, now)
          return token && oneTimeTokens.take(token.linkHash, purpose, now)
        },
      },
    }),
  ),

  broken(
    'takes an update that changes nothing for one that came too late',
    'S103 a store that fails while somebody changes their own account > name and profile, after the verb',
    ({ users }) => ({
      users: {
        async update(id, expected, patch) {
          const user = await users.find(id)
          const isSame = user !== null && isDeepStrictEqual({ ...user, ...patch }, user)
          return isSame ? null : users.update(id, expected, patch)
        },
      },
    }),
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

  ...[
    'an account that its owner deletes > S092 is kept by a login in time, and goes without one',
    'S092 S103 a store that fails while somebody deletes their account > in a while, before the verb',
  ].map((title) =>
    broken('finds no account that is due for deletion', title, () => ({
      users: { listDueForDeletion: async () => [] },
    })),
  ),

  broken(
    'keeps a profile in lower case',
    'the own account > has its profile changed member by member',
    ({ users }) => ({
      users: {
        update(id, expected, { profile = {}, ...patch }) {
          const lower = JSON.parse(JSON.stringify(profile).toLowerCase())
          return users.update(id, expected, { ...patch, profile: lower })
        },
      },
    }),
  ),
]

function withoutNull(patch: UserPatch): UserPatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null))
}

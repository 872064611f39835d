import { UniqueViolation } from '@latchkey/core'
import { type BrokenStore, broken } from './broken-store.ts'

/** Each fails a case about phone numbers, or about accounts that an administrator opens. */
export const brokenForOnboarding: readonly BrokenStore[] = [
  broken(
    'finds nobody by their number',
    'a phone number > S013 S019 opens an account by its code, however it is written',
    ({ users }) => ({
      users: {
        findByIdentifier: async (identifier) =>
          identifier.kind === 'phone' ? null : users.findByIdentifier(identifier),
      },
    }),
  ),

  broken(
    'counts failures of who logs in by number under nobody',
    'a phone number > S080 sets a new password by its code',
    ({ users }) => ({
      users: {
        countFailedLogin: async (identifier) =>
          identifier.kind === 'phone' ? null : users.countFailedLogin(identifier),
      },
    }),
  ),

  broken(
    'takes an account without its number where that is taken',
    'a phone number > S113 belongs to one',
    ({ users }) => ({
      users: {
        async insert(user) {
          try {
            await users.insert(user)
          } catch (error) {
            if (!(error instanceof UniqueViolation && error.field === 'phone')) throw error
            await users.insert({ ...user, phone: null })
          }
        },
      },
    }),
  ),

  broken(
    'writes no number in an update',
    'a phone number > S021 is given to an account when it is proved, and not before',
    ({ users }) => ({
      users: {
        update: (id, expected, { phone: _phone, ...patch }) => users.update(id, expected, patch),
      },
    }),
  ),

  broken(
    'keeps of a token’s data what is ASCII',
    'an account that an administrator opens > S018 waits for that, and has what it was registered with',
    ({ oneTimeTokens, users }) => ({
      oneTimeTokens: { put: (token) => oneTimeTokens.put({ ...token, data: ascii(token.data) }) },
      users: { insert: (user) => users.insert({ ...user, profile: {} }) },
    }),
  ),

  broken(
    'has one token of a user and purpose, whatever the slot',
    'an account that an administrator opens > S021 whose address was registered twice has none of the passwords',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: { put: (token) => oneTimeTokens.put({ ...token, slot: '' }) },
    }),
  ),

  broken(
    'takes a token that is gone for a failure',
    'S103 S112 a store that fails while an account is approved > after the verb: approving again or logging in goes on',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async take(linkHash, purpose, now) {
          await oneTimeTokens.take(linkHash, purpose, now)
          throw new Error('no row was changed')
        },
      },
    }),
  ),
]

function ascii<Data>(data: Data): Data {
  return JSON.parse(JSON.stringify(data).replace(/[^\x20-\x7e]/g, '?'))
}

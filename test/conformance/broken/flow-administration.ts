import { type BrokenStore, broken } from './broken-store.ts'
import { updateAnyway } from './flow-races.ts'

/** Each breaks what administrators rely on. */
export const brokenForAdministration: readonly BrokenStore[] = [
  broken(
    'counts everybody as an administrator',
    'administration > S090 keeps the last administrator',
    () => ({ users: { countAdmins: async () => 1 } }),
  ),

  broken(
    'counts administrators who leave',
    'S090 fifty attempts at once to take the administrators away > leave one of two, on one node',
    ({ users }) => ({
      users: {
        update: (id, version, { leavingAdmin, ...patch }) => users.update(id, version, patch),
      },
    }),
  ),

  broken(
    'takes characters of a search for patterns',
    'administration > S094 lists accounts page by page, each once',
    ({ users }) => ({
      users: {
        list: (query) => users.list({ ...query, prefix: query.prefix?.split('_')[0] || null }),
      },
    }),
  ),

  broken(
    'begins every page anew',
    'administration > S094 lists accounts page by page, each once',
    ({ users }) => ({ users: { list: (query) => users.list({ ...query, after: null }) } }),
  ),

  broken(
    'updates whatever the version is',
    'S112 fifty who accept one invitation at once > open the account once, on two nodes',
    ({ users }) => ({
      users: { update: (id, expected, patch) => updateAnyway(users, id, expected, patch) },
    }),
  ),

  broken(
    'takes no mark from an administrator',
    'S103 S090 a store that fails while an administrator is taken away > by other roles, before the verb',
    ({ users }) => ({
      users: {
        update: (id, version, { leavingAdmin, ...patch }) =>
          users.update(id, version, { ...patch, ...(leavingAdmin === true && { leavingAdmin }) }),
      },
    }),
  ),

  broken(
    'keeps the first invitation that it was given',
    'S103 a store that fails while somebody is invited > by an administrator, after the verb',
    ({ oneTimeTokens }) => ({
      oneTimeTokens: {
        async put(token) {
          const { userId, purpose, createdAt } = token
          const kept = await oneTimeTokens.list(userId, purpose, createdAt, 1)
          return kept.length === 0 ? oneTimeTokens.put(token) : token.attemptsLeft
        },
      },
    }),
  ),

  broken(
    'keeps the roles of an account in another order',
    'an account that the application makes > is open at once, with its roles in its tokens',
    ({ users }) => ({
      users: {
        insert: (user) => users.insert({ ...user, roles: user.roles.toSorted().reverse() }),
      },
    }),
  ),

  broken(
    'forgets that roles have moved',
    'S090 what is done to somebody while a call of theirs is under way > takes the role that they give themselves',
    ({ users }) => ({
      users: {
        update: (id, version, { claimsVersion, ...patch }) => users.update(id, version, patch),
      },
    }),
  ),

  broken(
    'forgets that credentials have moved',
    'S103 a store that fails while an administrator changes an account > by another address, after the verb',
    ({ users }) => ({
      users: {
        update: (id, version, { credentialEpoch, ...patch }) => users.update(id, version, patch),
      },
    }),
  ),

  broken(
    'forgets in which session somebody acts',
    'administration > S034 acts in the name of a user, for as long as they are logged in',
    ({ sessions }) => ({
      sessions: { insert: (session) => sessions.insert({ ...session, actorSessionId: null }) },
    }),
  ),

  broken(
    'keeps no trace of who acts in the name of a user',
    'administration > S034 acts in the name of a user, for as long as the right lasts',
    ({ sessions }) => ({
      sessions: { insert: (session) => sessions.insert({ ...session, actorId: null }) },
    }),
  ),
]

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
    'keeps no trace of who acts in the name of a user',
    'administration > S034 acts in the name of a user, for as long as the right lasts',
    ({ sessions }) => ({
      sessions: { insert: (session) => sessions.insert({ ...session, actorId: null }) },
    }),
  ),
]

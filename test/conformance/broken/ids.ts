import type { Store } from '@latchkey/core'
import { type BrokenStore, broken, type Faults } from './broken-store.ts'

const SECTION = 'an id that nobody has finds nothing, changes nothing and throws nothing'
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/

/** The verbs that take the id of a user or session, and what they make of it. */
const VERBS: Readonly<Record<string, (store: Store, read: (id: string) => string) => Faults>> = {
  'users.find': ({ users }, read) => ({ users: { find: async (id) => users.find(read(id)) } }),
  'users.update': ({ users }, read) => ({
    users: { update: async (id, ...rest) => users.update(read(id), ...rest) },
  }),
  'users.clearFailedLogins': ({ users }, read) => ({
    users: { clearFailedLogins: async (id) => users.clearFailedLogins(read(id)) },
  }),
  'users.countAdmins': ({ users }, read) => ({
    users: {
      countAdmins: async ({ role, except }) =>
        users.countAdmins({ role, except: except === null ? null : read(except) }),
    },
  }),
  'sessions.find': ({ sessions }, read) => ({
    sessions: { find: async (id) => sessions.find(read(id)) },
  }),
  'sessions.listByUser': ({ sessions }, read) => ({
    sessions: { listByUser: async (id, now) => sessions.listByUser(read(id), now) },
  }),
  'sessions.rotate': ({ sessions }, read) => ({
    sessions: { rotate: async (id, ...rest) => sessions.rotate(read(id), ...rest) },
  }),
  'sessions.confirm': ({ sessions }, read) => ({
    sessions: { confirm: async (id, ...rest) => sessions.confirm(read(id), ...rest) },
  }),
  'sessions.revoke': ({ sessions }, read) => ({
    sessions: { revoke: async (id, ...rest) => sessions.revoke(read(id), ...rest) },
  }),
  'sessions.revokeAll': ({ sessions }, read) => ({
    sessions: { revokeAll: async (id, ...rest) => sessions.revokeAll(read(id), ...rest) },
  }),
  'sessions.evictBeyond': ({ sessions }, read) => ({
    sessions: { evictBeyond: async (id, ...rest) => sessions.evictBeyond(read(id), ...rest) },
  }),
  'oneTimeTokens.list': ({ oneTimeTokens }, read) => ({
    oneTimeTokens: { list: async (id, ...rest) => oneTimeTokens.list(read(id), ...rest) },
  }),
  'oneTimeTokens.tryCode': ({ oneTimeTokens }, read) => ({
    oneTimeTokens: { tryCode: async (id, ...rest) => oneTimeTokens.tryCode(read(id), ...rest) },
  }),
  'events.list, about a user': ({ events }, read) => ({
    events: {
      list: async ({ userId, ...rest }) =>
        events.list({ ...rest, userId: userId === null ? null : read(userId) }),
    },
  }),
  'events.list, by an actor': ({ events }, read) => ({
    events: {
      list: async ({ actorId, ...rest }) =>
        events.list({ ...rest, actorId: actorId === null ? null : read(actorId) }),
    },
  }),
  'sessions.revokeAll, as the one to keep': ({ sessions }, read) => ({
    sessions: {
      async revokeAll(userId, { id, ...keep }, ...rest) {
        await sessions.revokeAll(userId, { ...keep, id: id === null ? null : read(id) }, ...rest)
      },
    },
  }),
}

export const brokenIds: readonly BrokenStore[] = Object.entries(VERBS).flatMap(
  ([verb, reading]) => [
    broken(`${verb}: rejects an id that is no UUID`, `${SECTION} > ${verb}`, (store) =>
      reading(store, (id) => {
        if (!UUID.test(id)) throw new Error('invalid input syntax for type uuid')
        return id
      }),
    ),
    broken(`${verb}: compares ids as a collation does`, `${SECTION} > ${verb}`, (store) =>
      reading(store, (id) => id.trimEnd().toLowerCase()),
    ),
  ],
)

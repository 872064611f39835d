import { randomUUID } from 'node:crypto'
import type { SessionRotation } from '@latchkey/core'
import type { SqlStore } from '@latchkey/sql-store'
import { eventQueries, userQueries } from './list-queries.ts'
import { anEvent, aSession, aToken, aUser, LATER, NOW } from './records.ts'

/** Calls every verb of the store, in every form that makes another statement. Says each before it calls it. */
export async function callEveryVerb(store: SqlStore, say: (verb: string) => void): Promise<void> {
  for (const [verb, call] of Object.entries(calls)) {
    say(verb)
    await call(store)
  }
}

const userId = randomUUID()
const sessionId = randomUUID()
const nobody = randomUUID()
const keepAll = { id: null, credentialEpoch: null }
const seen = { now: NOW, idleExpiresAt: LATER, touchBefore: NOW }

const user = aUser({
  id: userId,
  email: `${userId}@example.com`,
  username: userId,
  phone: userId,
})

const session = aSession(userId, { id: sessionId })

const rotation: SessionRotation = {
  generation: 2,
  parentGeneration: 1,
  recent: [],
  confirmedGeneration: 1,
  burntBelow: 0,
  lastSeenAt: NOW,
  idleExpiresAt: LATER,
}

const token = aToken(userId, { linkHash: userId })

const event = anEvent({ userId, sessionId })

/** Before all events: of those that a test has made none goes. */
const LONG_AGO = new Date(0)

const calls: Record<string, (store: SqlStore) => Promise<unknown>> = {
  'users.insert': ({ users }) => users.insert(user),
  'users.find': ({ users }) => users.find(userId),
  'users.findByIdentifier (email)': ({ users }) =>
    users.findByIdentifier({ kind: 'email', value: userId }),
  'users.findByIdentifier (username)': ({ users }) =>
    users.findByIdentifier({ kind: 'username', value: userId }),
  'users.findByIdentifier (phone)': ({ users }) =>
    users.findByIdentifier({ kind: 'phone', value: userId }),
  'users.update': ({ users }) =>
    users.update(userId, 1, { status: 'active', credentialEpoch: 1, updatedAt: LATER }),
  'users.countFailedLogin (email)': ({ users }) =>
    users.countFailedLogin({ kind: 'email', value: userId }),
  'users.countFailedLogin (username)': ({ users }) =>
    users.countFailedLogin({ kind: 'username', value: userId }),
  'users.countFailedLogin (phone)': ({ users }) =>
    users.countFailedLogin({ kind: 'phone', value: userId }),
  'users.clearFailedLogins': ({ users }) => users.clearFailedLogins(userId),
  'users.countAdmins': ({ users }) => users.countAdmins({ role: 'admin', except: nobody }),
  ...listing('users.list', userQueries, ({ users }, query) => users.list(query)),
  'users.listDueForDeletion': ({ users }) => users.listDueForDeletion(NOW, 10),
  'sessions.insert': ({ sessions }) => sessions.insert(session),
  'sessions.find': ({ sessions }) => sessions.find(sessionId),
  'sessions.listByUser': ({ sessions }) => sessions.listByUser(userId, NOW),
  'sessions.confirm (to be written)': ({ sessions }) => sessions.confirm(sessionId, 1, seen),
  'sessions.confirm (to be read)': ({ sessions }) => sessions.confirm(sessionId, 1, seen),
  'sessions.rotate': ({ sessions }) =>
    sessions.rotate(sessionId, { generation: 1, unconfirmed: false }, rotation),
  'sessions.rotate (unconfirmed)': ({ sessions }) =>
    sessions.rotate(
      sessionId,
      { generation: 2, unconfirmed: true },
      { ...rotation, generation: 3 },
    ),
  'sessions.evictBeyond': ({ sessions }) => sessions.evictBeyond(userId, 5, NOW),
  'sessions.revoke': ({ sessions }) => sessions.revoke(sessionId, 'logout', NOW),
  'sessions.revokeAll': ({ sessions }) =>
    sessions.revokeAll(userId, keepAll, 'password_changed', NOW),
  'sessions.revokeAll (but some)': ({ sessions }) =>
    sessions.revokeAll(userId, { id: sessionId, credentialEpoch: 1 }, 'password_changed', NOW),
  'oneTimeTokens.put': ({ oneTimeTokens }) => oneTimeTokens.put(token),
  'oneTimeTokens.find': ({ oneTimeTokens }) => oneTimeTokens.find(userId, 'reset_password', NOW),
  'oneTimeTokens.list': ({ oneTimeTokens }) => oneTimeTokens.list(userId, 'reset_password', NOW, 2),
  'oneTimeTokens.tryCode': ({ oneTimeTokens }) =>
    oneTimeTokens.tryCode(userId, 'reset_password', NOW),
  'oneTimeTokens.take': ({ oneTimeTokens }) => oneTimeTokens.take(userId, 'reset_password', NOW),
  'events.append': ({ events }) => events.append([event]),
  ...listing('events.list', eventQueries, ({ events }, query) => events.list(query)),
  revokedSince: (store) => store.revokedSince(null),
  prune: (store) =>
    store.prune({ now: NOW, endedBefore: NOW, pendingBefore: NOW, eventsBefore: LONG_AGO }),
}

/** Lists by each of the queries. */
function listing<Query>(
  verb: string,
  queries: Readonly<Record<string, Query>>,
  list: (store: SqlStore, query: Query) => Promise<unknown>,
): typeof calls {
  const entries = Object.entries(queries).map(([title, query]) => {
    const call = (store: SqlStore) => list(store, query)
    return [`${verb} (${title})`, call] as const
  })
  return Object.fromEntries(entries)
}

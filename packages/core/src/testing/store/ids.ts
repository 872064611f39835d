import type { Store } from '../../store.ts'
import { expectEqual } from '../assertions.ts'
import { eventsWhere } from '../queries.ts'
import { anEvent, aRotation, aSession, aToken, at, aUser, HOUR } from './records.ts'
import { rule, section } from './rule.ts'
import { tokenNow } from './stored-records.ts'

/** An id of user, session and token alike: nothing but the case of its letters tells it from another. */
const ID = '01900000-abcd-7000-8000-00000000abcd'

/** What cannot be an id, or is not this one: requests may ask for any text. */
function strangeForms(id: string): Readonly<Record<string, string>> {
  return {
    'the empty text': '',
    'a word': 'abc',
    'the id in upper case': id.toUpperCase(),
    'the id with a space behind it': `${id} `,
    'the id with a space before it': ` ${id}`,
    'the id without dashes': id.replaceAll('-', ''),
    'the id in braces': `{${id}}`,
    'the beginning of the id': id.slice(0, 8),
    'a wildcard': '%',
    'a number': '0',
    SQL: `' OR '1'='1`,
    'a query operator': '$ne',
    'letters of four bytes': '💡',
    'long text': 'a'.repeat(300),
  }
}

const SEEN = { now: at(1), idleExpiresAt: at(HOUR), touchBefore: at(1) }
const ALL = { id: null, credentialEpoch: null }

/** What each verb that takes an id does with one that nobody has: it does not throw. */
const VERBS: Readonly<Record<string, readonly [(store: Store, id: string) => unknown, unknown]>> = {
  'users.find': [({ users }, id) => users.find(id), null],
  'users.update': [({ users }, id) => users.update(id, 1, { roles: [] }), null],
  'users.clearFailedLogins': [
    async ({ users }, id) => {
      await users.clearFailedLogins(id)
    },
    undefined,
  ],
  'users.countAdmins': [({ users }, except) => users.countAdmins({ role: 'admin', except }), 1],
  'sessions.find': [({ sessions }, id) => sessions.find(id), null],
  'sessions.listByUser': [({ sessions }, id) => sessions.listByUser(id, at(0)), []],
  'sessions.rotate': [
    ({ sessions }, id) => sessions.rotate(id, { generation: 1, unconfirmed: false }, aRotation()),
    false,
  ],
  'sessions.confirm': [({ sessions }, id) => sessions.confirm(id, 1, SEEN), null],
  'sessions.revoke': [({ sessions }, id) => sessions.revoke(id, 'logout', at(1)), false],
  'sessions.revokeAll': [
    async ({ sessions }, id) => {
      await sessions.revokeAll(id, ALL, 'revoked', at(1))
    },
    undefined,
  ],
  'sessions.evictBeyond': [({ sessions }, id) => sessions.evictBeyond(id, 0, at(1)), 0],
  'oneTimeTokens.list': [
    ({ oneTimeTokens }, id) => oneTimeTokens.list(id, 'activate', at(0), 10),
    [],
  ],
  'oneTimeTokens.tryCode': [
    ({ oneTimeTokens }, id) => oneTimeTokens.tryCode(id, 'activate', at(0)),
    null,
  ],
  'events.list, about a user': [({ events }, userId) => events.list(eventsWhere({ userId })), []],
  'events.list, by an actor': [({ events }, actorId) => events.list(eventsWhere({ actorId })), []],
}

const finding = section('an id that nobody has finds nothing, changes nothing and throws nothing', [
  ...Object.entries(VERBS).map(([verb, [call, answer]]) =>
    rule(verb, async (store) => {
      const user = aUser({ id: ID, roles: ['admin'], failedLogins: 1, lockedUntil: at(1) })
      const session = aSession(ID, { id: ID })
      const token = aToken(ID)
      const event = anEvent({ userId: ID, actorId: ID })
      await store.users.insert(user)
      await store.sessions.insert(session)
      await store.oneTimeTokens.put(token)
      await store.events.append([event])
      for (const [what, id] of Object.entries(strangeForms(ID))) {
        expectEqual(await call(store, id), answer, what)
      }
      expectEqual(await store.sessions.find(ID), { session, user })
      expectEqual(await tokenNow(store, token), token)
    }),
  ),

  rule('sessions.revokeAll, as the one to keep', async (store) => {
    for (const [index, what] of Object.keys(strangeForms(ID)).entries()) {
      const session = aSession(ID, { id: ID.replace(/.$/, index.toString(16)) })
      await store.sessions.insert(session)
      const id = strangeForms(session.id)[what] ?? ''
      const keep = { id, credentialEpoch: null }
      await store.sessions.revokeAll(ID, keep, 'revoked', at(1))
      expectEqual(await store.sessions.listByUser(ID, at(1)), [], what)
    }
  }),
])

export const idSections = [finding]

import type { Session, UserPatch } from '../../records.ts'
import type { Revocations, Store } from '../../store.ts'
import { expectEqual, expectTrue } from '../assertions.ts'
import { fifty, MANY, race } from './race.ts'
import { aRotation, at, HOUR } from './records.ts'
import { rule, section } from './rule.ts'
import { storedSession, storedSessions, storedUser } from './stored-records.ts'

const ALL = { id: null, credentialEpoch: null }

const ENDINGS: Readonly<Record<string, (store: Store, session: Session) => Promise<unknown>>> = {
  revoke: ({ sessions }, { id }) => sessions.revoke(id, 'logout', at(-HOUR)),
  revokeAll: ({ sessions }, { userId }) =>
    sessions.revokeAll(userId, ALL, 'password_reset', at(HOUR)),
  evictBeyond: ({ sessions }, { userId }) => sessions.evictBeyond(userId, 0, at(1)),
}

const MOVES: Readonly<Record<string, UserPatch>> = {
  'was disabled': { status: 'disabled' },
  'was deleted': { status: 'deleted', username: null, credentialEpoch: 1 },
  'changed credentials': { credentialEpoch: 1 },
  'has other claims': { claimsVersion: 1 },
  'has other claims and credentials': { claimsVersion: 3, credentialEpoch: 2, roles: ['staff'] },
}

const telling = section('revokedSince', [
  ...Object.entries(ENDINGS).map(([verb, end]) =>
    rule(`tells the sessions that ${verb} ended`, async (store) => {
      const { session } = await storedSession(store)
      const { cursor } = await store.revokedSince(null)
      await end(store, session)
      expectHeard(await store.revokedSince(cursor), { sessions: [session.id] })
    }),
  ),

  ...Object.entries(MOVES).map(([what, patch]) =>
    rule(`tells the user who ${what}, with their counters`, async (store) => {
      const { id } = await storedUser(store)
      const { cursor } = await store.revokedSince(null)
      await store.users.update(id, 1, patch)
      const { credentialEpoch = 0, claimsVersion = 0 } = patch
      const { users } = await store.revokedSince(cursor)
      const told = users.filter((user) => user.id === id)
      expectEqual(told.at(-1), { id, credentialEpoch, claimsVersion })
    }),
  ),

  rule('tells the last counters of a user who moved more than once', async (store) => {
    const { id } = await storedUser(store)
    const { cursor } = await store.revokedSince(null)
    for (const epoch of [1, 2, 3]) {
      const patch = { credentialEpoch: epoch, claimsVersion: 10 * epoch }
      await store.users.update(id, epoch, patch)
    }
    const { users } = await store.revokedSince(cursor)
    const last = users.filter((user) => user.id === id).at(-1)
    expectEqual(last, { id, credentialEpoch: 3, claimsVersion: 30 })
  }),

  rule('starts anew with a cursor and what is recent', async (store) => {
    const { session, user } = await storedSession(store)
    await store.sessions.revoke(session.id, 'logout', at(0))
    await store.users.update(user.id, 1, { credentialEpoch: 1 })
    const news = await store.revokedSince(null)
    expectHeard(news, { sessions: [session.id], users: [user.id] })
    expectEqual(typeof news.cursor, 'string')
  }),

  rule('says nothing of what revokes nothing', async (store) => {
    const { session, user } = await storedSession(store)
    const email = { kind: 'email', value: user.email ?? '' } as const
    await store.users.update(user.id, 1, { passwordHash: 'rehashed', profile: { a: 1 } })
    await store.users.countFailedLogin(email)
    await store.users.clearFailedLogins(user.id)
    const seen = { now: at(1), idleExpiresAt: at(HOUR), touchBefore: at(0) }
    await store.sessions.confirm(session.id, 1, seen)
    await store.sessions.rotate(session.id, { generation: 1, unconfirmed: false }, aRotation())
    const { sessions, users } = await store.revokedSince(null)
    expectEqual({ sessions, users }, { sessions: [], users: [] })
  }),

  rule('tells however many ended since the cursor', async (store) => {
    const sessions = await storedSessions(
      store,
      Array.from({ length: 1100 }, () => ({})),
    )
    const { cursor } = await store.revokedSince(null)
    await store.sessions.revokeAll(sessions[0]?.userId ?? '', ALL, 'password_reset', at(0))
    const news = await store.revokedSince(cursor)
    expectHeard(news, { sessions: sessions.map(({ id }) => id) })
  }),
])

const cursors = section('revokedSince, cursors', [
  rule('belong to nobody: another node with the same cursor hears the same', async (store) => {
    const { session, user } = await storedSession(store)
    const { cursor } = await store.revokedSince(null)
    await store.sessions.revoke(session.id, 'logout', at(0))
    await store.users.update(user.id, 1, { credentialEpoch: 1 })
    for (const _ of ['one node', 'another', 'a third']) {
      const news = await store.revokedSince(cursor)
      expectHeard(news, { sessions: [session.id], users: [user.id] })
    }
  }),

  rule('go on from each answer, and leave nothing out between two', async (store) => {
    const sessions = await storedSessions(
      store,
      [1, 2, 3, 4, 5].map(() => ({})),
    )
    let { cursor } = await store.revokedSince(null)
    const first = cursor
    for (const { id } of sessions) {
      await store.sessions.revoke(id, 'logout', at(0))
      const news = await store.revokedSince(cursor)
      expectHeard(news, { sessions: [id] })
      cursor = news.cursor
    }
    expectHeard(await store.revokedSince(first), { sessions: sessions.map(({ id }) => id) })
  }),

  rule('take no time from a caller', async (store) => {
    const times = [new Date('2999-01-01T00:00:00Z'), at(0), at(-9 * HOUR), new Date(0)]
    const found = await Promise.all(times.map(() => storedSession(store)))
    let { cursor } = await store.revokedSince(null)
    for (const [index, { session, user }] of found.entries()) {
      const time = times[index] ?? at(0)
      await store.sessions.revoke(session.id, 'logout', time)
      await store.users.update(user.id, 1, { credentialEpoch: 1, updatedAt: time })
      const news = await store.revokedSince(cursor)
      expectHeard(news, { sessions: [session.id], users: [user.id] })
      cursor = news.cursor
    }
  }),

  rule(`leave out none of ${MANY} sessions and users that end meanwhile`, async (store) => {
    const found = await Promise.all(fifty(() => storedSession(store)))
    const heard = new Set<string>()
    let { cursor } = await store.revokedSince(null)
    const poll = async () => {
      const news = await store.revokedSince(cursor)
      cursor = news.cursor
      for (const id of [...news.sessions, ...news.users.map((user) => user.id)]) heard.add(id)
    }
    const ending = race(store, found, async ({ session, user }) => {
      await store.sessions.revoke(session.id, 'logout', at(0))
      await store.users.update(user.id, 1, { credentialEpoch: 1 })
    })
    for (let polls = 0; polls < 20; polls += 1) await poll()
    await ending
    await poll()
    const ended = found.flatMap(({ session, user }) => [session.id, user.id])
    expectEqual([...heard].sort(), ended.sort())
  }),
])

export const revokedSinceSections = [telling, cursors]

/** The answer names them all; it may name more, and more than once. */
function expectHeard(
  news: Revocations,
  expected: { readonly sessions: readonly string[]; readonly users?: readonly string[] },
): void {
  const users = news.users.map(({ id }) => id)
  const told = new Set([...news.sessions, ...users])
  const missing = [...expected.sessions, ...(expected.users ?? [])].filter((id) => !told.has(id))
  expectTrue(missing.length === 0, `it leaves out ${missing.length}: ${missing[0]}`)
}
